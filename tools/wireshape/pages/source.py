"""A page as it came: lines, columns and excerpts of it."""

from __future__ import annotations

import re
from bisect import bisect_right

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
