"""Text taken from a page, and where each part of it stands in the page as it came."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from wireshape.findings import redaction
from wireshape.jsontext.positions import Position
from wireshape.model import Excerpt

_BEFORE = 60
_BEHIND = 100
_CONTEXT = 600


class Source:
    """A page as it came: offsets to line and column, both from 1, in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, at: Position) -> int:
        """Give the offset of a line and column."""
        return self._starts[at.line - 1] + at.column - 1

    def excerpt(self, offset: int) -> Excerpt:
        """Give the line around an offset, without secrets and with nothing in it that moves the cursor."""
        line, _ = self.place(offset)
        start, end = self._starts[line - 1], self._end(line)
        # Masked before it is cut: a secret cut by the window would no longer look like one.
        first, last = max(start, offset - _CONTEXT), min(end, offset + _CONTEXT)
        shown = redaction.text(self.text[first:last].replace("\t", " ").rstrip())
        before = redaction.text(self.text[first:offset].replace("\t", " "))
        if not shown.startswith(before.rstrip()):
            return Excerpt(line=shown[: _BEFORE + _BEHIND], caret=None)
        at = len(before)
        cut = max(at - _BEFORE, 0)
        left = "…" if cut or first > start else ""
        indent = 0 if left else min(len(shown) - len(shown.lstrip()), at)
        right = "…" if last < end or at + _BEHIND < len(shown) else ""
        line_shown = f"{left}{shown[cut + indent : at + _BEHIND]}{right}"
        return Excerpt(line=line_shown, caret=len(left) + at - cut - indent)

    def _end(self, line: int) -> int:
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return end - (self.text[end - 1 : end] == "\r")


@dataclass(slots=True)
class SourceMap:
    """Text put together from pieces of a page; knows for each of its offsets the offset in the page."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    _at: list[int] = field(default_factory=list)
    _from: list[int] = field(default_factory=list)
    _to: list[int] = field(default_factory=list)

    def add(self, text: str, offset: int, width: int | None = None) -> None:
        """Append a piece that stands at an offset of the page, where it may be wider, as a character reference is."""
        if text:
            self.parts.append(text)
            self._at.append(self.length)
            self._from.append(offset)
            self._to.append(offset + (len(text) if width is None else width))
            self.length += len(text)

    def origin(self, offset: int) -> int:
        """Give the offset in the page of an offset in this text."""
        index = max(bisect_right(self._at, offset) - 1, 0)
        return self._from[index] + offset - self._at[index] if self._at else 0

    def behind(self, offset: int) -> int:
        """Give the offset in the page right behind the character before an offset in this text."""
        index = max(bisect_left(self._at, offset) - 1, 0)
        ends_here = offset == self.length or (index + 1 < len(self._at) and self._at[index + 1] == offset)
        return self._to[index] if ends_here else self._from[index] + offset - self._at[index]
