"""Paths inside a JSON value: how they are written, and what stands at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from wireshape.model import InstancePath

ROWS = "[]"
"""The step of a collapsed path that stands for every row of an array."""

NAMELESS = '""'
"""How a member whose name is empty is written."""

_STEP = re.compile(r"\[\]|(?:[^.\[]|\[(?!\]))+")


class Absent:
    """What stands where an object lacks a member; there is one of it, ABSENT."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


class Instance(NamedTuple):
    """One place that a collapsed path stands for, and what is there: ABSENT where its object lacks it."""

    path: InstancePath
    value: Any


def collapse(path: InstancePath) -> str:
    """Write a path with its indices collapsed: `positions[].leverage`."""
    return _written(path, lambda _: ROWS)


def sample(path: InstancePath) -> str:
    """Write a path with its indices: `positions[17].leverage`."""
    return _written(path, lambda index: f"[{index}]")


def join(path: str, name: str) -> str:
    """Write the path of a member; one without a name shows as two quotes."""
    return f"{path}.{name or NAMELESS}" if path else name or NAMELESS


def at(value: Any, path: InstancePath) -> Any:
    """Give what stands at a path of a parsed value, None where nothing does."""
    for step in path:
        if isinstance(value, str):  # its characters are no places in it
            return None
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def column(value: Any, path: InstancePath) -> Iterator[Any]:
    """Yield what stands at a path in every row: an index in the path stands for all of them."""
    for depth, step in enumerate(path):
        if isinstance(step, int):
            for row in value if isinstance(value, list) else ():
                yield from column(row, path[depth + 1 :])
            return
        if not isinstance(value, dict) or step not in value:
            return
        value = value[step]
    yield value


def instances(value: Any, collapsed: str) -> list[Instance]:
    """List every place a collapsed path stands for, in the order of the value."""
    found: list[tuple[InstancePath, Any]] = [((), value)]
    for step in _STEP.findall(collapsed):
        found = _rows(found) if step == ROWS else _members(found, "" if step == NAMELESS else step)
    return [Instance(path, there) for path, there in found]


def _rows(found: list[tuple[InstancePath, Any]]) -> list[tuple[InstancePath, Any]]:
    return [((*path, i), row) for path, value in found if isinstance(value, list) for i, row in enumerate(value)]


def _members(found: list[tuple[InstancePath, Any]], name: str) -> list[tuple[InstancePath, Any]]:
    """Give a member of each object; where an object is absent itself, the place stays that of the object."""
    return [
        ((*path, name), value.get(name, ABSENT)) if isinstance(value, dict) else (path, value)
        for path, value in found
        if isinstance(value, dict) or value is ABSENT
    ]


def _written(path: InstancePath, index: Callable[[int], str]) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += index(step)
        else:
            text = join(text, step)
    return text
