"""The lines of a change log with their depth, whether it is HTML or Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from wireshape.errors import InputError
from wireshape.pages import html_text, markup

_BULLET = re.compile(r"([ \t>]*)(?:[-*+]|\d{1,2}[.)])[ \t]+(?=\S)")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+")
_LINK = re.compile(r"\[([^\[\]\n]{0,400})\]\([^()\n]{0,400}\)")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_HIDDEN = {"script", "style", "svg", "template", "noscript", "head", "nav"}
_BLOCKS = {"p", "div", "li", "ul", "ol", "table", "tr", "blockquote", "section", "article", "br", "dd", "dt", "pre"}
_TAB = 4
_MAX_LINE = 4000
"""Characters of a line that are read; sentences of change logs have less than half of that."""
_OF_TEXT = 0
"""The depth of a line of text; that of bullets is above it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line as it is read: its number in the source, how deep among bullets it is, and whether it is a heading."""

    number: int
    depth: int
    heading: bool
    text: str


def of(text: str) -> list[Line]:
    """List the lines of a change log that are not empty; InputError for HTML that cannot be read in time."""
    if markup.of(text).read is not html_text.read:
        return _of_markdown(text)
    html_text.read(text)  # which refuses what takes too long
    parser = _Parser()
    try:
        parser.feed(text)
        parser.close()
    except AssertionError:  # what the parser raises for a marked section of no known kind
        raise InputError("the page has a marked section that no browser reads") from None
    parser.end_line()
    return parser.lines


def _of_markdown(text: str) -> list[Line]:
    lines = []
    depth = _OF_TEXT
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.expandtabs(_TAB).rstrip()
        if not line.strip():
            continue
        heading, bullet = _HEADING.match(line), _BULLET.match(line)
        indent = len(line) - len(line.lstrip())
        if heading or (not bullet and indent <= 1):
            depth = _OF_TEXT
        elif bullet:
            depth = len(bullet[1]) + 1
        # Else the line goes on with the bullet before it.
        body = line[heading.end() :] if heading else line[bullet.end() :] if bullet else line
        lines.append(Line(number=number, depth=depth, heading=bool(heading), text=_plain(body)))
    return [each for each in lines if each.text]


def _plain(text: str) -> str:
    return " ".join(_LINK.sub(r"\1", text[:_MAX_LINE]).translate(_UNSEEN).split())


class _Parser(HTMLParser):
    """Collects the visible lines; the depth of a line is that of the lists around it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._depth = 0
        self._heading = False
        self._hidden = 0
        self._number = 1

    def end_line(self) -> None:
        """Keep what was collected as a line."""
        text = _plain("".join(self._words))
        self._words = []
        if text:
            self.lines.append(Line(number=self._number, depth=self._depth, heading=self._heading, text=text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS or _is_heading(tag):
            self.end_line()
        if tag in {"ul", "ol"}:
            self._depth += 1
        if _is_heading(tag):
            self._heading = True
        if tag == "code":
            self._add("`")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        if tag in _BLOCKS or _is_heading(tag):
            self.end_line()
        if tag in {"ul", "ol"}:
            self._depth = max(self._depth - 1, 0)
        if _is_heading(tag):
            self._heading = False
        if tag == "code":
            self._words.append("`")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._add(data.replace("\n", " "))

    def _add(self, text: str) -> None:
        if not self._words:
            self._number = self.getpos()[0]
        self._words.append(text)


def _is_heading(tag: str) -> bool:
    return len(tag) == len("h1") and tag[0] == "h" and tag[1] in "123456"
