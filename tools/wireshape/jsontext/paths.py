"""Paths inside a JSON value: how they are written, and what stands at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wireshape.model import InstancePath

ROWS = "[]"
"""The step of a collapsed path that stands for every row of an array."""

_STEP = re.compile(r"\[\]|(?:[^.\[]|\[(?!\]))+")


class Absent:
    """What stands where an object lacks a member; there is one of it, ABSENT."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Instance:
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
    """Write the path of a member; one without a name shows as such."""
    return f"{path}.{name}" if path else name or '""'


def at(value: Any, path: InstancePath) -> Any:
    """Give what stands at a path of a parsed value, None where nothing does."""
    for step in path:
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


def instances(value: Any, collapsed: str) -> Iterator[Instance]:
    """Yield every place a collapsed path stands for."""
    yield from _instances(value, _STEP.findall(collapsed), ())


def _instances(value: Any, steps: list[str], at: InstancePath) -> Iterator[Instance]:
    if not steps:
        yield Instance(at, value)
        return
    step, *rest = steps
    if step == ROWS:
        for index, row in enumerate(value) if isinstance(value, list) else ():
            yield from _instances(row, rest, (*at, index))
    elif isinstance(value, dict):
        if step in value:
            yield from _instances(value[step], rest, (*at, step))
        else:
            yield Instance((*at, step), ABSENT)


def _written(path: InstancePath, index: Callable[[int], str]) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += index(step)
        else:
            text += f".{step}" if text else step
    return text
