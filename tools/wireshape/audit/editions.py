"""What differs between two editions of an example: another language, or an older capture of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wireshape.model import InstancePath

_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    type(None): "null",
}

Rows = tuple[tuple[str, ...], ...]
"""Members that tell a row from the others of its array, the best first."""
_SHOWN = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One difference: kind is missing, added, type, value, rows or order; base and current what either side has."""

    kind: str
    path: InstancePath
    base: Any
    current: Any


def differences(base: Any, current: Any, rows: Rows, path: InstancePath = ()) -> Iterator[Difference]:
    """Yield what differs, by path: members by key whatever their order, rows by index, or by what tells them apart."""
    if type(base) is not type(current):
        yield Difference(kind="type", path=path, base=_TYPES[type(base)], current=_TYPES[type(current)])
    elif isinstance(base, dict):
        yield from _of_objects(base, current, rows, path)
    elif isinstance(base, list):
        yield from _of_arrays(base, current, rows, path)
    elif base != current:
        yield Difference(kind="value", path=path, base=base, current=current)


def _of_arrays(base: list[Any], current: list[Any], rows: Rows, path: InstancePath) -> Iterator[Difference]:
    mine, others = _told_apart(base, current, rows)
    moved = mine.keys() == others.keys() and list(mine) != list(others)
    if len(base) == len(current) and not moved:
        # As many rows in both: what is another row in one place is a row with other values.
        for index, (before, now) in enumerate(zip(base, current, strict=True)):
            yield from differences(before, now, rows, (*path, index))
        return
    for name, index in others.items():
        if name in mine:
            yield from differences(base[mine[name]], current[index], rows, (*path, index))
    if moved:
        yield Difference(kind="order", path=path, base=_listed(mine), current=_listed(others))
    if len(base) != len(current):
        lost, new = [n for n in mine if n not in others], [n for n in others if n not in mine]
        yield Difference(kind="rows", path=path, base=_rows(len(base), lost), current=_rows(len(current), new))


def _told_apart(base: list[Any], current: list[Any], rows: Rows) -> tuple[dict[str, int], dict[str, int]]:
    """Name the rows of both sides by the first members that tell all of them apart, else by their index."""
    for members in rows:
        named = [_names(side, members) for side in (base, current)]
        if all(len(names) == len(side) for names, side in zip(named, (base, current), strict=True)):
            return named[0], named[1]
    return {str(i): i for i in range(len(base))}, {str(i): i for i in range(len(current))}


def _names(side: list[Any], members: tuple[str, ...]) -> dict[str, int]:
    named = {}
    for index, row in enumerate(side):
        parts = [row.get(member) for member in members] if isinstance(row, dict) else [None]
        if all(isinstance(part, str) for part in parts):
            named[" ".join(map(str, parts))] = index
    return named


def _of_objects(base: dict[str, Any], current: dict[str, Any], rows: Rows, path: InstancePath) -> Iterator[Difference]:
    for key, value in base.items():
        if key in current:
            yield from differences(value, current[key], rows, (*path, key))
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


def _rows(count: int, alone: list[str]) -> str:
    """Word how many rows one side has, and which of them the other side lacks."""
    return f"{count} row{'s' if count != 1 else ''}{f' ({_listed(alone)} only here)' if alone else ''}"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else "")
