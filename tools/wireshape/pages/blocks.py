"""Finds the examples of a page: in code blocks, and in text that was pasted without any."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from wireshape.lenientjson import reader
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.lenientjson.reader import Example
from wireshape.pages.page_text import PageText

_START_IN_CODE = re.compile(r'^[ \t]*(?=[{\[\uff5b\uff3b]|"[\w.$-]+"\s*:)', re.MULTILINE)
_START_IN_TEXT = re.compile(r'\{(?=\s*(?://[^\n]*\s*)?["“])|\[(?=\s*(?:\{\s*["“]|\[\s*["0-9-]))')
_PARAGRAPH = re.compile(r"\n[ \t\r\xa0]*\n(?=[ \t]*(?:[^\W\d_]|[>#]|-{3}))")
_LINE_START = 200
"""Characters before an example on its line that are looked at."""
_MIN_INLINE_VALUES = 6
"""Values that an example in the middle of a line must have to be more than a remark."""


def examples(page_text: PageText) -> Iterator[Example]:
    """Yield the examples of a page in order; a code block whose fence never closes is read like pasted text."""
    done = 0
    for block in page_text.code_blocks:
        yield from _in_text(page_text, done, block.start)
        if block.closed:
            yield from _in_code(page_text.text, block.start, block.end)
        else:
            yield from _behind_open_fence(page_text, block.start, block.end)
        done = block.end
    yield from _in_text(page_text, done, len(page_text.text))


def _in_code(text: str, start: int, end: int) -> Iterator[Example]:
    while match := _START_IN_CODE.search(text, start, end):
        example = reader.read(text, match.end(), end)
        if example and not _is_program(example):
            yield example
        start = max(example.end if example else 0, match.end() + 1)


def _behind_open_fence(page_text: PageText, start: int, end: int) -> Iterator[Example]:
    line_start = page_text.text.rfind("\n", 0, max(start - 1, 0)) + 1
    detail = "the fence of the code block never closes"
    fence = Defect(rule=DefectRule.UNCLOSED, path=(), offset=line_start, detail=detail)
    for index, example in enumerate(_in_text(page_text, start, end)):
        yield example if index else replace(example, defects=(fence, *example.defects))


def _in_text(page_text: PageText, start: int, end: int) -> Iterator[Example]:
    text = page_text.text
    limit = start
    while match := _START_IN_TEXT.search(text, start, end):
        if match.start() >= limit:
            paragraph = _PARAGRAPH.search(text, match.start(), end)
            limit = paragraph.start() if paragraph else end
        example = reader.read(text, match.start(), min(limit, _next_heading(page_text, match.start())))
        if example and not _is_program(example) and not _is_remark(text, match.start(), example):
            yield example
        start = max(example.end if example else 0, match.start() + 1)


def _next_heading(page_text: PageText, offset: int) -> int:
    """Give where the next heading behind an offset begins, else the end of the page."""
    index = bisect_right(page_text.headings, offset, key=lambda heading: heading.start)
    return page_text.headings[index].start if index < len(page_text.headings) else len(page_text.text)


def _is_remark(text: str, start: int, example: Example) -> bool:
    """Tell whether a short example is part of a sentence."""
    before = text[max(start - _LINE_START, 0) : start].rpartition("\n")[2]
    return bool(before.strip(" \t>\xa0")) and len(example.value_offsets) < _MIN_INLINE_VALUES


def _is_program(example: Example) -> bool:
    """Tell whether an example is a program, which has brackets too: few of its tokens have a place in JSON."""
    return example.unexpected_tokens >= len(example.value_offsets)
