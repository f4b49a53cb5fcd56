"""What must hold between the values of one answer: the rows of schemas/invariants.json."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.catalog import amounts, data_files, endpoints
from wireshape.catalog.data_files import DataDefect
from wireshape.errors import nearest

Row = dict[str, Any]

_FILE = "invariants.json"
_PATTERNS = ("pattern", "symbol")


class InvariantKind(StrEnum):
    """What has to hold between the fields that an invariant names."""

    SUM = "sum"
    TOTALS = "totals"
    COLUMN = "column"
    PRODUCT = "product"
    RATE = "rate"
    NEAR = "near"
    AT_MOST = "at-most"
    LEAST_OF = "least-of"
    EQUALS = "equals"
    SAME_SIGN = "same-sign"
    SIGN_BY = "sign-by"
    POSITIVE = "positive"
    NOT_NEGATIVE = "not-negative"
    ZERO = "zero"
    WITHIN = "within"
    FORM = "form"
    UNIQUE = "unique"
    SAME_IN = "same-in"
    SAME_SET = "same-set"
    APART = "apart"
    EMPTY_TOGETHER = "empty-together"
    NOT_EMPTY = "not-empty"
    HAS_ROW = "has-row"
    NOT_AFTER = "not-after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Which rows an invariant is about: those with some fields 0, not 0, equal, with these values, without those."""

    zero: tuple[str, ...] = ()
    nonzero: tuple[str, ...] = ()
    equal: tuple[str, ...] = ()
    exactly: tuple[tuple[str, Any], ...] = ()
    unless: tuple[tuple[str, Any], ...] = ()

    @property
    def always(self) -> bool:
        """Whether every row is meant."""
        return not self.names

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that decide."""
        return (*self.zero, *self.nonzero, *self.equal, *dict(self.exactly), *dict(self.unless))

    def holds(self, row: Row) -> bool:
        """Tell whether a row is meant; a row without one of the fields is not, except for those of unless."""
        number = amounts.number
        for name, value in self.exactly:
            if row.get(name) != value:
                return False
        for name, value in self.unless:
            if row.get(name) == value:
                return False
        for name in self.zero:
            if number(row.get(name)) != 0:
                return False
        for name in self.nonzero:
            if not number(row.get(name)):
                return False
        return self._are_equal(row)

    def _are_equal(self, row: Row) -> bool:
        equal = {amounts.number(row.get(name)) for name in self.equal}
        return len(equal) <= 1 and None not in equal


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOn:
    """On how many bodies that came off the wire an invariant held, and on how many of their rows or sums."""

    bodies: int
    places: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Invariant:
    """One row; `when` names the product, margin mode, position mode or membership of positions it is limited to.

    `fields` names the fields it is about, under the keys that schemas/invariants.schema.json has for its kind. `each`
    is the array whose rows it is about, None for the payload itself. `doubt` says why it may not hold after all.
    """

    id: str
    statement: str
    kind: InvariantKind
    when: Mapping[str, str]
    each: str | None
    condition: Condition
    fields: Mapping[str, Any]
    doubt: str | None
    held_on: HeldOn

    def rows(self, payload: Row) -> Iterable[tuple[int, Row]]:
        """Give the rows of its array that are objects, with their numbers."""
        return objects(payload, self.each or "")

    def named(self, payload: Row) -> tuple[int, Row] | None:
        """Give the row that `where` names."""
        wanted = self.fields["where"].items()
        return next(((index, row) for index, row in self.rows(payload) if wanted <= row.items()), None)


def objects(payload: Row, name: str) -> Iterable[tuple[int, Row]]:
    """Give the rows of an array that are objects, with their numbers."""
    rows = payload.get(name)
    if not isinstance(rows, list):
        return ()
    if set(map(type, rows)) <= {dict}:
        return enumerate(rows)
    return ((index, row) for index, row in enumerate(rows) if isinstance(row, dict))


@cache
def load(schemas: Path) -> tuple[Invariant, ...]:
    """Read the invariants of a schema folder; ContractError says where they are wrong."""
    rows = data_files.read(schemas, _FILE)["invariants"]
    data_files.refuse_file(schemas, _FILE, _defects(schemas, rows))
    return tuple(map(_invariant, rows))


def _invariant(row: Row) -> Invariant:
    known = {"id", "statement", "kind", "when", "each", "if", "doubt", "held-on"}
    condition = row.get("if", {})
    return Invariant(
        id=row["id"],
        statement=row["statement"],
        kind=InvariantKind(row["kind"]),
        when=row.get("when", {}),
        each=row.get("each"),
        condition=Condition(
            zero=tuple(condition.get("zero", ())),
            nonzero=tuple(condition.get("nonzero", ())),
            equal=tuple(condition.get("equal", ())),
            exactly=tuple(condition.get("is", {}).items()),
            unless=tuple(condition.get("unless", {}).items()),
        ),
        fields={key: value for key, value in row.items() if key not in known},
        doubt=row.get("doubt"),
        held_on=HeldOn(bodies=row["held-on"]["bodies"], places=row["held-on"]["places"]),
    )


def _defects(schemas: Path, rows: list[Row]) -> Iterator[DataDefect]:
    """Yield what no schema can say: ids that come twice, modes that no endpoint has, patterns that are none."""
    known: dict[str, set[str]] = {"product": set(), "margin": set(), "position": set(), "positions": set()}
    for endpoint in endpoints.load(schemas).endpoints:
        known["product"].add(endpoint.product)
        known["positions"].add(endpoint.positions)
        known["position"].update(mode.position for mode in endpoint.modes)
        known["margin"].update(mode.margin for mode in endpoint.modes if mode.margin)
    ids = [row["id"] for row in rows]
    for number, row in enumerate(rows):
        at = ("invariants", number)
        if row["id"] in ids[:number]:
            yield DataDefect(path=(*at, "id"), reason=f"a second invariant {row['id']!r}")
        for name, wanted in row.get("when", {}).items():
            if wanted not in known[name]:
                reason = f"no endpoint has {wanted!r}{nearest(wanted, known[name])}"
                yield DataDefect(path=(*at, "when", name), reason=reason)
        for name in _PATTERNS:
            try:
                re.compile(row.get(name, ""))
            except re.error as error:
                yield DataDefect(path=(*at, name), reason=f"no regular expression: {error}")
