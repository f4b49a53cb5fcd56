"""A page of documentation: which operations it documents, in which language, and the examples it gives of each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.lenientjson.reader import Example
from wireshape.model import Endpoint, Exit
from wireshape.pages import blocks, markup, vocabulary
from wireshape.pages.markup import PageText
from wireshape.pages.source_map import Source

LARGEST = 16_000_000
"""Bytes of a page that is read; the longest pages of the exchange have less than one million."""

_BETWEEN = r"(?:[\s`*:|\"'\xa0]|</?code>|&nbsp;){1,12}(?:https?://[\w.:-]+)?"
_REST = re.compile(rf"\b(GET|POST|PUT|DELETE)\b{_BETWEEN}(/[a-z]+/v[0-9]+/[\w/-]*\w)")
_MARKS = "#>*_|`-+ \t"
_TAG = re.compile(r"\s*(?:</?\w[^>]*>.*|`{3,}.*|~{3,}.*)")
_METHOD = re.compile(r"^[ \t>*]*`((?:v[0-9]+/)?[a-z]\w*(?:\.\w+)+)`[ \t\r]*$", re.MULTILINE)
_FRAME = re.compile(r'"method"[ \t]*:[ \t]*"([^"\n]{1,64})"')
_LINKS = re.compile(r"\([^()\s]*[/%][^()]*\)|https?://\S+")
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"(?:[ \t]*\([^()\n]{1,20}\))?[\s*_`>|:\uff1a-]*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})\b")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_HEADING = 48
"""Columns of a line that is a heading and no sentence; Chinese takes two for a character."""
_LINES = 3
_NEAR = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class PageExample:
    """One example of a section; margin and position are what its heading names of the account mode."""

    example: Example
    margin: str | None
    position: str | None
    request: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One operation as one language of a page documents it; endpoints are those of the catalogue it can be."""

    operation: str
    endpoints: tuple[Endpoint, ...]
    language: str
    weight: int | None
    weight_at: int
    shown: tuple[PageExample, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page with its sections in order; offsets in them are those of the flow, mapped to the source."""

    name: str
    source: Source
    flow: PageText
    sections: tuple[Section, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column in the page of an offset in the flow."""
        return self.source.place(self.flow.mapped.origin(offset))

    def found(self, defect: Defect) -> int:
        """Give where in the page a defect is: what lacks a comma lacks it right behind the value."""
        lacks = defect.rule == DefectRule.MISSING_COMMA
        return self.flow.mapped.behind(defect.offset) if lacks else self.flow.mapped.origin(defect.offset)


def read(raw: bytes, name: str, catalog: Catalog, endpoint: Endpoint | None = None) -> Page:
    """Read a page; endpoint is that of a page that names none. InputError where there is nothing to read."""
    text = _decoded(raw)
    flow = markup.read(text)
    sections = tuple(_Reader(flow, catalog, endpoint).sections())
    if not sections:
        raise InputError("no example was found on the page", exit_code=Exit.NOTHING)
    return Page(name=name, source=Source(text), flow=flow, sections=sections)


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise InputError(f"larger than {LARGEST // 1_000_000} MB, which no page of documentation is")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not a page of UTF-8 text") from error
    # A lone carriage return ends a line too; one character stays one, so every offset does.
    text = _LONE_RETURN.sub("\n", text)
    if "\0" in text:
        raise InputError("not a page of text: it holds NUL characters")
    if not text.strip():
        raise InputError("the page is empty", exit_code=Exit.NOTHING)
    return text


@dataclass(slots=True)
class _Draft:
    """A section being put together: the range of the page it speaks of, and its examples."""

    operation: str
    start: int
    end: int
    shown: list[PageExample]


class _Reader:
    def __init__(self, flow: PageText, catalog: Catalog, endpoint: Endpoint | None) -> None:
        self._flow = flow
        self._catalog = catalog
        self._endpoint = endpoint
        self._wording = vocabulary.load(catalog.schemas)
        named = sorted(self._found())
        # A line of its own says what a part of the page is about; a mention inside a sentence or a frame says less.
        alone = [each for each in named if self._stands_alone(each[0])]
        self._operations = alone or named or [(m.start(), m[1]) for m in _FRAME.finditer(flow.text)]
        self._at = [at for at, _ in self._operations]
        self._headings = [heading.start for heading in flow.headings]

    def sections(self) -> Iterator[Section]:
        """Yield each operation in each part of the page that documents it."""
        drafts: dict[tuple[str, int], _Draft] = {}
        before = 0
        for found in blocks.find(self._flow):
            start, end = self._range(found.start)
            operation, start, end = self._operation(found.start, start, end)
            draft = drafts.setdefault((operation, start), _Draft(operation, start, end, []))
            draft.shown.append(self._shown(found, max(before, start)))
            before = found.end
        for draft in drafts.values():
            yield self._section(draft)

    def _found(self) -> Iterator[tuple[int, str]]:
        """Yield where an operation is named, as it is sent: `GET /path`, or a WebSocket method."""
        for match in _REST.finditer(self._flow.text):
            yield match.start(), f"{match[1]} {match[2]}"
        methods = {e.operation.method for e in self._catalog.endpoints if e.payload}
        plain = re.compile(rf"^[ \t]*({'|'.join(map(re.escape, sorted(methods)))})[ \t\r]*$", re.MULTILINE)
        for match in (*_METHOD.finditer(self._flow.text), *(plain.finditer(self._flow.text) if methods else ())):
            yield match.start(), match[1]

    def _stands_alone(self, at: int) -> bool:
        start = self._flow.text.rfind("\n", max(at - _NEAR, 0), at) + 1
        return not self._flow.text[start:at].strip(_MARKS) and (start > 0 or at < _NEAR)

    def _range(self, at: int) -> tuple[int, int]:
        """Give the smallest subtree of headings around an example that names an operation, else the whole page."""
        index = bisect_right(self._headings, at) - 1
        while index >= 0:
            heading = self._flow.headings[index]
            if heading.end > at and bisect_left(self._at, heading.start) < bisect_left(self._at, heading.end):
                return heading.start, heading.end
            index = heading.parent
        return 0, len(self._flow.text)

    def _between(self, start: int, end: int) -> list[tuple[int, str]]:
        return self._operations[bisect_left(self._at, start) : bisect_left(self._at, end)]

    def _operation(self, at: int, start: int, end: int) -> tuple[str, int, int]:
        """Give the operation of an example, the one named before it if any, and the part of the range about it."""
        named = self._between(start, end)
        if not named:
            return "", start, end
        before = [each for each in named if each[0] <= at]
        operation = before[-1][1] if before else named[0][1]
        others = [where for where, other in named if other != operation]
        last = max((where for where in others if where <= at), default=None)
        following = min((where for where in others if where > at), default=None)
        if last is not None:
            start = next(where for where, each in named if where > last and each == operation)
        return operation, start, end if following is None or not before else following

    def _shown(self, found: Example, since: int) -> PageExample:
        near = self._flow.text[max(since, found.start - _NEAR) : found.start].splitlines()
        if near and near[-1].strip():
            near[-1] = near[-1][-_HEADING:]  # a page without line breaks: the heading is the end of what comes before
        heads = (line for line in reversed(near) if line.strip() and not _TAG.fullmatch(line))
        lines = [line for line in heads if _columns(line) <= _HEADING][:_LINES]
        margin = vocabulary.named(lines, self._wording.margin)
        position = vocabulary.named(lines, self._wording.position)
        value = found.value
        frame = isinstance(value, dict) and "method" in value and not {"result", "status"} & value.keys()
        request = frame or vocabulary.named(lines, self._wording.heads) == "request"
        return PageExample(example=found, margin=margin, position=position, request=request)

    def _section(self, draft: _Draft) -> Section:
        part = self._flow.text[draft.start : draft.end]
        weight = self._weight(part)
        return Section(
            operation=draft.operation,
            endpoints=self._endpoints(draft),
            language=_language(self._words(draft)),
            weight=int(weight[1].replace(",", "")) if weight else None,
            weight_at=draft.start + (weight.start(1) if weight else 0),
            shown=tuple(draft.shown),
        )

    def _words(self, draft: _Draft) -> str:
        """Give what a section says in words: its text without the examples, and their comments."""
        words = []
        at = draft.start
        for shown in draft.shown:
            words.append(self._flow.text[at : shown.example.start])
            words += [comment.text for comments in shown.example.comments.values() for comment in comments]
            at = shown.example.end
        return " ".join([*words, self._flow.text[at : draft.end]])

    def _weight(self, part: str) -> re.Match[str] | None:
        """Find the number that follows the word for weight, on its line or one of the next."""
        for word in self._wording.weight.finditer(part):
            stop = part.find("\n", word.end())
            rest = _NUMBER.match(part, word.end()) or (_NUMBER.match(part, stop) if stop >= 0 else None)
            if rest:
                return rest
        return None

    def _endpoints(self, draft: _Draft) -> tuple[Endpoint, ...]:
        """Give the endpoints of the catalogue an operation can be; the product settles what a method leaves open."""
        method, _, path = draft.operation.partition(" ")
        if path:
            found = self._catalog.find(method, path)
            return (found,) if found else ()
        if not method:
            return (self._endpoint,) if self._endpoint else ()
        known = tuple(e for e in self._catalog.endpoints if e.payload and e.operation.method == method)
        if len(known) > 1:
            for text in (self._flow.text[draft.start : draft.end], self._flow.text):
                products = [p for p, words in self._wording.products.items() if any(w in text.lower() for w in words)]
                if len(products) == 1:
                    return tuple(each for each in known if each.product == products[0])
        return known


def _language(words: str) -> str:
    """Tell Chinese from English by the letters, addresses of pages left out."""
    text = _LINKS.sub("", words)
    return "zh" if len(_CJK.findall(text)) * 10 > len(_WORD.findall(text)) else "en"


def _columns(line: str) -> int:
    plain = _LINKS.sub("", line).strip()
    return len(plain) + len(_CJK.findall(plain))
