"""Markdown, HTML and pasted text as one flow of text with its headings and code blocks, each mapped to the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from wireshape.errors import InputError
from wireshape.pages.source_map import SourceMap

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|head|body|main|article|section|div|h[1-6]|pre|p)\b", re.IGNORECASE
)
_BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "td",
    "th",
    "blockquote",
    "section",
    "article",
    "nav",
    "br",
    "dd",
    "dt",
}
_HIDDEN = {"script", "style", "svg", "template", "noscript", "head"}
_LINE = "token-line"
_OPEN = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading: the range of its subtree in the flow, and which heading it is below, -1 for none."""

    start: int
    end: int
    parent: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """The inside of a code block in the flow, and whether its fence closes."""

    start: int
    end: int
    closed: bool = True


@dataclass(slots=True)
class PageText:
    """The text of a page in the order it is read, without markup where that is HTML."""

    text: str = ""
    mapped: SourceMap = field(default_factory=SourceMap)
    headings: list[Heading] = field(default_factory=list)
    blocks: list[Code] = field(default_factory=list)


def read(text: str) -> PageText:
    """Read a page by what it looks like: HTML, else Markdown, of which pasted text is the plainest kind."""
    return _html(text) if _HTML.match(text) else _markdown(text)


def _subtrees(marks: list[tuple[int, int]], end: int) -> list[Heading]:
    """Make headings of (offset, level): each reaches to the next one of its level or above."""
    ends = [end] * len(marks)
    parents = [-1] * len(marks)
    still_open: list[int] = []
    for index, (offset, level) in enumerate(marks):
        while still_open and marks[still_open[-1]][1] >= level:
            ends[still_open.pop()] = offset
        parents[index] = still_open[-1] if still_open else -1
        still_open.append(index)
    return [Heading(start=start, end=ends[i], parent=parents[i]) for i, (start, _) in enumerate(marks)]


def _markdown(text: str) -> PageText:
    """Read Markdown; only its blocks matter, so what is inside a line is not parsed."""
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    marks: list[tuple[int, int]] = []
    fences: list[tuple[int, int, bool, bool]] = []
    for token in parser.parse(text):
        if not token.map:
            continue
        first, last = token.map
        if token.type == "heading_open":
            marks.append((starts[first], int(token.tag[1])))
        elif token.type == "fence":
            closing = text[starts[last - 1] : starts[last]].strip(" \t>\r\n")
            closed = last - first > 1 and closing.startswith(token.markup) and not closing.strip(token.markup[0])
            fences.append((first, last, closed, token.level > 0))
    return _flowed(text, starts, marks, fences)


def _flowed(
    text: str, starts: list[int], marks: list[tuple[int, int]], fences: list[tuple[int, int, bool, bool]]
) -> PageText:
    """Put the flow together: the page itself, but for what stands before each line of a nested fence."""
    flow = PageText()
    done = 0
    moved: list[tuple[int, int]] = [(0, 0)]
    for first, last, closed, nested in fences:
        inside, stop = starts[first + 1], starts[last - 1] if closed else starts[last]
        flow.mapped.add(text[done:inside], done)
        begun = flow.mapped.length
        if nested:
            for line in range(first + 1, last - closed):
                piece = text[starts[line] : starts[line + 1]]
                bare = piece.lstrip(" \t>")
                flow.mapped.add(bare, starts[line + 1] - len(bare))
        else:
            flow.mapped.add(text[inside:stop], inside)
        done = stop
        moved.append((stop, flow.mapped.length - stop))
        flow.blocks.append(Code(start=begun, end=flow.mapped.length, closed=closed))
    flow.mapped.add(text[done:], done)
    flow.text = "".join(flow.mapped.parts)
    shifted = [(offset + _shift(moved, offset), level) for offset, level in marks]
    flow.headings = _subtrees(shifted, len(flow.text))
    return flow


def _shift(moved: list[tuple[int, int]], offset: int) -> int:
    """Give how much further left an offset of the page is in the flow."""
    return moved[bisect_right(moved, (offset, 1)) - 1][1]


def _html(text: str) -> PageText:
    # The parser looks for the end of each open tag and comment again and again.
    if text.count("<") - text.count(">") > _OPEN or text.count("<!--") - text.count("-->") > _OPEN:
        raise InputError(f"more than {_OPEN} tags of the page are never closed")
    reader = _Html(text)
    reader.feed(text)
    reader.close()
    return reader.finished()


class _Html(HTMLParser):
    """Collects the visible text of a page; a code block keeps its line breaks, however they are marked."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._flow = PageText()
        self._hidden = 0
        self._code: int | None = None
        self._marks: list[tuple[int, int]] = []

    def finished(self) -> PageText:
        """Give the flow, with a block closed that the page leaves open."""
        if self._code is not None:
            self.handle_endtag("pre")
        self._flow.text = "".join(self._flow.mapped.parts)
        self._flow.headings = _subtrees(self._marks, len(self._flow.text))
        return self._flow

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "pre" and self._code is None:
            self._add("\n\n")
            self._code = self._flow.mapped.length
        elif self._code is not None:
            if tag == "br" or (_LINE in (dict(attrs).get("class") or "").split() and not self._at_line_start()):
                self._add("\n")
        elif tag in _BLOCKS:
            self._add("\n")
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":  # noqa: PLR2004 - h and one digit
            self._add("\n\n")
            self._marks.append((self._flow.mapped.length, int(tag[1])))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag == "pre" and self._code is not None:
            self._flow.blocks.append(Code(start=self._code, end=self._flow.mapped.length))
            self._code = None
            self._add("\n\n")
        elif self._code is None and (tag in _BLOCKS or tag[:1] == "h"):
            self._add("\n")

    def handle_data(self, data: str) -> None:
        self._add(data if self._code is not None else data.replace("\n", " "))

    def handle_entityref(self, name: str) -> None:
        self._add(unescape(f"&{name};"), len(name) + 2)

    def handle_charref(self, name: str) -> None:
        self._add(unescape(f"&#{name};"), len(name) + 3)

    def _add(self, text: str, width: int | None = None) -> None:
        if not self._hidden:
            line, column = self.getpos()
            self._flow.mapped.add(text, self._starts[line - 1] + column, width)

    def _at_line_start(self) -> bool:
        parts = self._flow.mapped.parts
        return self._flow.mapped.length == self._code or parts[-1].endswith("\n")
