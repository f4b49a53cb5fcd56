"""Puts the rows of long arrays in another order: in a list of everything, its place would name each symbol again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SPACE = re.compile(r"[ \t\r\n]*")
# An array of fewer names holds what an account has, and not all there is in the order of the exchange.
_MIN_NAMES = 13
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # Python refuses to read very long integers

Order = Callable[[str], int]
"""Gives the rank of a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Child:
    key: str | int
    start: int
    end: int


def shuffled(text: str, payload: str | None, members: frozenset[str], order: Order) -> str:
    """Order the rows of the payload's long arrays by the names that these members give them, and stably."""
    for array in reversed(_arrays(text, payload)):
        rows = list(_children(text, array))
        names = [_name(text, row, members) or "" for row in rows]
        if len(set(names)) >= _MIN_NAMES:
            ranks = [order(name) for name in names]
            text = _moved(text, rows, sorted(range(len(rows)), key=ranks.__getitem__))
    return text


def _arrays(text: str, payload: str | None) -> list[int]:
    """Give where the payload's arrays begin, the payload itself if it is one."""
    start = _skip(text, 1 if text.startswith("\ufeff") else 0)
    places = [start]
    if payload is not None:
        places = [child.start for child in _children(text, start) if child.key == payload]
    found = [place for place in places if text[place] == "["]
    return found or [child.start for place in places for child in _children(text, place) if text[child.start] == "["]


def _moved(text: str, rows: list[_Child], order: list[int]) -> str:
    """Put the text of other rows where each row stands, and leave what is between them."""
    parts, done = [], 0
    for row, index in zip(rows, order, strict=True):
        parts += [text[done : row.start], text[rows[index].start : rows[index].end]]
        done = row.end
    return "".join([*parts, text[done:]])


def _name(text: str, row: _Child, members: frozenset[str]) -> str | None:
    value, _ = _DECODER.raw_decode(text, row.start)
    if not isinstance(value, dict):
        return None
    return next((name for key, name in value.items() if key in members and isinstance(name, str)), None)


def _children(text: str, start: int) -> Iterator[_Child]:
    """Yield what an object or an array holds; nothing of anything else."""
    opening = text[start]
    if opening not in "{[":
        return
    at = _skip(text, start + 1)
    index = 0
    while text[at] not in "}]":
        key: str | int = index
        if opening == "{":
            key, end = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, end) + 1)
        _, end = _DECODER.raw_decode(text, at)
        yield _Child(key=key, start=at, end=end)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
