"""Finds the examples of a page: in code blocks, and in text that was pasted without any."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from wireshape.lenientjson import reader
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.lenientjson.reader import Example
from wireshape.pages.markup import PageText

_IN_CODE = re.compile(r'^[ \t]*(?=[{\[\uff5b\uff3b]|"[\w.$-]+"\s*:)', re.MULTILINE)
_IN_TEXT = re.compile(r'\{(?=\s*(?://[^\n]*\s*)?["“])|\[(?=\s*(?:\{\s*["“]|\[\s*["0-9-]))')
_PROSE = re.compile(r"\n[ \t\r\xa0]*\n(?=[ \t]*(?:[^\W\d_]|[>#]|-{3}))")
_NEAR = 200
_INLINE = 6
"""Values that an example in the middle of a line must have to be more than a remark."""


def find(flow: PageText) -> Iterator[Example]:
    """Yield the examples of a page in order; text in a fence that never closes is read like pasted text."""
    done = 0
    for block in flow.blocks:
        yield from _in_text(flow, done, block.start)
        if block.closed:
            yield from _in_code(flow.text, block.start, block.end)
        else:
            yield from _in_open_fence(flow, block.start, block.end)
        done = block.end
    yield from _in_text(flow, done, len(flow.text))


def _in_code(text: str, start: int, end: int) -> Iterator[Example]:
    while found := _IN_CODE.search(text, start, end):
        read = reader.read(text, found.end(), end)
        if read and not _is_program(read):
            yield read
        start = max(read.end if read else 0, found.end() + 1)


def _in_open_fence(flow: PageText, start: int, end: int) -> Iterator[Example]:
    line = flow.text.rfind("\n", 0, max(start - 1, 0)) + 1
    fence = Defect(rule=DefectRule.UNCLOSED, path=(), offset=line, detail="the fence opened here never closes")
    for number, read in enumerate(_in_text(flow, start, end)):
        yield read if number else replace(read, defects=(fence, *read.defects))


def _in_text(flow: PageText, start: int, end: int) -> Iterator[Example]:
    limit = start
    while found := _IN_TEXT.search(flow.text, start, end):
        if found.start() >= limit:
            prose = _PROSE.search(flow.text, found.start(), end)
            limit = prose.start() if prose else end
        after = bisect_right(flow.headings, found.start(), key=lambda heading: heading.start)
        stop = min([limit, *(heading.start for heading in flow.headings[after : after + 1])])
        read = reader.read(flow.text, found.start(), stop)
        before = flow.text[max(found.start() - _NEAR, 0) : found.start()]
        inline = before.rpartition("\n")[2].strip(" \t>\xa0")
        if read and not _is_program(read) and (not inline or len(read.value_offsets) >= _INLINE):
            yield read
        start = max(read.end if read else 0, found.start() + 1)


def _is_program(read: Example) -> bool:
    """Tell a program, which has brackets too, from an example: hardly anything in it has a place in JSON."""
    return read.unexpected_tokens >= len(read.value_offsets)
