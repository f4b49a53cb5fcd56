"""The operation that a part of a page documents: where the page names operations, and how far each name reaches."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from wireshape.catalog.endpoints import Catalog
from wireshape.model import Endpoint
from wireshape.pages.page_text import Heading, PageText
from wireshape.pages.vocabulary import Vocabulary

_BETWEEN = r"(?:[\s`*:|\"'\xa0]|</?code>|&nbsp;){1,12}(?:https?://[\w.:-]+)?"
_STEP = r"[\w/-]|(?<=/)(?:\{[\w-]{1,64}\}|:[A-Za-z])"
_REST = re.compile(rf"\b(GET|POST|PUT|DELETE)\b{_BETWEEN}(/[a-z]+/v[0-9]+/(?:{_STEP})*(?<=[\w}}]))")
_LABELLED = re.compile(
    rf"^[ \t>*-]{{0,20}}\w[\w ]{{0,20}}[*_]{{0,3}}[:\uff1a][*_]{{0,3}}[ \t]*`?(?={_REST.pattern}[`*_ \t.]*\r?$)",
    re.MULTILINE,
)
"""What stands on a line before an operation that it labels, as in `Endpoint: GET /path`."""
_WEBSOCKET = re.compile(r"^[ \t>*]*`((?:v[0-9]+/)?[a-z]\w*(?:\.\w+)+)`[ \t\r]*$", re.MULTILINE)
_IN_REQUEST = re.compile(r'"method"[ \t]*:[ \t]*"([^"\n]{1,64})"')
_LINE_DECORATION = "#>*_|`-+ \t"
_MAX_DECORATION = 400
"""Characters before a name on its line that are looked at."""


class Mention(NamedTuple):
    """An operation that a page names at an offset, as it is sent: `GET /path`, or a WebSocket method."""

    offset: int
    operation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The part of a page that documents one operation, empty where the page names none."""

    operation: str
    start: int
    # Where examples stand before and behind the name of an operation, the scope of the first decides on the end.
    end: int = field(compare=False)


class OperationIndex:
    """The operations that a page names, in order."""

    def __init__(self, page_text: PageText, catalog: Catalog) -> None:
        mentions = sorted(_mentions(page_text.text, catalog))
        # A line of its own says what a part of the page is about; a mention in a sentence or a request says less.
        labelled = {match.end() for match in _LABELLED.finditer(page_text.text)}
        on_their_own = [
            each for each in mentions if each.offset in labelled or _begins_line(page_text.text, each.offset)
        ]
        in_requests = (Mention(match.start(), match[1]) for match in _IN_REQUEST.finditer(page_text.text))
        self._mentions = on_their_own or mentions or list(in_requests)
        self._offsets = [each.offset for each in self._mentions]
        self._headings = page_text.headings
        self._heading_starts = [heading.start for heading in page_text.headings]
        self._length = len(page_text.text)

    def scope(self, offset: int) -> Scope:
        """Give the part of the page around an example, with the operation named last before it, else first in it."""
        section = self._section(offset)
        first, last = (bisect_left(self._offsets, bound) for bound in (section.start, section.end))
        here = bisect_right(self._offsets, offset, first, last)
        if first == last:
            return section
        if here == first:
            return replace(section, operation=self._mentions[first].operation)
        operation = self._mentions[here - 1].operation
        begin = here - 1
        while begin > first and self._mentions[begin - 1].operation == operation:
            begin -= 1
        while here < last and self._mentions[here].operation == operation:
            here += 1
        return Scope(
            operation=operation,
            start=section.start if begin == first else self._offsets[begin],
            end=section.end if here == last else self._offsets[here],
        )

    def _section(self, offset: int) -> Scope:
        """Give the smallest section around an offset that names an operation, else the whole page."""
        index = bisect_right(self._heading_starts, offset)
        heading = self._headings[index - 1] if index else None
        while heading:
            if heading.end > offset and self._names_operation(heading):
                return Scope(operation="", start=heading.start, end=heading.end)
            heading = None if heading.parent is None else self._headings[heading.parent]
        return Scope(operation="", start=0, end=self._length)

    def _names_operation(self, heading: Heading) -> bool:
        return bisect_left(self._offsets, heading.start) < bisect_left(self._offsets, heading.end)


def _mentions(text: str, catalog: Catalog) -> Iterator[Mention]:
    for match in _REST.finditer(text):
        yield Mention(match.start(), f"{match[1]} {match[2]}")
    for match in _WEBSOCKET.finditer(text):
        yield Mention(match.start(), match[1])
    methods = {endpoint.operation.method for endpoint in catalog.endpoints if endpoint.payload}
    if methods:
        plain = re.compile(rf"^[ \t]*({'|'.join(map(re.escape, sorted(methods)))})[ \t\r]*$", re.MULTILINE)
        for match in plain.finditer(text):
            yield Mention(match.start(), match[1])


def _begins_line(text: str, offset: int) -> bool:
    """Tell whether nothing but decoration stands before an offset on its line."""
    start = text.rfind("\n", max(offset - _MAX_DECORATION, 0), offset) + 1
    return not text[start:offset].strip(_LINE_DECORATION) and (start > 0 or offset < _MAX_DECORATION)


def endpoints(operation: str, product: str | None, catalog: Catalog) -> tuple[Endpoint, ...]:
    """Give the endpoints that an operation can be; the product settles what a WebSocket method leaves."""
    method, _, path = operation.partition(" ")
    if path:
        endpoint = catalog.find(method, path)
        return (endpoint,) if endpoint else ()
    found = tuple(each for each in catalog.endpoints if each.payload and each.operation.method == method)
    return tuple(each for each in found if each.product == product) or found


def named(endpoint: Endpoint) -> str:
    """Give the operation of an endpoint as pages name it."""
    sent = endpoint.operation
    return sent.method if endpoint.payload else f"{sent.method} {sent.path}"


def product(scope: Scope, page_text: PageText, vocabulary: Vocabulary) -> str | None:
    """Name the product of a scope: that alone its text names, else the whole page, else what it names most often."""
    text = page_text.text.lower()
    counts = {}
    for part in (text[scope.start : scope.end], text):
        counts = {name: sum(map(part.count, words)) for name, words in vocabulary.products.items()}
        named = [name for name, count in counts.items() if count]
        if len(named) == 1:
            return named[0]
    most = [name for name, count in counts.items() if count == max(counts.values())]
    return most[0] if len(most) == 1 else None
