"""The relations of schemas/invariants.json that tie amounts together, as equations over the places of a payload."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from wireshape.catalog import invariants
from wireshape.model import InstancePath

Equation = tuple[tuple[int, InstancePath], ...]
"""Places with 1 or -1: what stands there adds up to about nothing."""

Row = dict[str, Any]


def equations(schemas: Path, payload: Any) -> Iterator[Equation]:
    """Yield every equation that may hold in a payload, in whatever mode: whether it does is for the caller to see."""
    for row in invariants.load(schemas) if isinstance(payload, dict) else ():
        yield from _EQUATIONS.get(row["form"], _none)(row, payload)


def bounds(schemas: Path, payload: Any) -> Iterator[tuple[InstancePath, InstancePath]]:
    """Yield the places of what is at most something, and of that."""
    for row in invariants.load(schemas) if isinstance(payload, dict) else ():
        if row["form"] == "at-most":
            for index in _indices(payload, row["each"]):
                yield (row["each"], index, row["field"]), (row["each"], index, row["bound"])


def _indices(payload: Row, name: str) -> list[int]:
    rows = payload.get(name)
    return [i for i, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []


def _where(payload: Row, rule: Row) -> int | None:
    wanted = rule["where"].items()
    return next((i for i in _indices(payload, rule["each"]) if wanted <= payload[rule["each"]][i].items()), None)


def _sum(rule: Row, payload: Row) -> Iterator[Equation]:
    for index in _indices(payload, rule["each"]):
        at = (rule["each"], index)
        yield ((1, (*at, rule["field"])), *((-1, (*at, term)) for term in rule["terms"]))


def _totals(rule: Row, payload: Row) -> Iterator[Equation]:
    index = _where(payload, rule)
    if index is None:
        return
    for total, field in rule["pairs"].items():
        yield ((1, (total,)), (-1, (rule["each"], index, field)))


def _remainder(rule: Row, payload: Row) -> Iterator[Equation]:
    index = _where(payload, rule)
    if index is None:
        return
    patterns = {name: re.compile(pattern + r"\Z") for name, pattern in rule["parts-where"].items()}
    parts = [
        (1, (rule["parts"], i, rule["part"]))
        for i in _indices(payload, rule["parts"])
        if all(pattern.search(str(payload[rule["parts"]][i].get(name))) for name, pattern in patterns.items())
    ]
    at = (rule["each"], index)
    yield ((1, (*at, rule["field"])), (-1, (*at, rule["whole"])), *parts)


def _none(_: Row, __: Row) -> Iterator[Equation]:
    yield from ()


_EQUATIONS: dict[str, Callable[[Row, Row], Iterator[Equation]]] = {
    "sum": _sum,
    "totals": _totals,
    "remainder": _remainder,
}
