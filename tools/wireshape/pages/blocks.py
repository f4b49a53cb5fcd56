"""Finds the examples of a page in its blocks of code, text that was pasted without any among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from wireshape.lenientjson import reader
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.lenientjson.reader import Example
from wireshape.pages import programs
from wireshape.pages.page_text import BlockForm, CodeBlock, PageText

_START_IN_CODE = re.compile(r'^[ \t]*(?=[{\[\uff5b\uff3b]|"[\w.$-]+"\s*:)', re.MULTILINE)
_START_IN_TEXT = re.compile(r'\{(?=\s*(?://[^\n]*\s*)?["“])|\[(?=\s*(?:\{\s*["“]|\[\s*["0-9-]))')
_PARAGRAPH = re.compile(r"\n[ \t\r\xa0]*\n(?=[ \t]*(?:[^\W\d_]|[>#]|-{3}))")
_BETWEEN_EXAMPLES = re.compile(r"(?:[\s,;}\]]++|\.{2,}+|…|//[^\n]*+|#[^\n]*+|/\*.*?\*/)*+\Z", re.DOTALL)
_OPENS_LINE = re.compile(r"[{\[][ \t]*\r?\n")
_LOOKS_LIKE_JSON = re.compile(r"""\s*(?://[^\n]*+\s*+)*+[{\[][\s{\[]*+(?:["'“]|&quot;)""")
_START_OF_BLOCK = re.compile(r'\s*(?=[{\[\uff5b\uff3b]|"[\w.$-]+"\s*:)')
_LINE_START = 200
"""Characters before an example on its line that are looked at."""
_MIN_INLINE_VALUES = 6
"""Values that an example in the middle of a line must have to be more than a remark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadBlock:
    """A block that looks like JSON and was not read; language is that of a program, empty where it could not be."""

    start: int
    language: str = ""

    @property
    def reason(self) -> str:
        """What is said of the block."""
        looks = "looks like JSON"
        return (
            f"{looks}, and is not read: its language is {self.language}"
            if self.language
            else f"{looks}, and could not be read"
        )


def read(page_text: PageText, program_languages: Collection[str]) -> Iterator[Example | UnreadBlock]:
    """Yield the examples of a page in order, and what looks like one and was not read.

    A code block whose fence never closes is read like pasted text.
    """
    return _Reader(page_text, program_languages).read()


class _Reader:
    def __init__(self, page_text: PageText, program_languages: Collection[str]) -> None:
        self.page_text = page_text
        self._text = page_text.text
        self._program_languages = program_languages

    def read(self) -> Iterator[Example | UnreadBlock]:
        for block in self.page_text.blocks():
            if block.form is BlockForm.PASTED:
                yield from self._in_text(block.start, block.end)
            elif block.closed:
                yield from self._in_code(block)
            else:
                yield from self._behind_open_fence(block)

    def _in_code(self, block: CodeBlock) -> Iterator[Example | UnreadBlock]:
        if self.is_program(block):
            if programs.is_whole_json(self._text[block.start : block.end]):
                yield UnreadBlock(start=self._first_bracket(block), language=block.language or "a program")
            return
        start = done = block.start
        match = _START_OF_BLOCK.match(self._text, start, block.end)
        while match := match or _START_IN_CODE.search(self._text, start, block.end):
            start = match.end() + 1
            found = self._at(block, match.end(), done)
            match = None
            if isinstance(found, Example):
                yield found
                start = done = max(found.end, start)
            elif found:
                yield found

    def _at(self, block: CodeBlock, start: int, done: int) -> Example | UnreadBlock | None:
        """Read what begins on a line of code; done is where the example before it ends."""
        is_member = self._text[start] == '"'
        if is_member and not _BETWEEN_EXAMPLES.match(self._text, done, start):
            return None
        example = reader.read(self._text, start, block.end)
        if example and not self._is_noise(example) and self._ends_line(example, block.end):
            return self._told_as_escaped(example, block)
        begins_block = not self._text[block.start : start].strip()
        looks_like_json = begins_block and _LOOKS_LIKE_JSON.match(self._text, start, block.end)
        return UnreadBlock(start=start) if looks_like_json else None

    def _told_as_escaped(self, example: Example, block: CodeBlock) -> Example:
        if block.escaped is None or not example.start <= block.escaped < example.end:
            return example
        detail = 'quotes are written as &quot; instead of "'
        defect = Defect(rule=DefectRule.FOREIGN_LITERAL, path=(), offset=block.escaped, detail=detail)
        return replace(example, defects=(defect, *example.defects))

    def _behind_open_fence(self, block: CodeBlock) -> Iterator[Example | UnreadBlock]:
        if block.language in self._program_languages:
            return
        line_start = self._text.rfind("\n", 0, max(block.start - 1, 0)) + 1
        detail = "the fence of the code block never closes"
        fence: Defect | None = Defect(rule=DefectRule.UNCLOSED, path=(), offset=line_start, detail=detail)
        for found in self._in_text(block.start, block.end):
            if fence and isinstance(found, Example):
                yield replace(found, defects=(fence, *found.defects))
                fence = None
            else:
                yield found

    def _in_text(self, start: int, end: int) -> Iterator[Example | UnreadBlock]:
        """Read text that is not set apart; indented code in it may be an example that a blank line cuts in two."""
        limit = done = start
        starts = _Starts(self, start, end)
        while (at := starts.next(start, done)) is not None:
            if at >= limit:
                paragraph = _PARAGRAPH.search(self._text, at, end)
                limit = paragraph.start() if paragraph else end
            example = reader.read(self._text, at, min(limit, self._next_heading(at)))
            start = at + 1
            if not example:
                continue
            if not self._is_noise(example) and not self._is_remark(at, example, end):
                yield example
                done = example.end
            elif self._is_noise(example) and self._begins_line(at) and _LOOKS_LIKE_JSON.match(self._text, at, end):
                yield UnreadBlock(start=at)
            start = max(example.end, start)

    def is_program(self, block: CodeBlock) -> bool:
        """Tell whether a block holds a program: by its language, else by its lines unless it begins as JSON does."""
        if block.language in self._program_languages:
            return True
        if block.language.startswith("json") or _LOOKS_LIKE_JSON.match(self._text, block.start, block.end):
            return False
        return programs.has_statement(self._text, block.start, block.end)

    def _first_bracket(self, block: CodeBlock) -> int:
        inside = self._text[block.start : block.end]
        return block.start + len(inside) - len(inside.lstrip())

    def _next_heading(self, offset: int) -> int:
        """Give where the next heading behind an offset begins, else the end of the page."""
        headings = self.page_text.headings
        index = bisect_right(headings, offset, key=lambda heading: heading.start)
        return headings[index].start if index < len(headings) else len(self._text)

    def _begins_line(self, start: int) -> bool:
        before = self._text[max(start - _LINE_START, 0) : start].rpartition("\n")[2]
        return not before.strip(" \t>\xa0")

    def _is_remark(self, start: int, example: Example, end: int) -> bool:
        """Tell whether a short example is part of a sentence."""
        if not _START_IN_TEXT.match(self._text, start):
            return not self._ends_line(example, end)
        if self._begins_line(start) or len(example.value_offsets) >= _MIN_INLINE_VALUES:
            return False
        return not _OPENS_LINE.match(self._text, start)

    def _is_noise(self, example: Example) -> bool:
        """Tell whether an example is a program or words, which have brackets too: few of its tokens are JSON."""
        if example.unexpected_tokens >= len(example.value_offsets):
            return True
        are_words = 0 < example.scalars == example.bare_words
        looks_like_json = _LOOKS_LIKE_JSON.match(self._text, example.start)
        return are_words and bool(example.unexpected_tokens or not looks_like_json)

    def _ends_line(self, example: Example, end: int) -> bool:
        """Tell whether nothing stands behind a short example on its line: [1] and a sentence is no example."""
        if len(example.value_offsets) >= _MIN_INLINE_VALUES:
            return True
        stop = self._text.find("\n", example.end, end)
        behind = self._text[example.end : end if stop < 0 else stop].strip()
        return not behind or behind.startswith((",", ";", "//", "#", "/*", "...", "…", "{", "["))


class _Starts:
    """Where examples can begin in pasted text, and on the lines of indented code in it that is no program."""

    def __init__(self, block_reader: _Reader, start: int, end: int) -> None:
        self._text = block_reader.page_text.text
        self._end = end
        self._code: deque[CodeBlock] = deque()
        self._programs: deque[CodeBlock] = deque()
        for block in block_reader.page_text.indented_blocks(start, end):
            (self._programs if block_reader.is_program(block) else self._code).append(block)
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
        while match := _START_IN_TEXT.search(self._text, start, self._end):
            while self._programs and self._programs[0].end <= match.start():
                self._programs.popleft()
            if not self._programs or match.start() < self._programs[0].start:
                return match.start()
            start = self._programs[0].end
        return None

    def _next_in_code(self, block: CodeBlock, start: int, done: int) -> int | None:
        while match := _START_IN_CODE.search(self._text, start, block.end):
            is_member = self._text[match.end()] == '"'
            first = min(max(block.start, done), match.end())
            if not is_member or _BETWEEN_EXAMPLES.match(self._text, first, match.end()):
                return match.end()
            start = match.end() + 1
        return None
