"""Finds JSON that goes over several lines of a log, as programs print it to be read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

MAX_TRIED = 20_000_000
"""Characters of what is no JSON after all that are looked at in one input."""
_DEEP = 1_000_000
"""Characters that JSON which is nested too deeply counts as."""
_SHOWN = 20_000
"""Characters behind a line that tell what was to be there."""
PREFIX = re.compile(r"[^{\"]*[\s:=>|<'`(,\]]")
"""What may stand before JSON in a line."""
_OPENS = re.compile(r"[{\[][ \t]*$")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """JSON over some lines: what stands before it in the first, its text, its value and how many lines it goes over."""

    prefix: str
    text: str
    value: Any
    size: int


class LineBlocks:
    """The lines of a text, and where it is not JSON that begins in one of them."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._left = MAX_TRIED
        self._told = 0

    def at(self, index: int) -> Block | None:
        """Give the JSON that a line begins with its last character; None where that is none, or too much was tried."""
        start = self._opening(index)
        if start is None or self._left <= 0:
            return None
        try:
            value, end = _DECODER.raw_decode(self._text, start)
        except RecursionError:
            self._left -= _DEEP
            return None
        except json.JSONDecodeError as error:
            self._left -= error.pos - start
            return None
        prefix = self._lines[index][: start - self._starts[index]]
        text = self._text[start:end]
        return Block(prefix=prefix, text=text, value=value, size=text.count("\n") + 1)

    def broken(self, index: int) -> str:
        """Give what follows a line that begins what is no JSON, once for all lines of it; empty for any other."""
        start = self._opening(index)
        if start is None or start < self._told:
            return ""
        self._told = start + _SHOWN
        return self._text[start : self._told]

    def _opening(self, index: int) -> int | None:
        line = self._lines[index]
        match = _OPENS.search(line)
        if match is None or (match.start() and not PREFIX.fullmatch(line, 0, match.start())):
            return None
        return self._starts[index] + match.start()

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._lines)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return list(accumulate((len(line) + 1 for line in self._lines), initial=0))
