"""What differs between two editions of an example: another language, or an older capture of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wireshape.model import Path

_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    type(None): "null",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One difference: kind is missing, added, type, value, rows or order; base and current what either side has."""

    kind: str
    path: Path
    base: Any
    current: Any


def differences(base: Any, current: Any, path: Path = ()) -> Iterator[Difference]:
    """Yield what differs, by path: rows by their index, members by key, whatever their order."""
    if type(base) is not type(current):
        yield Difference(kind="type", path=path, base=_TYPES[type(base)], current=_TYPES[type(current)])
    elif isinstance(base, dict):
        yield from _of_objects(base, current, path)
    elif isinstance(base, list):
        for index, (mine, other) in enumerate(zip(base, current, strict=False)):
            yield from differences(mine, other, (*path, index))
        if len(base) != len(current):
            yield Difference(kind="rows", path=path, base=_rows(len(base)), current=_rows(len(current)))
    elif base != current:
        yield Difference(kind="value", path=path, base=base, current=current)


def _of_objects(base: dict[str, Any], current: dict[str, Any], path: Path) -> Iterator[Difference]:
    for key, value in base.items():
        if key in current:
            yield from differences(value, current[key], (*path, key))
        else:
            yield Difference(kind="missing", path=(*path, key), base=value, current=None)
    for key, value in current.items():
        if key not in base:
            yield Difference(kind="added", path=(*path, key), base=None, current=value)
    mine, others = [key for key in base if key in current], [key for key in current if key in base]
    if mine != others:
        first, instead = next((a, b) for a, b in zip(mine, others, strict=True) if a != b)
        said = (f"{first} before {instead}", f"{instead} before {first}")
        yield Difference(kind="order", path=(*path, instead), base=said[0], current=said[1])


def _rows(count: int) -> str:
    return f"{count} row{'s' if count != 1 else ''}"
