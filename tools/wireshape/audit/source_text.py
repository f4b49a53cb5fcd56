"""The source of a page as lines, changed where edits of the text that is read of it say so."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from wireshape.jsontext.source_map import SourceMap
from wireshape.lenientjson.defects import Edit

_BREAK = re.compile(r"`?<br\s*/?>`?", re.IGNORECASE)


class _Change(NamedTuple):
    """An edit by its offsets in the source."""

    start: int
    end: int
    replacement: str
    with_next: bool


class SourceText:
    """The lines of a page, and the text that is read of them, of which edits give the offsets."""

    def __init__(self, lines: list[str], source_map: SourceMap) -> None:
        self._lines = lines
        self._source = "".join(lines)
        self._starts = [0, *accumulate(map(len, lines))]
        self._map = source_map
        self._text = source_map.text

    def edited(self, edits: Sequence[Edit]) -> list[str]:
        """Give the lines with all edits made; of two that overlap only the first is."""
        changes = [change for edit in edits if (change := self._change(edit))]
        lines = list(self._lines)
        done = len(self._source) + 1
        # From the last to the first, so that offsets stay; what is inserted at one place keeps its order.
        for change in sorted(changes, key=lambda each: (each.start, each.end, each.with_next))[::-1]:
            if change.end > done:
                continue
            done = change.start
            line = max(min(bisect_right(self._starts, change.start), len(lines)) - 1, 0)
            if change.start == change.end == self._starts[line] and not change.with_next and line:
                line -= 1
            start, end = change.start - self._starts[line], change.end - self._starts[line]
            lines[line] = lines[line][:start] + change.replacement + lines[line][end:]
        return lines

    def _change(self, edit: Edit) -> _Change | None:
        """Give an edit as one of the source; None where markup is between the characters that it replaces."""
        if edit.start == edit.end:
            at = self._map.source_offset(edit.start) if edit.with_next else self._map.source_end(edit.start)
            return _Change(at, at, self._broken(edit), edit.with_next)
        start, end = self._map.source_offset(edit.start), self._map.source_end(edit.end)
        shown, written = self._text[edit.start : edit.end], self._source[start:end]
        is_plain = shown in {written, unescape(written)}
        if not is_plain and edit.end > edit.start + 1:
            return _Change(end, end, self._broken(edit), with_next=True) if "\n" in edit.replacement else None
        return _Change(start, end, self._broken(edit), edit.with_next)

    def _broken(self, edit: Edit) -> str:
        """Give what an edit inserts, with a line break like the one before it, and what marks the line as quoted."""
        if "\n" not in edit.replacement:
            return edit.replacement
        before = self._text.rfind("\n", 0, edit.end)
        at = self._map.source_offset(before) if before >= 0 else 0
        if element := _BREAK.match(self._source, at):
            return edit.replacement.replace("\n", element[0])
        if before >= 0 and self._source[at] not in "\r\n":
            return edit.replacement.replace("\n", "<br>")
        line_break = "\r\n" if self._source[at - 1 : at + 1] == "\r\n" else self._source[at] if before >= 0 else "\n"
        # What marks a line as part of a quotation or list is not in the text.
        margin = self._source[at + 1 : self._map.source_offset(before + 1)] if before >= 0 else ""
        return edit.replacement.replace("\n", line_break + margin)
