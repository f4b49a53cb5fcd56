"""The visible text of a page of HTML."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from wireshape.errors import InputError
from wireshape.pages import languages
from wireshape.pages.html_tables import HtmlTables
from wireshape.pages.page_text import BlockForm, CodeBlock, HeadingStart, PageText

_BLOCK_TAGS = {
    "p", "div", "li", "ul", "ol", "table", "tr", "td", "th", "blockquote", "section", "article", "nav", "br", "dd",
    "dt",
}  # fmt: skip
_CODE_TAGS = {"pre", "textarea"}
"""What keeps its line breaks."""
_HIDDEN_TAGS = {"script", "style", "svg", "template", "noscript", "head"}
_LANGUAGE_TAGS = {"div", "figure"}
"""What stands around a code block and names its language."""
_HEADING_TAG = re.compile("h[1-6]")
_LINE_CLASS = "token-line"
"""The class that a line of a highlighted code block has, which may have no line break."""
_MAX_SEARCHED = 100_000_000
"""Characters in which the end of a tag or comment is looked for in vain; all the rest of the page, for each of them."""
_TAG_COST = 20
"""What a character of a start tag costs, against one of anything else."""
_MAX_ATTRIBUTES = 1000
_MAX_BLANKS = 200
"""Between two attributes; the parser remembers each of them, and each attribute, until the tag ends."""
_START_TAG = r"""<[a-zA-Z][^\t\n\r\f />\x00]*+[\s/]*+
(?:(?<=['"\s/])[^\s/>][^\s/=>]*+ (?:\s*+=++\s*+(?:'[^']*+'|"[^"]*+"|(?!['"])[^>\s]*+))?+ (?:\s|/(?!>))%s )%s"""
"""A start tag up to its end, as the parser reads it but without a memory of the way."""
_TAG = re.compile(_START_TAG % ("*+", "*+"), re.VERBOSE)
_PLAIN_TAG = re.compile(_START_TAG % (f"{{0,{_MAX_BLANKS}}}+", f"{{0,{_MAX_ATTRIBUTES}}}+"), re.VERBOSE)


def read(text: str) -> PageText:
    """Read a page of HTML; InputError for one with tags that cannot be read in time."""
    page_text = PageText()
    page_text.finish(add(page_text, text, 0))
    return page_text


def add(page_text: PageText, text: str, offset: int) -> list[HeadingStart]:
    """Add the visible text of HTML that stands at an offset of the page, and give its headings."""
    parser = _Parser(page_text, text, offset)
    parser.feed(text)
    parser.close()
    return parser.headings()


class _Parser(HTMLParser):
    """Collects the visible text; a code block keeps its line breaks, however they are written."""

    def __init__(self, page_text: PageText, text: str, offset: int) -> None:
        super().__init__(convert_charrefs=False)
        self._text = text
        self._offset = offset
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._page_text = page_text
        self._hidden_depth = 0
        self._code_start: int | None = None
        self._code_element_start: int | None = None
        self._language = ""
        self._languages: list[str] = []
        self._headings: list[HeadingStart] = []
        self._tables = HtmlTables()
        self._searched = 0

    def headings(self) -> list[HeadingStart]:
        """Give the headings once all is read; a code block is closed that the page leaves open."""
        if self._code_start is not None:
            self.handle_endtag("pre")
        self._page_text.table_cells += self._tables.cells
        return self._headings

    def parse_starttag(self, i: int) -> int:
        tag = _TAG.match(self.rawdata, i)
        plain = _PLAIN_TAG.match(self.rawdata, i)
        if tag and plain and tag.end() > plain.end():
            raise InputError(f"a tag has more than {_MAX_ATTRIBUTES:,} attributes, or {_MAX_BLANKS} blanks in a row")
        return self._found(super().parse_starttag(i), _TAG_COST * (tag.end() - i) if tag else 0)

    def parse_html_declaration(self, i: int) -> int:
        try:
            end = super().parse_html_declaration(i)
        except AssertionError:  # what the parser raises for a marked section of no known kind
            end = self.parse_bogus_comment(i)
        return self._found(end, len(self.rawdata) - i)

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - as the parser has it
        return self._found(super().parse_comment(i, report), len(self.rawdata) - i)

    def parse_endtag(self, i: int) -> int:
        return self._found(super().parse_endtag(i), len(self.rawdata) - i)

    def parse_pi(self, i: int) -> int:
        return self._found(super().parse_pi(i), len(self.rawdata) - i)

    def _found(self, end: int, cost: int) -> int:
        """Give where something ends; InputError where too much was searched for ends that are not there."""
        self._searched += cost if end < 0 else 0
        if self._searched > _MAX_SEARCHED:
            raise InputError("the page has too many tags or comments that are never closed")
        return end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        language = languages.of_attributes(attrs)
        if tag in _LANGUAGE_TAGS:
            self._languages.append(language or (self._languages[-1] if self._languages else ""))
        if tag in _HIDDEN_TAGS:
            self._hidden_depth += 1
        elif tag in _CODE_TAGS and self._code_start is None:
            self._add("\n\n")
            self._code_start = self._page_text.source_map.length
            self._language = language or (self._languages[-1] if self._languages else "")
        elif tag == "code":
            self._language = language or self._language
            self._code_element_start = self._page_text.source_map.length if self._code_start is None else None
        elif self._code_start is not None:
            is_line = tag in _BLOCK_TAGS or _LINE_CLASS in (dict(attrs).get("class") or "").split()
            if tag == "br" or (is_line and not self._at_line_start()):
                self._add("\n")
        elif tag in _BLOCK_TAGS:
            self._add("\n")
            self._tables.open(tag, self.get_starttag_text() or "", self._page_text.source_map.length)
        elif _HEADING_TAG.fullmatch(tag):
            self._add("\n\n")
            self._headings.append(HeadingStart(offset=self._page_text.source_map.length, level=int(tag[1])))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN_TAGS:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LANGUAGE_TAGS and self._languages:
            self._languages.pop()
        if tag in _HIDDEN_TAGS:
            self._hidden_depth = max(self._hidden_depth - 1, 0)
        elif tag in _CODE_TAGS and self._code_start is not None:
            self._end_code(self._code_start)
            self._code_start = None
            self._add("\n\n")
        elif tag == "code" and self._code_element_start is not None:
            self._end_code_element(self._code_element_start)
            self._code_element_start = None
        elif self._code_start is None and (tag in _BLOCK_TAGS or tag[:1] == "h"):
            self._tables.close(tag, self._page_text.source_map.length)
            self._add("\n")

    def handle_data(self, data: str) -> None:
        in_code = self._code_start is not None or self._code_element_start is not None
        self._add(data if in_code else data.replace("\n", " "))

    def handle_entityref(self, name: str) -> None:
        self._add_reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._add_reference(f"&#{name}")

    def _add_reference(self, written: str) -> None:
        """Add the character that a reference stands for; the semicolon behind it may be missing."""
        if self._text.startswith(";", self._position() + len(written)):
            written += ";"
        self._add(unescape(written), len(written))

    def _position(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _add(self, text: str, source_width: int | None = None) -> None:
        if not self._hidden_depth:
            self._page_text.source_map.add(text, self._offset + self._position(), source_width)

    def _end_code(self, start: int) -> None:
        end = self._page_text.source_map.length
        self._page_text.code_blocks.append(
            CodeBlock(start=start, end=end, form=BlockForm.HTML, language=self._language)
        )
        self._language = ""

    def _end_code_element(self, start: int) -> None:
        """Take a code element over several lines for a block; one on a line is part of a sentence."""
        if self._page_text.source_map.has_line_break(start):
            self._end_code(start)
        self._language = ""

    def _at_line_start(self) -> bool:
        source_map = self._page_text.source_map
        return source_map.length == self._code_start or source_map.pieces[-1].endswith("\n")
