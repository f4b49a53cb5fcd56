"""Where examples can begin on a page: in code at brackets and members, in pasted text at what looks like JSON."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable

from wireshape.lenientjson.tokens import COLONS, WHITESPACE
from wireshape.pages.page_text import CodeBlock

_OPENING = r"[{\[\uff5b\uff3b]"
_LABEL = r"(?:[\w$][\w$ .'-]{0,60}(?:[:\uff1a]|=)[ \t]*)?"
"""What can stand before the bracket of an example on the first line of its block."""
AT_BLOCK = re.compile(rf'\s*(?:{_LABEL}(?=[{{\[][ \t]*(?:$|//|\#))|(?={_OPENING}|"[\w.$-]+"\s*:))', re.MULTILINE)
IN_CODE = re.compile(rf'^[ \t]*(?={_OPENING}|"[\w.$-]+"\s*:)', re.MULTILINE)
_SKIPPED = rf"(?:{WHITESPACE}|(?://|\#)[^\n]{{0,500}}\n|/\*(?:(?!\*/).){{0,500}}\*/){{0,20}}+"
_COLON = rf"[ \t]*[{COLONS}]"
_QUOTED_KEY = rf"""["\u201c\u2018\u201e\u00ab][\w.$-]+["\u201d\u2019\u201c\u00bb]?{_COLON}"""
_KEY = rf"""(?:["\u201c]|{_QUOTED_KEY}|[^\n{{}}]{{0,500}}\n[ \t]*["\u201c][\w.$-]+["\u201d]{_COLON})"""
"""A key, or a line that lacks one with a key on the next."""
_IN_TEXT = re.compile(
    rf"\{{(?={_SKIPPED}{_KEY})|\[(?={_SKIPPED}(?:\{{(?:{_SKIPPED}\{{){{0,3}}+{_SKIPPED}{_KEY}|\[{_SKIPPED}[\"0-9-]|{_QUOTED_KEY}))",
    re.DOTALL,
)
_BETWEEN_EXAMPLES = re.compile(r"(?:[\s,;}\]]++|\.{2,}+|…|//[^\n]*+|#[^\n]*+|/\*.*?\*/)*+\Z", re.DOTALL)


def is_in_text(text: str, start: int) -> bool:
    """Tell whether what begins at an offset looks like JSON in any text."""
    return bool(_IN_TEXT.match(text, start))


def goes_on(text: str, done: int, start: int) -> bool:
    """Tell whether nothing but what ends an example or is left out stands between two of them."""
    return bool(_BETWEEN_EXAMPLES.match(text, done, start))


class Starts:
    """Where examples can begin in pasted text, and on the lines of indented code in it; programs are passed over."""

    def __init__(
        self, text: str, start: int, end: int, code: Iterable[CodeBlock], program_blocks: Iterable[CodeBlock]
    ) -> None:
        self._text = text
        self._end = end
        self._code = deque(code)
        self._programs = deque(program_blocks)
        self._in_text: int | None = start - 1

    def next(self, start: int, done: int) -> int | None:
        """Give the first at or behind an offset; done is where the last example ends."""
        if self._in_text is not None and self._in_text < start:
            self._in_text = self._next_in_text(start)
        while self._code and (self._in_text is None or self._code[0].start < self._in_text):
            block = self._code[0]
            in_code = self._next_in_code(block, max(start, block.start), done)
            if in_code is not None:
                return in_code if self._in_text is None else min(in_code, self._in_text)
            if self._in_text is not None and self._in_text < block.end:
                break
            self._code.popleft()
        return self._in_text

    def _next_in_text(self, start: int) -> int | None:
        while match := _IN_TEXT.search(self._text, start, self._end):
            while self._programs and self._programs[0].end <= match.start():
                self._programs.popleft()
            if not self._programs or match.start() < self._programs[0].start:
                return match.start()
            start = self._programs[0].end
        return None

    def _next_in_code(self, block: CodeBlock, start: int, done: int) -> int | None:
        while match := IN_CODE.search(self._text, start, block.end):
            is_member = self._text[match.end()] == '"'
            first = min(max(block.start, done), match.end())
            if not is_member or _BETWEEN_EXAMPLES.match(self._text, first, match.end()):
                return match.end()
            start = match.end() + 1
        return None
