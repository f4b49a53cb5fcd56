"""The text of a page of Markdown, of which pasted text is the plainest kind."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from markdown_it import MarkdownIt

from wireshape.pages.page_text import CodeBlock, HeadingStart, PageText

_QUOTE_MARKERS = " \t>"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fence:
    """A fenced code block by its lines, the fence included; a nested one is inside a list or a quotation."""

    first_line: int
    last_line: int
    closed: bool
    nested: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shift:
    """From an offset of the page on, the text has so many characters less before it."""

    offset: int
    removed: int


def read(text: str) -> PageText:
    """Read a page of Markdown; only its blocks matter, so what is inside a line is not parsed."""
    line_starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    headings: list[HeadingStart] = []
    fences: list[_Fence] = []
    for token in parser.parse(text):
        if not token.map:
            continue
        first, last = token.map
        if token.type == "heading_open":
            headings.append(HeadingStart(offset=line_starts[first], level=int(token.tag[1])))
        elif token.type == "fence":
            closing = text[line_starts[last - 1] : line_starts[last]].strip(f"{_QUOTE_MARKERS}\r\n")
            closed = last - first > 1 and closing.startswith(token.markup) and not closing.strip(token.markup[0])
            fences.append(_Fence(first_line=first, last_line=last, closed=closed, nested=token.level > 0))
    return _without_nesting(text, line_starts, headings, fences)


def _without_nesting(text: str, line_starts: list[int], headings: list[HeadingStart], fences: list[_Fence]) -> PageText:
    """Give the whole page but for what stands before each line of a nested fence."""
    page_text = PageText()
    source_map = page_text.source_map
    done = 0
    shifts = [_Shift(offset=0, removed=0)]
    for fence in fences:
        start = line_starts[fence.first_line + 1]
        end = line_starts[fence.last_line - 1] if fence.closed else line_starts[fence.last_line]
        source_map.add(text[done:start], done)
        block_start = source_map.length
        if fence.nested:
            for line in range(fence.first_line + 1, fence.last_line - fence.closed):
                content = text[line_starts[line] : line_starts[line + 1]].lstrip(_QUOTE_MARKERS)
                source_map.add(content, line_starts[line + 1] - len(content))
        else:
            source_map.add(text[start:end], start)
        done = end
        shifts.append(_Shift(offset=end, removed=end - source_map.length))
        page_text.code_blocks.append(CodeBlock(start=block_start, end=source_map.length, closed=fence.closed))
    source_map.add(text[done:], done)
    page_text.finish([_shifted(heading, shifts) for heading in headings])
    return page_text


def _shifted(heading: HeadingStart, shifts: list[_Shift]) -> HeadingStart:
    shift = shifts[bisect_right(shifts, heading.offset, key=lambda shift: shift.offset) - 1]
    return HeadingStart(offset=heading.offset - shift.removed, level=heading.level)
