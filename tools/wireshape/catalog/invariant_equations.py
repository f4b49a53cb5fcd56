"""The relations of schemas/invariants.json that tie amounts together, as equations over the places of a payload."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from wireshape.catalog import invariants
from wireshape.catalog.invariants import InvariantKind, Row
from wireshape.model import InstancePath


class Term(NamedTuple):
    """What stands at a path from the payload, times 1 or -1."""

    sign: int
    path: InstancePath


@dataclass(frozen=True, kw_only=True, slots=True)
class Equation:
    """Terms that add up to nothing, or to as many units of the eighth place as rounding explains."""

    terms: tuple[Term, ...]
    units: int


class Bound(NamedTuple):
    """What stands at `path` is at most what stands at `limit`, both from the payload."""

    path: InstancePath
    limit: InstancePath


def equations(schemas: Path, payload: Any) -> Iterator[Equation]:
    """Yield every equation that may hold in a payload, in whatever mode: whether it does is for the caller to see."""
    for invariant in invariants.load(schemas) if isinstance(payload, dict) else ():
        if invariant.kind in _EQUATIONS:
            yield from _EQUATIONS[invariant.kind](invariant.fields, payload)


def bounds(schemas: Path, payload: Any) -> Iterator[Bound]:
    """Yield what is at most something else."""
    for invariant in invariants.load(schemas) if isinstance(payload, dict) else ():
        if invariant.kind is InvariantKind.AT_MOST:
            each, field, limit = (invariant.fields[name] for name in ("each", "field", "bound"))
            for index in _indices(payload, each):
                yield Bound((each, index, field), (each, index, limit))


def _indices(payload: Row, name: str) -> list[int]:
    rows = payload.get(name)
    return [i for i, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []


def _where(fields: Mapping[str, Any], payload: Row) -> int | None:
    wanted = fields["where"].items()
    rows = payload.get(fields["each"], ())
    return next((i for i in _indices(payload, fields["each"]) if wanted <= rows[i].items()), None)


def _sum(fields: Mapping[str, Any], payload: Row) -> Iterator[Equation]:
    for index in _indices(payload, fields["each"]):
        at = (fields["each"], index)
        parts = [Term(-1, (*at, term)) for term in fields["terms"]]
        yield Equation(terms=(Term(1, (*at, fields["field"])), *parts), units=len(parts))


def _totals(fields: Mapping[str, Any], payload: Row) -> Iterator[Equation]:
    index = _where(fields, payload)
    if index is None:
        return
    for total, field in fields["pairs"].items():
        yield Equation(terms=(Term(1, (total,)), Term(-1, (fields["each"], index, field))), units=1)


def _remainder(fields: Mapping[str, Any], payload: Row) -> Iterator[Equation]:
    index = _where(fields, payload)
    if index is None:
        return
    patterns = {name: re.compile(pattern + r"\Z") for name, pattern in fields["parts-where"].items()}
    parts = [
        Term(1, (fields["parts"], i, fields["part"]))
        for i in _indices(payload, fields["parts"])
        if all(pattern.search(str(payload[fields["parts"]][i].get(name))) for name, pattern in patterns.items())
    ]
    at = (fields["each"], index)
    terms = (Term(1, (*at, fields["field"])), Term(-1, (*at, fields["whole"])), *parts)
    yield Equation(terms=terms, units=len(parts))


_EQUATIONS: dict[InvariantKind, Callable[[Mapping[str, Any], Row], Iterator[Equation]]] = {
    InvariantKind.SUM: _sum,
    InvariantKind.TOTALS: _totals,
    InvariantKind.REMAINDER: _remainder,
}
