"""Finds the examples of a page in its blocks of code, text that was pasted without any among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from wireshape.lenientjson import reader
from wireshape.lenientjson.defects import Defect, DefectRule, Edit, Unrepairable
from wireshape.lenientjson.reader import Example
from wireshape.pages import line_marks, programs, starts
from wireshape.pages.page_text import BlockForm, CodeBlock, PageText
from wireshape.pages.starts import Starts

_PARAGRAPH = re.compile(r"\n[ \t\r\xa0]*\n(?=[ \t]*(?:[^\W\d_]|[>#]|-{3}))")
_MORE_OF_EXAMPLE = re.compile(
    r"""(?:[ \t]*(?:\#|//)[^\n]*\n\s*){1,20}(?:["'\u201c][\w.$-]{1,64}["'\u201d][ \t]*[:\uff1a]|[}\]])"""
)
"""A line that looks like a heading, with a member or closing bracket on the next."""
_OPENS_LINE = re.compile(r"[{\[][ \t]*\r?\n")
_LOOKS_LIKE_JSON = re.compile(r"""\s*(?://[^\n]*+\s*+)*+[{\[][\s{\[]*+(?:["'“]|&quot;)""")
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
        regions = ((block.start, block.end) for block in page_text.blocks())
        self._marks = [marks for start, end in regions for marks in line_marks.find(page_text.text, start, end)]
        self._text = line_marks.blanked(page_text.text, self._marks)
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
        match = starts.AT_BLOCK.match(self._text, start, block.end)
        while match := match or starts.IN_CODE.search(self._text, start, block.end):
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
        if is_member and not starts.goes_on(self._text, done, start):
            return None
        example = reader.read(self._text, start, block.end)
        if example and not self._is_noise(example) and self._ends_line(example, block.end):
            return self._told_as_marked(self._told_as_escaped(example, block), block.form)
        begins_block = not self._text[block.start : start].strip()
        looks_like_json = begins_block and _LOOKS_LIKE_JSON.match(self._text, start, block.end)
        return UnreadBlock(start=start) if looks_like_json else None

    def _starts(self, start: int, end: int) -> Starts:
        code: list[CodeBlock] = []
        program_blocks: list[CodeBlock] = []
        for block in self.page_text.indented_blocks(start, end):
            (program_blocks if self.is_program(block) else code).append(block)
        return Starts(self._text, start, end, code, program_blocks)

    def _told_as_marked(self, example: Example, form: BlockForm) -> Example:
        """Say of an example that each of its lines has a mark; those of a quotation belong to Markdown."""
        for marks in self._marks:
            first = marks.ranges[0]
            is_first = first.stop <= example.start and not self._text[first.stop : example.start].strip()
            if is_first and (form is not BlockForm.PASTED or marks.sign != ">"):
                edits = (Edit(start=each.start, end=each.stop, replacement="") for each in marks.ranges)
                detail = f"each line begins with {marks.sign or 'its number'}"
                defect = Defect(
                    rule=DefectRule.FOREIGN_LITERAL, path=(), offset=first.start, detail=detail, repair=tuple(edits)
                )
                return replace(example, defects=(defect, *example.defects))
        return example

    def _told_as_written(self, example: Example) -> Example:
        """Say of an example outside of fences what is wrong with how all of it is written; it can be indented code."""
        code = self.page_text.indented_block(example.start)
        if not code:
            return self._told_as_marked(example, BlockForm.PASTED)
        return self._told_as_marked(self._told_as_escaped(example, code), code.form)

    def _told_as_escaped(self, example: Example, block: CodeBlock) -> Example:
        if block.escaped is None or not example.start <= block.escaped < example.end:
            return example
        detail = 'quotes are written as &quot; instead of "'
        repair = tuple(self._unescaped(block))
        defect = Defect(rule=DefectRule.FOREIGN_LITERAL, path=(), offset=block.escaped, detail=detail, repair=repair)
        return replace(example, defects=(defect, *example.defects))

    def _unescaped(self, block: CodeBlock) -> Iterator[Edit]:
        """Yield the edits that write each character of a block as itself that is written as a reference."""
        source_map = self.page_text.source_map
        for offset in range(block.start, block.end):
            if source_map.source_end(offset + 1) > source_map.source_offset(offset) + 1:
                yield Edit(start=offset, end=offset + 1, replacement=self._text[offset])

    def _behind_open_fence(self, block: CodeBlock) -> Iterator[Example | UnreadBlock]:
        if block.language in self._program_languages:
            return
        line_start = self._text.rfind("\n", 0, max(block.start - 1, 0)) + 1
        detail = "the fence of the code block never closes"
        fence: Defect | None = Defect(
            rule=DefectRule.UNCLOSED, path=(), offset=line_start, detail=detail, repair=Unrepairable.OPEN_FENCE
        )
        for found in self._in_text(block.start, block.end):
            if fence and isinstance(found, Example):
                yield replace(found, defects=(fence, *found.defects))
                fence = None
            else:
                yield found

    def _in_text(self, start: int, end: int) -> Iterator[Example | UnreadBlock]:
        """Read text that is not set apart; indented code in it may be an example that a blank line cuts in two."""
        limit = done = start
        found = self._starts(start, end)
        while (at := found.next(start, done)) is not None:
            if at >= limit:
                paragraph = _PARAGRAPH.search(self._text, at, end)
                limit = paragraph.start() if paragraph else end
            example = reader.read(self._text, at, min(limit, self._next_heading(at, limit)))
            start = at + 1
            if not example:
                continue
            if not self._is_noise(example) and not self._is_remark(at, example, end):
                yield self._told_as_written(example)
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

    def _next_heading(self, offset: int, end: int) -> int:
        """Give where the next heading behind an offset begins, else the end; a comment of an example can look so."""
        headings = self.page_text.headings
        index = bisect_right(headings, offset, key=lambda heading: heading.start)
        while index < len(headings) and headings[index].start < end:
            if not _MORE_OF_EXAMPLE.match(self._text, headings[index].start, end):
                return headings[index].start
            index += 1
        return end

    def _begins_line(self, start: int) -> bool:
        before = self._text[max(start - _LINE_START, 0) : start].rpartition("\n")[2]
        return not before.strip(" \t>\xa0")

    def _is_remark(self, start: int, example: Example, end: int) -> bool:
        """Tell whether a short example is part of a sentence."""
        if not starts.is_in_text(self._text, start):
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
