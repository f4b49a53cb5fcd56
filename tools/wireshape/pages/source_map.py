"""Offsets of text taken from a page, as offsets, lines and columns of the page as it came."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from wireshape.findings import redaction
from wireshape.jsontext.positions import Position
from wireshape.model import Excerpt

_CHARACTERS_BEFORE = 60
_CHARACTERS_BEHIND = 100
_REDACTED_CHARACTERS = 600
"""How far to either side an excerpt is searched for secrets: a secret that is cut no longer looks like one."""


class Source:
    """A page as it came."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(self, offset: int) -> Position:
        """Give line and column of an offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def offset(self, at: Position) -> int:
        """Give the offset of a line and column."""
        return self._line_starts[at.line - 1] + at.column - 1

    def excerpt(self, offset: int) -> Excerpt:
        """Give the line around an offset, without secrets and with nothing in it that moves the cursor."""
        line = self.position(offset).line
        line_start, line_end = self._line_starts[line - 1], self._line_end(line)
        start, end = max(line_start, offset - _REDACTED_CHARACTERS), min(line_end, offset + _REDACTED_CHARACTERS)
        redacted = redaction.text(self.text[start:end].replace("\t", " ").rstrip())
        before = redaction.text(self.text[start:offset].replace("\t", " "))
        if not redacted.startswith(before.rstrip()):
            return Excerpt(line=redacted[: _CHARACTERS_BEFORE + _CHARACTERS_BEHIND], caret=None)
        caret = len(before)
        first, last = max(caret - _CHARACTERS_BEFORE, 0), caret + _CHARACTERS_BEHIND
        left = "…" if first or start > line_start else ""
        right = "…" if last < len(redacted) or end < line_end else ""
        if not left:
            first = min(len(redacted) - len(redacted.lstrip()), caret)
        return Excerpt(line=f"{left}{redacted[first:last]}{right}", caret=len(left) + caret - first)

    def _line_end(self, line: int) -> int:
        end = self._line_starts[line] - 1 if line < len(self._line_starts) else len(self.text)
        return end - (self.text[end - 1 : end] == "\r")


@dataclass(slots=True)
class SourceMap:
    """Text put together from pieces of a page; knows for each of its offsets the offset in the page."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    _starts: list[int] = field(default_factory=list)
    _source_starts: list[int] = field(default_factory=list)
    _source_ends: list[int] = field(default_factory=list)

    def add(self, piece: str, source_offset: int, source_width: int | None = None) -> None:
        """Append a piece of the page; a character reference is wider there than the character it stands for."""
        if piece:
            self.pieces.append(piece)
            self._starts.append(self.length)
            self._source_starts.append(source_offset)
            self._source_ends.append(source_offset + (len(piece) if source_width is None else source_width))
            self.length += len(piece)

    def source_offset(self, offset: int) -> int:
        """Give the offset in the page of the character at an offset in this text."""
        index = max(bisect_right(self._starts, offset) - 1, 0)
        return self._source_starts[index] + offset - self._starts[index] if self._starts else 0

    def source_end(self, offset: int) -> int:
        """Give the offset in the page right behind the character before an offset in this text."""
        index = max(bisect_left(self._starts, offset) - 1, 0)
        ends_piece = offset == self.length or (index + 1 < len(self._starts) and self._starts[index + 1] == offset)
        return self._source_ends[index] if ends_piece else self._source_starts[index] + offset - self._starts[index]
