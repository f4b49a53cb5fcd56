"""Where the rows of one array, or the account and its rows, break an invariant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from wireshape.catalog.amounts import number
from wireshape.catalog.contradiction import Contradiction
from wireshape.catalog.invariants import Invariant, InvariantKind, Row
from wireshape.model import InstancePath


def _unique(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    field, others = invariant.fields["field"], invariant.fields.get("with", ())
    seen = set()
    for index, row in invariant.rows(payload):
        key = tuple(row.get(name) for name in (field, *others))
        if not all(isinstance(value, str) for value in key):
            continue
        if key in seen:
            yield _contradiction(invariant, (invariant.each, index, field), "a row of its own", row[field])
        seen.add(key)


def _same_in(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    """Rows that share a field share others; of two that differ, nobody knows which is wrong, so the later is named."""
    first: dict[Any, Row] = {}
    for index, row in invariant.rows(payload):
        by = row.get(invariant.fields["by"])
        before = first.setdefault(by, row) if isinstance(by, str) else row
        for field in invariant.fields["fields"] if before is not row else ():
            mine, other = row.get(field), before.get(field)
            if type(mine) is type(other) and isinstance(mine, str | bool) and mine != other:
                path = (invariant.each, index, field)
                yield _contradiction(invariant, path, str(other).lower(), str(mine).lower())


def _same_set(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    """Hold the values that each has against those that most have; what is missing is missing in the array."""
    by, field = invariant.fields["by"], invariant.fields["field"]
    rows = [
        row for row in invariant.rows(payload) if isinstance(row[1].get(by), str) and isinstance(row[1].get(field), str)
    ]
    sets: dict[str, set[str]] = {}
    for _, row in rows:
        sets.setdefault(row[by], set()).add(row[field])
    usual, times = max(Counter(map(frozenset, sets.values())).items(), key=itemgetter(1), default=(frozenset(), 0))
    if times <= 1:
        return
    for index, row in rows:
        if row[field] not in usual:
            yield _contradiction(invariant, (invariant.each, index, field), " or ".join(sorted(usual)), row[field])
    for name, found in sets.items():
        if found < usual:
            expected, actual = (f"{name} {' and '.join(sorted(sides))}" for sides in (usual, found))
            yield _contradiction(invariant, (invariant.each,), expected, actual)


def _apart(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    found = invariant.named(payload)
    for total, field in invariant.fields["pairs"].items() if found else ():
        mine, theirs = number(payload.get(total)), number(found[1].get(field)) if found else None
        if mine and mine == theirs:
            yield _contradiction(invariant, (total,), "the value in USD", payload[total])


def _empty_together(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    present = [field for field in invariant.fields["fields"] if isinstance(payload.get(field), str)]
    empty = [field for field in present if payload[field] == ""]
    for field in empty if len(empty) < len(present) else ():
        yield _contradiction(invariant, (field,), "an amount, as the other totals have", "")


def _not_empty(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    if payload.get(invariant.each or "") == [] and _beside(invariant, payload):
        yield _contradiction(invariant, (invariant.each,), "at least one row", "none")


def _row_present(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    """Look for a row that amounts of the account are made of; an array without any row is another matter."""
    if any(True for _ in invariant.rows(payload)) and invariant.named(payload) is None and _beside(invariant, payload):
        wanted = " and ".join(f"{name} {value}" for name, value in invariant.fields["where"].items())
        yield _contradiction(invariant, (invariant.each,), f"a row with {wanted}", "none")


def _beside(invariant: Invariant, payload: Row) -> bool:
    """Tell whether an account field that asks for rows is not 0; if none is named, rows are always asked for."""
    names = invariant.fields.get("beside", ())
    return not names or any(number(payload.get(name)) for name in names)


def _contradiction(
    invariant: Invariant, path: tuple[str | int | None, ...], expected: str, actual: str
) -> Contradiction:
    at: InstancePath = tuple(step for step in path if step is not None)
    return Contradiction(invariant=invariant, path=at, expected=expected, actual=actual)


ARRAY_CHECKS: dict[InvariantKind, Callable[[Invariant, Row], Iterator[Contradiction]]] = {
    InvariantKind.UNIQUE: _unique,
    InvariantKind.SAME_IN: _same_in,
    InvariantKind.SAME_SET: _same_set,
    InvariantKind.APART: _apart,
    InvariantKind.EMPTY_TOGETHER: _empty_together,
    InvariantKind.NOT_EMPTY: _not_empty,
    InvariantKind.HAS_ROW: _row_present,
}
"""The kinds that say something of several objects."""
