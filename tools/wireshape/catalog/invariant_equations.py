"""The relations of schemas/invariants.json that tie amounts together, as equations over the places of a payload."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from wireshape.catalog import amounts, invariants
from wireshape.catalog.invariants import Invariant, InvariantKind, Row
from wireshape.jsontext import paths
from wireshape.model import InstancePath

_ASSET = "\0"
"""Stands for the code of an asset in a symbol."""
_LONGEST_SYMBOL = 100
"""Characters of a symbol that may be one."""


class Term(NamedTuple):
    """What stands at a path from the payload, times 1 or -1."""

    sign: int
    path: InstancePath


@dataclass(frozen=True, kw_only=True, slots=True)
class Equation:
    """Terms that add up to nothing, or to as many units of the eighth place as rounding explains.

    The first of them is the sum. One part that is not 0 is not rounded again; each further one may be.
    """

    terms: tuple[Term, ...]
    units: int

    @property
    def paths(self) -> tuple[InstancePath, ...]:
        """The places of its amounts, the sum first."""
        return tuple(path for _, path in self.terms)


class Weighed(NamedTuple):
    """An equation, and what its terms add up to."""

    equation: Equation
    total: Decimal

    @property
    def holds(self) -> bool:
        """Whether that is nothing, but for what rounding explains."""
        return abs(self.total) <= amounts.UNIT * self.equation.units


class Bound(NamedTuple):
    """What stands at `path` is at most what stands at `limit`, both from the payload."""

    path: InstancePath
    limit: InstancePath


def equations(schemas: Path, payload: Any) -> Iterator[Equation]:
    """Yield every equation that may hold in a payload, in whatever mode: whether it does is for the caller to see."""
    for invariant in invariants.load(schemas) if isinstance(payload, dict) else ():
        if invariant.kind in LINEAR:
            for terms in LINEAR[invariant.kind](invariant, payload):
                yield _equation(terms, _values(terms, payload))


def of(invariant: Invariant, payload: Row) -> Iterator[Weighed]:
    """Yield the equations of one invariant of a linear kind, those without an amount left out."""
    for terms in LINEAR[invariant.kind](invariant, payload):
        values = [value for value in _values(terms, payload) if value is not None]
        if len(values) == len(terms):
            signs = (term.sign for term in terms)
            signed = (value if sign > 0 else value.copy_negate() for sign, value in zip(signs, values, strict=True))
            yield Weighed(_equation(terms, values), amounts.add(signed))


def _equation(terms: tuple[Term, ...], values: Sequence[Decimal | None]) -> Equation:
    return Equation(terms=terms, units=max(0, sum(map(bool, values[1:])) - 1))


def _values(terms: Iterable[Term], payload: Row) -> list[Decimal | None]:
    return [amounts.number(paths.at(payload, term.path)) for term in terms]


def bounds(schemas: Path, payload: Any) -> Iterator[Bound]:
    """Yield what is at most something else."""
    for invariant in invariants.load(schemas) if isinstance(payload, dict) else ():
        if invariant.kind is InvariantKind.AT_MOST:
            limits = [invariant.fields["bound"]]
        elif invariant.kind is InvariantKind.LEAST_OF:
            limits = invariant.fields["of"]
        else:
            continue
        for at, _ in places(invariant, payload):
            yield from (Bound((*at, invariant.fields["field"]), (*at, limit)) for limit in limits)


def places(invariant: Invariant, payload: Row) -> Iterator[tuple[InstancePath, Row]]:
    """Yield the objects that an invariant is about, with their paths: rows of its array, or the payload itself."""
    found: Iterable[tuple[InstancePath, Row]] = [((), payload)]
    if invariant.each is not None:
        found = (((invariant.each, index), row) for index, row in invariant.rows(payload))
    condition = invariant.condition
    yield from found if condition.always else ((at, row) for at, row in found if condition.holds(row))


def _sum(invariant: Invariant, payload: Row) -> Iterator[tuple[Term, ...]]:
    for at, _ in places(invariant, payload):
        parts = [Term(-1, (*at, term)) for term in invariant.fields["terms"]]
        yield (Term(1, (*at, invariant.fields["field"])), *parts)


def _totals(invariant: Invariant, payload: Row) -> Iterator[tuple[Term, ...]]:
    found = invariant.named(payload)
    if found and invariant.each:
        for total, field in invariant.fields["pairs"].items():
            yield (Term(1, (total,)), Term(-1, (invariant.each, found[0], field)))


def _column(invariant: Invariant, payload: Row) -> Iterator[tuple[Term, ...]]:
    """Yield for each asset that its field is the sum of a field of its positions, or a whole less that sum."""
    fields, whole = invariant.fields, invariant.fields.get("whole")
    rows = [(at, code) for at, asset in places(invariant, payload) if isinstance(code := asset.get("asset"), str)]
    codes = {code for _, code in rows if code in fields.get("assets", (code,))}
    settled = _settled(invariant, payload, codes)
    for at, code in rows:
        if code not in codes:
            continue
        parts = [Term(1 if whole else -1, part) for part in _parts(invariant, settled.get(code, ()))]
        if bool(parts) is not fields.get("alone", False):
            yield (Term(1, (*at, fields["field"])), *([Term(-1, (*at, whole))] if whole else ()), *parts)


def _settled(invariant: Invariant, payload: Row, codes: Collection[str]) -> dict[str, list[tuple[int, Row]]]:
    """List the positions that are settled in each asset, by the form of their symbols; no symbol is looked at twice."""
    pattern = _symbols(invariant.fields["symbol"])
    lengths = sorted({len(code) for code in codes if code})
    found: dict[str, list[tuple[int, Row]]] = {}
    for index, row in invariants.objects(payload, invariant.fields["parts"]):
        symbol = row.get("symbol")
        if isinstance(symbol, str) and len(symbol) <= _LONGEST_SYMBOL:
            for code in _within(symbol, codes, lengths, pattern):
                found.setdefault(code, []).append((index, row))
    return found


def _within(symbol: str, codes: Collection[str], lengths: Iterable[int], pattern: re.Pattern[str]) -> set[str]:
    """Name the assets that a symbol has at the place that its pattern asks for."""
    return {
        symbol[start : start + length]
        for length in lengths
        for start in range(len(symbol) - length + 1)
        if symbol[start : start + length] in codes
        and pattern.fullmatch(f"{symbol[:start]}{_ASSET}{symbol[start + length :]}")
    }


@cache
def _symbols(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("ASSET", _ASSET))


def _parts(invariant: Invariant, rows: Collection[tuple[int, Row]]) -> list[InstancePath]:
    """List what is summed of the positions settled in an asset.

    With parts-zero, only where every row has that field, and it leaves some out.
    """
    fields, only = invariant.fields, invariant.fields.get("parts-zero")
    deciding = [amounts.number(row.get(only)) for _, row in rows] if only else []
    if only and (None in deciding or not any(deciding)):
        return []
    parts = [index for index, row in rows if only is None or amounts.number(row.get(only)) == 0]
    return [(fields["parts"], index, fields["part"]) for index in parts]


LINEAR: dict[InvariantKind, Callable[[Invariant, Row], Iterator[tuple[Term, ...]]]] = {
    InvariantKind.SUM: _sum,
    InvariantKind.TOTALS: _totals,
    InvariantKind.COLUMN: _column,
}
"""The kinds that say what adds up."""
