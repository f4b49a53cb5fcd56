"""Text taken from a page, and where each part of it stands in the page as it came."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from wireshape import redact
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

    def excerpt(self, offset: int) -> Excerpt:
        """Give the line around an offset, without secrets and with nothing in it that moves the cursor."""
        line, _ = self.place(offset)
        start, end = self._starts[line - 1], self._end(line)
        first, last = max(start, offset - _BEFORE), min(end, offset + _BEHIND)
        # A secret cut by the window would no longer look like one, so a wider part of the line is looked at.
        around = self.text[max(start, offset - _CONTEXT) : min(end, offset + _CONTEXT)]
        if redact.text(around) != redact.printable(around):
            return Excerpt(line=redact.text(around.strip())[: _BEFORE + _BEHIND], caret=None)
        before = _shown(self.text[first:offset])
        whole = before + _shown(self.text[offset:last]).rstrip()
        left = "…" if first > start else ""
        indent = 0 if left else min(len(whole) - len(whole.lstrip()), len(before))
        shown = f"{left}{whole[indent:]}{'…' if last < end else ''}"
        return Excerpt(line=shown, caret=len(left) + len(before) - indent)

    def _end(self, line: int) -> int:
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return end - (self.text[end - 1 : end] == "\r")


def _shown(text: str) -> str:
    return redact.printable(text.replace("\t", " "))


@dataclass(slots=True)
class Mapped:
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
