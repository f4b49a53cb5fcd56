"""Text put together from pieces of another text, and for each of its characters where it came from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_RUNS = re.compile(r"\s+|\S+")


def _offsets() -> array[int]:
    return array("q")


@dataclass(slots=True)
class SourceMap:
    """Text put together from pieces of a source; knows for each of its offsets the offset in the source."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    _starts: array[int] = field(default_factory=_offsets)
    _source_starts: array[int] = field(default_factory=_offsets)
    _source_ends: array[int] = field(default_factory=_offsets)

    def add(self, piece: str, source_offset: int, source_width: int | None = None) -> None:
        """Append a piece of the source; an escape is wider there than the character it stands for."""
        if piece:
            self.pieces.append(piece)
            self._starts.append(self.length)
            self._source_starts.append(source_offset)
            self._source_ends.append(source_offset + (len(piece) if source_width is None else source_width))
            self.length += len(piece)

    def source_offset(self, offset: int) -> int:
        """Give the offset in the source of the character at an offset in this text."""
        index = max(bisect_right(self._starts, offset) - 1, 0)
        return self._source_starts[index] + offset - self._starts[index] if self._starts else 0

    def source_end(self, offset: int) -> int:
        """Give the offset in the source right behind the character before an offset in this text."""
        index = max(bisect_left(self._starts, offset) - 1, 0)
        ends_piece = offset == self.length or (index + 1 < len(self._starts) and self._starts[index + 1] == offset)
        return self._source_ends[index] if ends_piece else self._source_starts[index] + offset - self._starts[index]

    def has_line_break(self, start: int) -> bool:
        """Tell whether a line ends behind an offset in this text."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        return any("\n" in self.pieces[index] for index in range(first, len(self.pieces)))

    def text_offset(self, source_offset: int) -> int:
        """Give the offset in this text of an offset in the source, for pieces that come in the order of the source."""
        index = bisect_right(self._source_starts, source_offset) - 1
        if index < 0:
            return 0
        return self._starts[index] + min(source_offset - self._source_starts[index], len(self.pieces[index]))

    @property
    def text(self) -> str:
        """The text itself."""
        return "".join(self.pieces)

    def part(self, start: int, end: int) -> SourceMap:
        """Give the text between two offsets as a text of its own."""
        found = SourceMap()
        for index in range(max(bisect_right(self._starts, start) - 1, 0), bisect_left(self._starts, end)):
            begin = self._starts[index]
            first = max(start - begin, 0)
            found.add(self.pieces[index][first : end - begin], self._source_starts[index] + first)
        return found


class Piece(NamedTuple):
    """Characters that are no whitespace, and where they are written."""

    said: str
    start: int
    end: int


def aligned(text: str, pieces: Iterator[Piece]) -> SourceMap | None:
    """Give a text that is written in pieces with other whitespace between them; None where it is not."""
    found = SourceMap()
    piece = Piece("", 0, 0)
    for run in _RUNS.findall(text):
        if run.isspace():
            found.add(run, piece.end)
            continue
        done = 0
        while done < len(run):
            piece = piece if piece.said else next(pieces, piece)
            length = min(len(run) - done, len(piece.said))
            if not length or not piece.said.startswith(run[done : done + length]):
                return None
            rest = piece.said[length:]
            end = piece.start + length if rest else piece.end
            found.add(run[done : done + length], piece.start, end - piece.start)
            piece = Piece(rest, end, piece.end)
            done += length
    return found
