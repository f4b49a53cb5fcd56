"""The visible text of a page of HTML."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from wireshape.errors import InputError
from wireshape.pages.page_text import CodeBlock, HeadingStart, PageText

_BLOCK_TAGS = {
    "p", "div", "li", "ul", "ol", "table", "tr", "td", "th", "blockquote", "section", "article", "nav", "br", "dd",
    "dt",
}  # fmt: skip
_HIDDEN_TAGS = {"script", "style", "svg", "template", "noscript", "head"}
_HEADING_TAG = re.compile("h[1-6]")
_LINE_CLASS = "token-line"
"""The class that a line of a highlighted code block has, which may have no line break."""
_MAX_UNCLOSED = 500
"""Unclosed tags or comments; the parser looks for the end of each of them again and again."""


def read(text: str) -> PageText:
    """Read a page of HTML; InputError for one with more unclosed tags than can be read in time."""
    if text.count("<") - text.count(">") > _MAX_UNCLOSED or text.count("<!--") - text.count("-->") > _MAX_UNCLOSED:
        raise InputError(f"the page has more than {_MAX_UNCLOSED} tags that are never closed")
    parser = _Parser(text)
    parser.feed(text)
    parser.close()
    return parser.page_text()


class _Parser(HTMLParser):
    """Collects the visible text; a code block keeps its line breaks, however they are written."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._page_text = PageText()
        self._hidden_depth = 0
        self._code_start: int | None = None
        self._headings: list[HeadingStart] = []

    def page_text(self) -> PageText:
        """Give the text, with a code block closed that the page leaves open."""
        if self._code_start is not None:
            self.handle_endtag("pre")
        self._page_text.finish(self._headings)
        return self._page_text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN_TAGS:
            self._hidden_depth += 1
        elif tag == "pre" and self._code_start is None:
            self._add("\n\n")
            self._code_start = self._page_text.source_map.length
        elif self._code_start is not None:
            if tag == "br" or (_LINE_CLASS in (dict(attrs).get("class") or "").split() and not self._at_line_start()):
                self._add("\n")
        elif tag in _BLOCK_TAGS:
            self._add("\n")
        elif _HEADING_TAG.fullmatch(tag):
            self._add("\n\n")
            self._headings.append(HeadingStart(offset=self._page_text.source_map.length, level=int(tag[1])))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN_TAGS:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN_TAGS:
            self._hidden_depth = max(self._hidden_depth - 1, 0)
        elif tag == "pre" and self._code_start is not None:
            end = self._page_text.source_map.length
            self._page_text.code_blocks.append(CodeBlock(start=self._code_start, end=end))
            self._code_start = None
            self._add("\n\n")
        elif self._code_start is None and (tag in _BLOCK_TAGS or tag[:1] == "h"):
            self._add("\n")

    def handle_data(self, data: str) -> None:
        self._add(data if self._code_start is not None else data.replace("\n", " "))

    def handle_entityref(self, name: str) -> None:
        self._add(unescape(f"&{name};"), len(name) + 2)

    def handle_charref(self, name: str) -> None:
        self._add(unescape(f"&#{name};"), len(name) + 3)

    def _add(self, text: str, source_width: int | None = None) -> None:
        if not self._hidden_depth:
            line, column = self.getpos()
            self._page_text.source_map.add(text, self._line_starts[line - 1] + column, source_width)

    def _at_line_start(self) -> bool:
        source_map = self._page_text.source_map
        return source_map.length == self._code_start or source_map.pieces[-1].endswith("\n")
