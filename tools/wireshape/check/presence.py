"""What of an answer is there or missing against its time: by the history, and by the other rows of one array."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain, groupby
from typing import Any

from wireshape.catalog import contracts, history
from wireshape.catalog.contracts import Contract
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.history import ALWAYS, Interval, State
from wireshape.check import walk
from wireshape.check.as_of import AsOf
from wireshape.check.walk import Rows
from wireshape.findings.violation import RowShare, SchemaNode, Violation
from wireshape.jsontext import paths
from wireshape.jsontext.paths import ABSENT
from wireshape.model import Endpoint, InstancePath, Mode

_PARTIAL = "field-partial"
_MISSING = "field-missing"
_ABSENT = "field-absent"
_TIME = "milliseconds"
_LAST = 10**13
"""Milliseconds since 1970 that no time of an answer reaches: the year 2286."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """An answer in its envelope, and by what it is judged: endpoint and modes, the day and the catalogue of then."""

    value: Any
    endpoint: Endpoint
    modes: Sequence[Mode]
    catalog: Catalog
    as_of: AsOf

    def contracts(self) -> list[Contract]:
        """Give the contract of each mode."""
        return [contracts.load(self.catalog, self.endpoint, mode) for mode in self.modes]

    def interval(self, path: InstancePath, mode: Mode | None = None) -> Interval:
        """Give the interval in which the field at a path was there, in a mode or the first."""
        known = history.load(self.catalog.schemas).of_fields(self.endpoint, mode or self.modes[0])
        return known.get(paths.collapse(contracts.payload_path(self.endpoint, path)), ALWAYS)


def find(judged: Judged) -> list[Violation]:
    """List what rows of one array disagree on in any mode, and in all modes what the history does not expect."""
    by_mode = [list(_in_mode(judged, *each)) for each in zip(judged.modes, judged.contracts(), strict=True)]
    shared = set.intersection(*({(each.rule, each.path) for each in found} for found in by_mode))
    listed = {
        (each.rule, each.path): each
        for each in chain.from_iterable(by_mode)
        if each.rule == _PARTIAL or (each.rule, each.path) in shared
    }
    return [*_of_the_whole(judged), *listed.values()]


def _of_the_whole(judged: Judged) -> Iterator[Violation]:
    """Yield where endpoint or mode were not yet, or no more, there on the day that is stated."""
    if judged.as_of.outside:
        said = f"the answer is of {judged.as_of.stated}, a day on which the endpoint is not known to have answered"
        yield Violation(rule="history-outdated", detail=said, note="if it did, schemas/history.json should say so")
    elif judged.as_of.shows and len(judged.modes) == 1 and judged.modes[0] not in judged.endpoint.modes:
        mode = judged.modes[0]
        said = f"the answer is of {judged.as_of.stated}, a day on which mode {mode} is not known to have been there"
        yield Violation(rule="history-outdated", detail=said, note="if it was, schemas/history.json should say so")


def _in_mode(judged: Judged, mode: Mode, contract: Contract) -> Iterator[Violation]:
    for _, groups in groupby(walk.rows(contract.schema, judged.value), _array):
        alike = list(groups)
        schema = alike[0].schema
        required = schema.get("required", ())
        for name in schema.get("properties", ()):
            if name not in required:
                yield from _of_field(judged, mode, alike, name)


def _array(rows: Rows) -> InstancePath:
    """Give the array that rows stand in, or the object itself."""
    return rows.path[:-1] if rows.path and isinstance(rows.path[-1], int) else rows.path


def _of_field(judged: Judged, mode: Mode, alike: Sequence[Rows], name: str) -> Iterator[Violation]:
    """Yield what is wrong with a field that the contract does not require, in objects that should be alike."""
    having = [rows for rows in alike if name in rows.first]
    lacking = [rows for rows in alike if name not in rows.first]
    there, missing = (sum(rows.count for rows in group) for group in (having, lacking))
    interval = judged.interval((*alike[0].path, name), mode)
    state = interval.state(judged.as_of.day)
    if having and lacking:
        whole = there + missing
        yield Violation(
            rule=_PARTIAL,
            path=(*lacking[0].path, name),
            expected=(RowShare(whole, whole),),
            actual=(RowShare(there, whole),),
            count=missing,
        )
    elif lacking and state is State.PRESENT and interval is not ALWAYS and judged.as_of.wire:
        wanted = (SchemaNode(alike[0].schema["properties"][name]),)
        path = (*lacking[0].path, name)
        yield Violation(rule=_ABSENT, path=path, expected=wanted, actual=(ABSENT,), count=missing)
    if having and state is State.ABSENT and judged.as_of.shows:
        note = f"{_known(interval)}; with this answer, schemas/history.json can be widened"
        yield Violation(rule="history-outdated", path=(*having[0].path, name), note=note, count=there)


def _known(interval: Interval) -> str:
    absent, gone = interval.absent_until, interval.gone_since
    said = [f"known to be absent until {absent}"] if absent else []
    return " and ".join([*said, *([f"gone since {gone}"] if gone else [])])


def dated(violations: Iterable[Violation], judged: Judged) -> Iterator[Violation]:
    """Say of what is missing since when it is there; where the day is unknown, how to judge as of an older one."""
    undated = judged.as_of.stated is None
    newest: list[date | None] = []
    for violation in violations:
        interval = judged.interval(violation.path) if violation.rule in {_MISSING, _ABSENT} else ALWAYS
        since = interval.present_since
        if interval is ALWAYS or not since or (violation.rule == _MISSING and not undated):
            yield violation
            continue
        newest = newest or [_newest(judged)]
        older = undated and (newest[0] is None or newest[0] < since)
        said = [f"there since {since} at the latest"] if older or violation.rule == _ABSENT else []
        said += [f"for an older answer pass --as-of {newest[0] or 'DATE'}"] if older else []
        yield replace(violation, note="; ".join(filter(None, (violation.note, *said))) or None)


def _newest(judged: Judged) -> date | None:
    """Give the day of the newest time in an answer: it cannot be older. None where it has no time."""
    leaves = judged.contracts()[0].leaves()
    times = [
        time
        for path, schema in leaves.items()
        if str(schema.get("x-form", "")).startswith(_TIME)
        for time in paths.column(judged.value, path)
        if type(time) is int and 0 < time < _LAST
    ]
    return datetime.fromtimestamp(max(times) / 1000, UTC).date() if times else None
