"""The text of a page of Markdown, of which pasted text is the plainest kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from html.entities import html5

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wireshape.pages import html_text, languages
from wireshape.pages.page_text import BlockForm, CodeBlock, HeadingStart, PageText

_QUOTE_MARKERS = " \t>"
_PRE = re.compile(r"<pre\b", re.IGNORECASE)
_PRE_END = re.compile(r"</pre\s*>", re.IGNORECASE)
_INLINE = re.compile(
    r"(?P<break>`?<br\s*/?>`?)|(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^`\n]*+(?P=ticks)(?!`|<br))|\\\\|\\(?P<escaped>[_*\[\]{}<>#+.!|~$-])"
    r"|(?P<reference>&(?:[a-zA-Z]\w{1,30}|\#\d{1,7}|\#[xX][\da-fA-F]{1,6});)"
)
"""What reads otherwise than it is written, outside of code; code in a line is left as it is."""

_OPENING_FENCE = re.compile(r"^ {0,3}(?P<fence>```|~~~)(?P<info>[a-zA-Z][\w+-]*)[ \t]*\r?$", re.MULTILINE)
_ESCAPED_JSON = re.compile(r"\s*[\[{][\s\[{]*(?P<quote>&(?:quot|\#34);)")
_REFERENCE = re.compile(r"&(?:quot|amp|lt|gt|apos|nbsp|\#\d{1,7});")
_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:code|code-block|sourcecode)::[ \t]*(\S*)[ \t]*\n\s*\Z", re.MULTILINE)
_BEFORE_BLOCK = 200
"""Characters before indented code in which its language is named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Region:
    """Code by its offsets in the page; removed is the most that the lines of a nested fence are indented."""

    start: int
    end: int
    block: CodeBlock
    removed: int | None = None


def read(text: str) -> PageText:
    """Read a page of Markdown; only its blocks matter, so what is inside a line is not parsed."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
        self._page_text = PageText()
        self._headings: list[int] = []
        self._levels: list[int] = []

    def read(self) -> PageText:
        """Read all blocks, and put the text together without what stands before each line of a nested one."""
        regions = sorted(self._regions(), key=lambda region: region.start)
        done = 0
        for region in regions:
            if region.start < done:
                continue
            self._add_text(done, region.start)
            self._add_code(region)
            done = region.end
        self._add_text(done, len(self._text))
        source_map = self._page_text.source_map
        offsets = map(source_map.text_offset, self._headings)
        self._page_text.finish(
            [HeadingStart(offset=offset, level=level) for offset, level in zip(offsets, self._levels, strict=True)]
        )
        return self._page_text

    def _regions(self) -> Iterator[_Region]:
        parser = MarkdownIt("commonmark").enable("table").disable("inline")
        for token in parser.parse(self._text):
            if not token.map:
                continue
            if token.type == "heading_open":
                self._headings.append(self._line_starts[token.map[0]])
                self._levels.append(int(token.tag[1]))
            elif token.type == "fence":
                yield from self._fences(token, *token.map)
            elif token.type == "code_block":
                yield self._indented(*token.map)
            elif token.type == "html_block":
                yield from self._html(self._line_starts[token.map[0]], self._line_starts[token.map[1]])

    def _html(self, start: int, end: int) -> Iterator[_Region]:
        """Yield the code of HTML between two offsets."""
        while (opening := _PRE.search(self._text, start, end)) and (
            closing := _PRE_END.search(self._text, opening.end(), end)
        ):
            block = CodeBlock(start=0, end=0, form=BlockForm.HTML)
            yield _Region(start=opening.start(), end=closing.end(), block=block)
            start = closing.end()

    def _fences(self, token: Token, first: int, last: int) -> Iterator[_Region]:
        """Yield the code of a fence; another that opens in it tells that its own end is missing."""
        region = self._fence(token, first, last)
        opening = _OPENING_FENCE.search(self._text, region.start, region.end)
        if not opening or token.markup != opening["fence"] or token.level:
            yield region
            return
        yield replace(region, end=opening.start(), block=replace(region.block, closed=False))
        language = languages.of_fence(opening["info"])
        yield replace(region, start=min(opening.end() + 1, region.end), block=replace(region.block, language=language))

    def _fence(self, token: Token, first: int, last: int) -> _Region:
        line_starts, text = self._line_starts, self._text
        closing = text[line_starts[last - 1] : line_starts[last]].strip(f"{_QUOTE_MARKERS}\r\n")
        closed = last - first > 1 and closing.startswith(token.markup) and not closing.strip(token.markup[0])
        opening = text[line_starts[first] : line_starts[first + 1]].partition(token.markup)[0]
        return _Region(
            start=line_starts[first + 1],
            end=line_starts[last - 1] if closed else line_starts[last],
            block=CodeBlock(
                start=0, end=0, form=BlockForm.FENCED, language=languages.of_fence(token.info), closed=closed
            ),
            removed=len(opening.rpartition(">")[2]) if token.level else None,
        )

    def _indented(self, first: int, last: int) -> _Region:
        start, end = self._line_starts[first], self._line_starts[last]
        directive = _DIRECTIVE.search(self._text, max(start - _BEFORE_BLOCK, 0), start)
        language = languages.of_fence(directive[1]) if directive else ""
        block = CodeBlock(start=0, end=0, form=BlockForm.INDENTED, language=language)
        return _Region(start=start, end=end, block=block)

    def _add_code(self, region: _Region) -> None:
        source_map = self._page_text.source_map
        if region.block.form is BlockForm.HTML:
            html_text.add(self._page_text, self._text[region.start : region.end], region.start)
            return
        start = source_map.length
        escaped = _ESCAPED_JSON.match(self._text, region.start, region.end)
        if region.removed is not None:
            self._add_nested(region, region.removed)
        elif escaped:
            self._add_replaced(region.start, region.end, _REFERENCE)
        else:
            source_map.add(self._text[region.start : region.end], region.start)
        first_quote = source_map.text_offset(escaped.start("quote")) if escaped and region.removed is None else None
        self._page_text.code_blocks.append(
            replace(region.block, start=start, end=source_map.length, escaped=first_quote)
        )

    def _add_nested(self, region: _Region, removed: int) -> None:
        """Add the lines of a fence inside a list or quotation, without what marks them as part of it."""
        line = self._text.count("\n", 0, region.start)
        while self._line_starts[line] < region.end:
            end = self._line_starts[line + 1]
            content = re.sub(r"^(?:[ \t]*>)+", "", self._text[self._line_starts[line] : end])
            blanks = len(content) - len(content.lstrip(" \t"))
            content = content[min(blanks, removed) :]
            self._page_text.source_map.add(content, end - len(content))
            line += 1

    def _add_text(self, start: int, end: int) -> None:
        """Add text outside of code as it reads: escapes, references and line breaks are what they stand for."""
        self._add_replaced(start, end, _INLINE)

    def _add_replaced(self, start: int, end: int, pattern: re.Pattern[str]) -> None:
        source_map = self._page_text.source_map
        for piece in _pieces(self._text, start, end, pattern):
            source_map.add(self._text[start : piece.start], start)
            source_map.add(piece.shown, piece.start, piece.end - piece.start)
            start = piece.end
        source_map.add(self._text[start:end], start)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """Characters of the page that read otherwise than they are written."""

    start: int
    end: int
    shown: str


def _pieces(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[_Piece]:
    for match in pattern.finditer(text, start, end):
        groups = match.groupdict()
        if groups.get("code"):
            continue
        if groups.get("break"):
            yield _Piece(start=match.start(), end=match.end(), shown="\n")
        elif groups.get("escaped"):
            yield _Piece(start=match.start(), end=match.end(), shown=match["escaped"])
        elif match[0].startswith("&#") or match[0][1:] in html5:
            yield _Piece(start=match.start(), end=match.end(), shown=unescape(match[0]))
