"""What differs between two editions of an example: another language, or an older capture of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wireshape.jsontext.types import BY_PYTHON_TYPE
from wireshape.model import InstancePath
from wireshape.pages.vocabulary import RowKey

RowKeys = tuple[RowKey, ...]
"""In the order in which they are tried."""

_MAX_NAMES = 4
"""Names that are listed before the rest is counted."""


class DifferenceKind(StrEnum):
    """What differs, and so what base and current of a difference hold: where nothing is said, the JSON value."""

    MISSING = "missing"
    ADDED = "added"
    TYPE = "type"
    """JsonType."""
    VALUE = "value"
    ROWS = "rows"
    """RowCount."""
    ORDER = "order"
    """RowOrder or MemberOrder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowCount:
    """How many rows an array has in one edition, and the names of those that the other edition lacks."""

    count: int
    only_here: tuple[str, ...]

    def __str__(self) -> str:
        rows = f"{self.count} row{'s' if self.count != 1 else ''}"
        return f"{rows} ({_listed(self.only_here)} only here)" if self.only_here else rows


@dataclass(frozen=True, kw_only=True, slots=True)
class RowOrder:
    """The names of the rows of an array, in the order of one edition."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return _listed(self.names)


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberOrder:
    """Two members of an object in the order of one edition."""

    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.first} before {self.second}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One difference at a path: kind says what base and current hold, None where one of them lacks the member."""

    kind: DifferenceKind
    path: InstancePath
    base: Any
    current: Any


def differences(base: Any, current: Any, row_keys: RowKeys, path: InstancePath = ()) -> Iterator[Difference]:
    """Yield what differs: members are compared by key, rows by index, or by their names where their number differs."""
    if type(base) is not type(current):
        before, after = BY_PYTHON_TYPE[type(base)], BY_PYTHON_TYPE[type(current)]
        yield Difference(kind=DifferenceKind.TYPE, path=path, base=before, current=after)
    elif isinstance(base, dict):
        yield from _of_objects(base, current, row_keys, path)
    elif isinstance(base, list):
        yield from _of_arrays(base, current, row_keys, path)
    elif base != current:
        yield Difference(kind=DifferenceKind.VALUE, path=path, base=base, current=current)


def _of_objects(
    base: dict[str, Any], current: dict[str, Any], row_keys: RowKeys, path: InstancePath
) -> Iterator[Difference]:
    for key, value in base.items():
        if key in current:
            yield from differences(value, current[key], row_keys, (*path, key))
        else:
            yield Difference(kind=DifferenceKind.MISSING, path=(*path, key), base=value, current=None)
    for key, value in current.items():
        if key not in base:
            yield Difference(kind=DifferenceKind.ADDED, path=(*path, key), base=None, current=value)
    shared = zip((key for key in base if key in current), (key for key in current if key in base), strict=True)
    for key, other in shared:
        if key != other:
            before, after = MemberOrder(first=key, second=other), MemberOrder(first=other, second=key)
            yield Difference(kind=DifferenceKind.ORDER, path=(*path, other), base=before, current=after)
            break


def _of_arrays(base: list[Any], current: list[Any], row_keys: RowKeys, path: InstancePath) -> Iterator[Difference]:
    key = next((each for each in row_keys if _is_unique(each, base) and _is_unique(each, current)), None)
    mine, others = _by_name(base, key), _by_name(current, key)
    reordered = mine.keys() == others.keys() and list(mine) != list(others)
    if reordered or len(base) != len(current):
        pairs = {index: mine[name] for name, index in others.items() if name in mine}
    else:
        # As many rows in both: what is another row in one place is a row with other values.
        pairs = {index: index for index in range(len(current))}
    for index, base_index in pairs.items():
        yield from differences(base[base_index], current[index], row_keys, (*path, index))
    if reordered:
        order, other_order = RowOrder(names=tuple(mine)), RowOrder(names=tuple(others))
        yield Difference(kind=DifferenceKind.ORDER, path=path, base=order, current=other_order)
    if len(base) != len(current):
        before = RowCount(count=len(base), only_here=tuple(name for name in mine if name not in others))
        after = RowCount(count=len(current), only_here=tuple(name for name in others if name not in mine))
        yield Difference(kind=DifferenceKind.ROWS, path=path, base=before, current=after)


def _is_unique(key: RowKey, rows: list[Any]) -> bool:
    return len(_by_name(rows, key)) == len(rows)


def _by_name(rows: list[Any], key: RowKey | None) -> dict[str, int]:
    """Give the index of each row by its name: the strings that it has for a key, or without one its index."""
    if key is None:
        return {str(index): index for index in range(len(rows))}
    named: dict[str, int] = {}
    for index, row in enumerate(rows):
        parts = [row[member] for member in key if isinstance(row.get(member), str)] if isinstance(row, dict) else []
        if len(parts) == len(key):
            named[" ".join(parts)] = index
    return named


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more
