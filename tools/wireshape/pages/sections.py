"""A page of documentation: which operations it documents, in which language, and the examples it gives of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.jsontext.positions import Position
from wireshape.lenientjson import reader
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.lenientjson.reader import Example
from wireshape.model import Endpoint, Exit
from wireshape.pages import blocks, markup, operations, page_bytes, page_identity, page_tables, statements, vocabulary
from wireshape.pages.blocks import UnreadBlock
from wireshape.pages.operations import OperationIndex, Scope
from wireshape.pages.page_identity import PageIdentity
from wireshape.pages.page_text import PageText
from wireshape.pages.source import Source
from wireshape.pages.statements import Span, Statements

MAX_EXAMPLES = 1000

_TAG = re.compile(r"\s*(?:</?\w[^>]*>.*|`{3,}.*|~{3,}.*)")
_LINKS = re.compile(r"\([^()\s]*[/%][^()]*\)|https?://\S+")
_CJK = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"(?:[ \t]*\([^()\n]{1,20}\))?[\s*_`>|:\uff1a-]*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})\b")
_MAX_HEADING_COLUMNS = 48
"""Columns of a line that is a heading and no sentence; Chinese takes two for a character."""
_MAX_HEADING_LINES = 3
_MAX_HEADING_DISTANCE = 400
"""Characters before an example among which its heading is."""


class Language(StrEnum):
    """The languages in which the exchange documents its endpoints."""

    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageExample:
    """One example of a section; margin and position are what its heading names of the account mode."""

    example: Example
    margin: str | None
    position: str | None
    request: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One operation as one language of a page documents it; endpoints are those of the catalogue it can be.

    product is None where neither the operation nor the page tells it.
    """

    operation: str
    product: str | None
    endpoints: tuple[Endpoint, ...]
    language: Language
    weight: int | None
    weight_offset: int
    examples: tuple[PageExample, ...]
    statements: Statements


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page as it came, its text without markup, and its sections in order; offsets in them are those in the text.

    raw are its bytes; unread are the blocks that look like JSON and were not read.
    """

    name: str
    raw: bytes = field(repr=False)
    identity: PageIdentity
    source: Source
    text: PageText
    sections: tuple[Section, ...]
    unread: tuple[UnreadBlock, ...]

    def source_offset(self, offset: int) -> int:
        """Give the offset in the source of an offset in the text."""
        return self.text.source_map.source_offset(offset)

    def position(self, offset: int) -> Position:
        """Give line and column in the source of an offset in the text."""
        return self.source.position(self.source_offset(offset))

    def defect_offset(self, defect: Defect) -> int:
        """Give the offset in the source of a defect: a comma is missing right behind its value."""
        if defect.rule == DefectRule.MISSING_COMMA:
            return self.text.source_map.source_end(defect.offset)
        return self.source_offset(defect.offset)


def read(raw: bytes, name: str, catalog: Catalog, endpoint: Endpoint | None = None) -> Page:
    """Read a page; endpoint is that of its sections, as far as none of them names its operation.

    InputError where there is nothing to read.
    """
    text = page_bytes.decoded(raw)
    page_text = markup.read(text)
    identity = page_identity.of(text, name, vocabulary.load(catalog.schemas))
    page_reader = _Reader(page_text, catalog, endpoint, identity)
    sections = tuple(page_reader.sections())
    page = Page(
        name=name,
        raw=raw,
        identity=identity,
        source=Source(text),
        text=page_text,
        sections=sections,
        unread=tuple(page_reader.unread),
    )
    if sections:
        return page
    could_not = [block for block in page.unread if not block.language]
    reasons = [f"the block on line {page.position(block.start).line} {block.reason}" for block in page.unread[:1]]
    raise InputError(
        "; ".join(["the page has no example", *reasons]), exit_code=Exit.UNCHECKED if could_not else Exit.NOTHING
    )


class _Reader:
    def __init__(
        self, page_text: PageText, catalog: Catalog, endpoint: Endpoint | None, identity: PageIdentity
    ) -> None:
        self._page_text = page_text
        self._catalog = catalog
        self._endpoint = endpoint
        self._identity = identity
        self._vocabulary = vocabulary.load(catalog.schemas)
        self._tables = page_tables.read(page_text, self._vocabulary)
        self.unread: list[UnreadBlock] = []

    def sections(self) -> Iterator[Section]:
        """Yield each operation in each part of the page that documents it."""
        index = OperationIndex(self._page_text, self._catalog)
        scopes: dict[Scope, list[PageExample]] = {}
        before = 0
        values = 0
        for number, example in enumerate(self._examples()):
            values += len(example.value_offsets)
            if number >= MAX_EXAMPLES or values > reader.MAX_VALUES:
                most = f"{MAX_EXAMPLES:,} examples" if number >= MAX_EXAMPLES else f"{reader.MAX_VALUES:,} values"
                raise InputError(f"the page has more than {most}, the most that are read")
            scope = index.scope(example.start)
            scopes.setdefault(scope, []).append(self._page_example(example, max(before, scope.start)))
            before = example.end
        asked = operations.named(self._endpoint) if self._endpoint else None
        named = any(scope.operation == asked for scope in scopes)
        for scope, examples in scopes.items():
            # An endpoint that is asked for is that of its own section, or where the page names none, of each.
            is_asked = self._endpoint is not None and (not named or scope.operation in {asked, ""})
            yield self._section(scope, examples, self._endpoint if is_asked else None)

    def _examples(self) -> Iterator[Example]:
        """Yield the examples of the page, and keep what could not be read."""
        for found in blocks.read(self._page_text, self._vocabulary.program_languages):
            if isinstance(found, Example):
                yield found
            else:
                self.unread.append(found)

    def _page_example(self, example: Example, start: int) -> PageExample:
        """Classify an example by its heading, which is in the text between start and the example."""
        value = example.value
        is_request = isinstance(value, dict) and "method" in value and not {"result", "status"} & value.keys()
        lines = self._heading_lines(example, start)
        return PageExample(
            example=example,
            margin=vocabulary.first_named(lines, self._vocabulary.margin),
            position=vocabulary.first_named(lines, self._vocabulary.position),
            request=is_request or vocabulary.first_named(lines, self._vocabulary.headings) == "request",
        )

    def _heading_lines(self, example: Example, start: int) -> list[str]:
        """Give the lines before an example that can be headings of it, the nearest first."""
        lines = self._page_text.text[max(start, example.start - _MAX_HEADING_DISTANCE) : example.start].splitlines()
        if lines and lines[-1].strip():
            # On a page without line breaks, the heading is the end of what comes before.
            lines[-1] = lines[-1][-_MAX_HEADING_COLUMNS:]
        words = (line for line in reversed(lines) if line.strip() and not _TAG.fullmatch(line))
        return [line for line in words if _columns(line) <= _MAX_HEADING_COLUMNS][:_MAX_HEADING_LINES]

    def _section(self, scope: Scope, examples: list[PageExample], asked: Endpoint | None) -> Section:
        weight = self._weight(scope)
        product = self._identity.product or operations.product(scope, self._page_text, self._vocabulary)
        endpoints = (asked,) if asked else operations.endpoints(scope.operation, product, self._catalog)
        products = {endpoint.product for endpoint in endpoints}
        return Section(
            operation=scope.operation,
            product=products.pop() if len(products) == 1 else product,
            endpoints=endpoints,
            language=_language(self._prose(scope, examples)),
            weight=int(weight[1].replace(",", "")) if weight else None,
            weight_offset=weight.start(1) if weight else scope.start,
            examples=tuple(examples),
            statements=self._statements(Span(start=scope.start, end=scope.end), examples),
        )

    def _statements(self, section: Span, examples: list[PageExample]) -> Statements:
        spans = [Span(start=each.example.start, end=each.example.end) for each in examples]
        return statements.read(self._page_text, self._tables, self._vocabulary, section, spans)

    def _prose(self, scope: Scope, examples: list[PageExample]) -> str:
        """Give the text of a section without its examples, and their comments."""
        prose = []
        offset = scope.start
        for each in examples:
            prose.append(self._page_text.text[offset : each.example.start])
            prose += [comment.text for comments in each.example.comments.values() for comment in comments]
            offset = each.example.end
        return " ".join([*prose, self._page_text.text[offset : scope.end]])

    def _weight(self, scope: Scope) -> re.Match[str] | None:
        """Find the number that follows the word for weight, on its line or one of the next."""
        text, end, line_end = self._page_text.text, scope.end, -1
        for word in self._vocabulary.weight.finditer(text, scope.start, end):
            if line_end < word.end():
                line_end = text.find("\n", word.end(), end)
                line_end = end if line_end < 0 else line_end
            number = _NUMBER.match(text, word.end(), end) or (
                _NUMBER.match(text, line_end, end) if line_end < end else None
            )
            if number:
                return number
        return None


def _language(prose: str) -> Language:
    """Tell Chinese from English by the letters, addresses of pages left out."""
    text = _LINKS.sub("", prose)
    return Language.CHINESE if len(_CJK.findall(text)) * 10 > len(_LETTER.findall(text)) else Language.ENGLISH


def _columns(line: str) -> int:
    text = _LINKS.sub("", line).strip()
    return len(text) + len(_CJK.findall(text))
