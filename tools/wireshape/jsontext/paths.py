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


def names(value: Any) -> Iterator[str]:
    """Yield the names of all members of a value, however deep."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from names(member)
    elif isinstance(value, list):
        for row in value:
            yield from names(row)


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


Rows = dict[tuple[str, ...], list[Instance]]
"""The rows of the arrays of one value, by the steps of their collapsed path."""


def instances(value: Any, collapsed: str, known: Rows | None = None) -> list[Instance]:
    """List every place a collapsed path stands for, in the order of the value; known keeps the rows for other paths."""
    steps = tuple(_STEP.findall(collapsed))
    known = {} if known is None else known
    done = next((number for number in range(len(steps), 0, -1) if steps[:number] in known), 0)
    found = known[steps[:done]] if done else [Instance((), value)]
    for number, step in enumerate(steps[done:], done + 1):
        if step == ROWS:
            found = known[steps[:number]] = _rows(found)
        else:
            found = _members(found, "" if step == NAMELESS else step)
    return found


def _rows(found: list[Instance]) -> list[Instance]:
    return [
        Instance((*path, i), row) for path, value in found if isinstance(value, list) for i, row in enumerate(value)
    ]


def _members(found: list[Instance], name: str) -> list[Instance]:
    """Give a member of each object; where an object is absent itself, the place stays that of the object."""
    return [
        Instance((*path, name), value.get(name, ABSENT)) if isinstance(value, dict) else Instance(path, value)
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
