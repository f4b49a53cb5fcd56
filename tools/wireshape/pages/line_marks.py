"""What stands before every line of an example and is no part of it: its number, or the mark of a quotation or diff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(
    r"""^[ \t]*(?P<mark>(?P<number>[0-9]{1,4})(?:[ \t]*[|:.)])?|[>+|])(?=[ \t\r\n{}\[\]"']|\Z)""",
    re.MULTILINE | re.VERBOSE,
)
_OPENING = re.compile(r"[ \t]*[{\[]")
_MIN_LINES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """The marks of lines that follow each other, as ranges of the text; sign is None for numbers."""

    sign: str | None
    ranges: tuple[range, ...]


def find(text: str, start: int, end: int) -> Iterator[Marks]:
    """Yield the marks of each run of lines that all have one of a kind, of which the first opens an example."""
    while match := _MARK.search(text, start, end):
        ranges = _run(text, match, end) if _OPENING.match(text, match.end(), end) else ()
        if len(ranges) >= _MIN_LINES:
            yield Marks(sign=None if match["number"] else match["mark"], ranges=ranges)
        start = max(match.end(), ranges[-1].stop if ranges else 0)


def blanked(text: str, found: list[Marks]) -> str:
    """Give a text with blanks instead of marks, so that all offsets stay."""
    pieces, done = [], 0
    for each in (each for marks in found for each in marks.ranges):
        pieces += [text[done : each.start], " " * len(each)]
        done = each.stop
    return "".join([*pieces, text[done:]])


def _run(text: str, first: re.Match[str], end: int) -> tuple[range, ...]:
    """Follow the marks from line to line; numbers count up."""
    ranges: list[range] = []
    match: re.Match[str] | None = first
    while match and _follows(first, match, len(ranges)):
        ranges.append(range(match.start("mark"), match.end("mark")))
        line_end = text.find("\n", match.end(), end)
        match = _MARK.match(text, line_end + 1, end) if line_end >= 0 else None
    return tuple(ranges)


def _follows(first: re.Match[str], match: re.Match[str], count: int) -> bool:
    if first["number"]:
        return bool(match["number"]) and int(match["number"]) == int(first["number"]) + count
    return bool(match["mark"] == first["mark"])
