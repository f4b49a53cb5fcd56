"""Finds places in a JSON value by JSON Pointer (RFC 6901), in which `*` is every member and `**` any depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from wireshape.errors import InputError, UsageError
from wireshape.model import InstancePath

EVERY = "*"
"""The step that stands for every member or item."""
DEEP = "**"
"""The step that stands for any number of steps, none as well."""
MAX_STEPS = 2_000_000
"""Values that one search looks at: a file may say by aliases that it has far more."""

SOON = 5_000
"""Values by which a format is recognized."""


class Found(NamedTuple):
    """A place that a pointer leads to: its path, what is there, and the keys that its wildcards stand for."""

    path: InstancePath
    value: Any
    keys: tuple[str, ...] = ()


@cache
def parse(pointer: str) -> tuple[str, ...]:
    """Give the steps of a pointer; UsageError where it is none."""
    if pointer and not pointer.startswith("/"):
        raise UsageError(f"{pointer!r} is no JSON Pointer, which begins with /")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def find(value: Any, pointer: str) -> Iterator[Found]:
    """Yield every place a pointer leads to, in the order of the value; InputError where the search has no end."""
    for found in _walk(value, parse(pointer), MAX_STEPS):
        if found is None:
            raise InputError(f"more than {MAX_STEPS:,} values to look through")
        yield found


def first(value: Any, pointers: Sequence[str]) -> Any:
    """Give what stands at the first of some pointers that leads somewhere, None where none does; null is nothing."""
    for pointer in pointers:
        steps = parse(pointer)
        if _is_plain(steps):
            there = _below(value, steps)
            if there is not None and there.value is not None:
                return there.value
        else:
            for found in find(value, pointer):
                if found.value is not None:
                    return found.value
    return None


def exists(value: Any, pointers: str) -> bool:
    """Tell whether one of some pointers, written with | between them, leads somewhere soon."""
    return any(
        (_below(value, steps) if _is_plain(steps) else next(_walk(value, steps, SOON), None)) is not None
        for steps in _alternatives(pointers)
    )


@cache
def _alternatives(pointers: str) -> tuple[tuple[str, ...], ...]:
    return tuple(map(parse, pointers.split("|")))


def _walk(value: Any, steps: tuple[str, ...], most: int) -> Iterator[Found | None]:
    """Yield places, and None where there is more to look at than that."""
    if _is_plain(steps):
        if (found := _below(value, steps)) is not None:
            yield found
        return
    waiting = [iter([(Found((), value), 0)])]
    for _ in range(most):
        if not waiting:
            return
        here, done = next(waiting[-1], (None, 0))
        if here is None:
            waiting.pop()
        elif done == len(steps):
            yield here
        else:
            waiting.append(_next(here, steps, done))
    yield None


@cache
def _is_plain(steps: tuple[str, ...]) -> bool:
    return not {EVERY, DEEP} & set(steps)


def _below(value: Any, steps: tuple[str, ...]) -> Found | None:
    """Give the one place that steps without wildcards lead to."""
    path: list[str | int] = []
    for step in steps:
        if isinstance(value, dict) and step in value:
            path.append(step)
        elif isinstance(value, list) and step.isdecimal() and int(step[:9]) < len(value):
            path.append(int(step[:9]))
        else:
            return None
        value = value[path[-1]]
    return Found(tuple(path), value)


def _next(here: Found, steps: tuple[str, ...], done: int) -> Iterator[tuple[Found, int]]:
    step = steps[done]
    if step == DEEP:
        yield here, done + 1
        yield from ((below, done) for below in _members(here))
    elif step == EVERY:
        yield from (
            (Found(below.path, below.value, (*here.keys, str(below.path[-1]))), done + 1) for below in _members(here)
        )
    elif isinstance(here.value, dict) and step in here.value:
        yield Found((*here.path, step), here.value[step], here.keys), done + 1
    elif isinstance(here.value, list) and step.isdecimal() and int(step[:9]) < len(here.value):
        yield Found((*here.path, int(step[:9])), here.value[int(step[:9])], here.keys), done + 1


def _members(here: Found) -> Iterator[Found]:
    if isinstance(here.value, dict):
        yield from (Found((*here.path, key), each, here.keys) for key, each in here.value.items())
    elif isinstance(here.value, list):
        yield from (Found((*here.path, index), each, here.keys) for index, each in enumerate(here.value))
