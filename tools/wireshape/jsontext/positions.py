"""Where values stand in a JSON text: found by walking it once, however many are wanted."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from wireshape.model import InstancePath

_SPACE = re.compile(r"[ \t\r\n]*")


class Position(NamedTuple):
    """A place in a text: line and column, both from 1, in characters."""

    line: int
    column: int


class Lines:
    """Lines and columns of one text, asked for one after another: what was counted is not counted again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known = [0]
        self._breaks = {0: 0}

    def position(self, offset: int) -> Position:
        """Give line and column of an offset."""
        place = bisect_right(self._known, offset)
        before = self._known[place - 1]
        if before != offset:
            self._breaks[offset] = self._breaks[before] + self._text.count("\n", before, offset)
            self._known.insert(place, offset)
        return Position(self._breaks[offset] + 1, offset - self._text.rfind("\n", 0, offset))


def offsets(text: str, paths: Iterable[InstancePath], *, repeated: bool = False) -> dict[InstancePath, int]:
    """Give the offset of the value at each path, or of the deepest part of the path that exists.

    Where keys are repeated, that of the last of its name: parsers keep it.
    """
    search = _Search(text=text, repeated=repeated)
    search.seek(skip_space(text, 0), (), set(paths))
    return search.found


class _Search:
    """One walk over a text; `found` has the offsets so far."""

    def __init__(self, *, text: str, repeated: bool) -> None:
        self.found: dict[InstancePath, int] = {}
        self._text = text
        self._repeated = repeated
        self._decoder = _skipping()

    def seek(self, start: int, at: InstancePath, wanted: set[InstancePath]) -> None:
        """Note where the wanted paths at or below one value start; what is absent is where its parent is."""
        self.found.update(dict.fromkeys(wanted, start))
        below: dict[str | int, set[InstancePath]] = {}
        for path in wanted:
            if len(path) > len(at):
                below.setdefault(path[len(at)], set()).add(path)
        for step, offset in self._starts(start, below.keys() if below else ()):
            self.seek(offset, (*at, step), below[step])

    def _starts(self, start: int, steps: Collection[str | int]) -> Iterator[tuple[str | int, int]]:
        """Yield where these members or items of a container start; it is walked no further than it has to be."""
        last: dict[str | int, int] = {}
        for child in _children(self._text, start, self._decoder) if steps else ():
            if child.step in steps:
                last[child.step] = child.start
                if len(last) == len(steps) and not self._repeated:
                    break
        yield from last.items()


class Index:
    """Offsets of values in one text, asked for one after another: no container is walked twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = _skipping()
        self._known: dict[int, dict[str | int, int]] = {}

    def offset(self, path: InstancePath) -> int:
        """Give the offset of the value at a path, or of the deepest part of the path that exists."""
        at = skip_space(self._text, 0)
        for step in path:
            if at not in self._known:
                self._known[at] = {each.step: each.start for each in _children(self._text, at, self._decoder)}
            if step not in self._known[at]:
                break
            at = self._known[at][step]
        return at

    def end(self, start: int) -> int:
        """Give the offset behind the value that begins at an offset."""
        return self._decoder.raw_decode(self._text, start)[1]


def _skipping() -> json.JSONDecoder:
    """Give a decoder that values are skipped with: Python refuses to make integers of many digits."""
    return json.JSONDecoder(parse_int=str, parse_float=str)


def skip_space(text: str, at: int) -> int:
    """Give the offset behind the whitespace at an offset."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


@dataclass(frozen=True, slots=True)
class _Child:
    step: str | int
    start: int


def _children(text: str, at: int, decoder: json.JSONDecoder) -> Iterator[_Child]:
    """Yield the members or items of the container at an offset; each is skipped at the C parser's speed."""
    opening = text[at]
    if opening not in "{[":
        return
    at = skip_space(text, at + 1)
    index = 0
    while text[at] not in "}]":
        step: str | int = index
        if opening == "{":
            step, end = decoder.raw_decode(text, at)
            at = skip_space(text, skip_space(text, end) + 1)
        yield _Child(step, at)
        _, end = decoder.raw_decode(text, at)
        at = skip_space(text, end)
        if text[at] == ",":
            at = skip_space(text, at + 1)
        index += 1
