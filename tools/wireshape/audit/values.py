"""What values of an example cannot be beside what its contract says: too old, too new, or of another account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from wireshape.catalog import amounts, contradictions, invariants
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.invariants import InvariantKind, Row
from wireshape.findings.violation import JsonValue, Violation
from wireshape.jsontext.paths import at
from wireshape.model import Endpoint, InstancePath, Mode
from wireshape.pages import facts
from wireshape.pages.facts import Facts, RetiredValue

_SETTLED = timedelta(days=2)
"""Days after its delivery in which a position of a contract may still change."""
_MONTH = timedelta(days=30)
_HUNDRED = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The answer that an example shows: its endpoint, mode and value, and its margin mode where that is sure.

    `day` is that of the page and `known_since` the first it can be of, both None where nothing tells it;
    `incomplete_paths` are what is shown in part.
    """

    endpoint: Endpoint
    mode: Mode
    margin: str | None
    value: Any
    day: date | None
    known_since: date | None
    incomplete_paths: frozenset[InstancePath]

    @property
    def prefix(self) -> InstancePath:
        """The path of the payload."""
        return (self.endpoint.payload,) if self.endpoint.payload else ()

    def is_since(self, day: date) -> bool:
        """Tell whether the page is of a day or later, as a page is that nothing dates."""
        return self.known_since is None or self.known_since >= day

    @property
    def payload(self) -> Row:
        """The payload, empty where there is none."""
        payload = at(self.value, self.prefix)
        return payload if isinstance(payload, dict) else {}


def find(account: Account, catalog: Catalog) -> Iterator[Violation]:
    """Yield what the values of an example cannot be."""
    known = facts.load(catalog.schemas)
    yield from _retired(account, known)
    yield from _expired(account, known, catalog)
    yield from _times(account, catalog)
    yield from _pool(account, known)


def _retired(account: Account, known: Facts) -> Iterator[Violation]:
    for each in known.retired:
        if account.endpoint.product in each.products and account.is_since(each.gone_since):
            yield from _of_value(account, each)


def _of_value(account: Account, retired: RetiredValue) -> Iterator[Violation]:
    for index, row in invariants.objects(account.payload, retired.each):
        if row.get(retired.field) == retired.value:
            path = (*account.prefix, retired.each, index, retired.field)
            yield Violation(
                rule="example-value-retired",
                path=path,
                actual=(JsonValue(retired.value),),
                detail=f"{retired.says}, {retired.gone_since} at the latest",
            )


def _expired(account: Account, known: Facts, catalog: Catalog) -> Iterator[Violation]:
    """Yield contracts delivered before the page, or before something else of the example; and changes after that."""
    rule, pattern = known.delivery, re.compile(known.delivery.pattern)
    fields = {each.fields["field"] for each in _time_invariants(catalog)}
    newest = max((_day(row.get(field)) or date.min for _, row, field in _times_of(account, catalog)), default=date.min)
    seen = account.known_since or newest
    for index, row in invariants.objects(account.payload, rule.each):
        named = row.get(rule.field)
        found = pattern.search(named) if isinstance(named, str) else None
        delivered = _date(*map(int, found.groups())) if found else None
        path = (*account.prefix, rule.each, index)
        if delivered and seen > delivered + _SETTLED:
            told = f"the contract was delivered on {delivered}"
            yield Violation(
                rule="example-value-retired", path=(*path, rule.field), actual=(JsonValue(named),), detail=told
            )
        for field in sorted(fields):
            changed = _day(row.get(field))
            if delivered and changed and changed > delivered + _SETTLED:
                yield Violation(
                    rule="example-time-impossible",
                    path=(*path, field),
                    expected=(f"at most {delivered}, the day of delivery",),
                    actual=(str(changed),),
                )


def _times(account: Account, catalog: Catalog) -> Iterator[Violation]:
    if account.day:
        # The first of a month may stand for all of it.
        latest = account.day + _MONTH if account.day.day == 1 else account.day
        for found in contradictions.of_the_future(catalog.schemas, account.payload, latest):
            path, actual = account.prefix + found.path, _day(at(account.payload, found.path))
            expected = (f"at most {latest}, the day of the page",)
            yield Violation(rule="example-time-impossible", path=path, expected=expected, actual=(str(actual),))


def _times_of(account: Account, catalog: Catalog) -> Iterator[tuple[InstancePath, Row, str]]:
    for each in _time_invariants(catalog):
        rows = invariants.objects(account.payload, each.each) if each.each else [(0, account.payload)]
        for index, row in rows:
            yield ((each.each, index) if each.each else ()), row, each.fields["field"]


def _time_invariants(catalog: Catalog) -> list[invariants.Invariant]:
    return [each for each in invariants.load(catalog.schemas) if each.kind is InvariantKind.NOT_AFTER]


def _day(value: Any) -> date | None:
    """Give the day of a time in milliseconds; 0 stands for never."""
    try:
        return datetime.fromtimestamp(value / 1000, UTC).date() if type(value) is int and value > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(2000 + year, month, day)
    except ValueError:
        return None


def _pool(account: Account, known: Facts) -> Iterator[Violation]:
    """Yield what is not shared where it has to be: the rows that differ from the account, else what they add up to."""
    pool = known.pool
    total = amounts.number(account.payload.get(pool.total))
    if account.margin != pool.margin or not total:
        return
    rows = [(index, row) for index, row in invariants.objects(account.payload, pool.each) if pool.name in row]
    shares = {index: amounts.number(row.get(pool.field)) for index, row in rows if row[pool.name] in pool.names}
    apart = [index for index, share in shares.items() if share is not None and _is_apart(share, total, pool.percent)]
    for index in apart:
        path = (*account.prefix, pool.each, index, pool.field)
        expected, actual = (f"about {account.payload[pool.total]}",), (str(dict(rows)[index][pool.field]),)
        yield Violation(
            rule="example-invariant-doubtful", path=path, expected=expected, actual=actual, detail=pool.shared
        )
    is_par = rows and len(shares) == len(rows) and set(shares.values()) == {total}
    parts = [amounts.number(row.get(pool.part)) for _, row in rows]
    whole = amounts.number(account.payload.get(pool.whole))
    summed = amounts.add([part for part in parts if part is not None])
    incomplete = (*account.prefix, pool.each) in account.incomplete_paths
    if is_par and whole is not None and None not in parts and not incomplete and whole != summed:
        yield Violation(
            rule="example-invariant-doubtful",
            path=(*account.prefix, pool.whole),
            expected=(amounts.plain(summed),),
            actual=(str(account.payload[pool.whole]),),
            detail=pool.added,
        )


def _is_apart(share: Decimal, total: Decimal, percent: int) -> bool:
    return abs(share - total) * _HUNDRED > abs(total) * percent
