"""Says where bodies stand in the files they were read from: worked out where something is found, and only then."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from wireshape.errors import InputError
from wireshape.inputs import json5_text
from wireshape.inputs.content import BOM, NOT_JSON, UTF_16, Content
from wireshape.jsontext import positions
from wireshape.jsontext.positions import Lines
from wireshape.jsontext.source_map import SourceMap
from wireshape.model import InstancePath, Interaction, Location

if TYPE_CHECKING:
    import yaml

MAX_PIECES = 1_000_000
"""Escapes and blanks in the bodies of an input that are looked at one by one; an answer of 700 symbols has 50,000."""
YAML_SUFFIXES = frozenset({".yaml", ".yml"})
_MARK = "\ufeff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where a body begins in a text, and what is written there as far as it is text that says itself."""

    start: int
    said: SourceMap


class FileText:
    """The text of a file, or of a line of one, and what was worked out of it for all bodies in it."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._pieces = 0

    def takes(self, start: int, end: int, marks: str) -> bool:
        """Tell whether a part of the text, taken apart at such marks, does not make too many pieces."""
        count = sum(self.text.count(mark, start, end) for mark in marks)
        if self._pieces + count > MAX_PIECES:
            return False
        self._pieces += count
        return True

    @cached_property
    def text(self) -> str:
        """The text without its byte order mark; offsets are of its characters."""
        raw = self.content.raw if self.content.json5 is None else self.content.json5
        if raw.startswith(UTF_16):
            return raw.decode("utf-16", "replace")
        return raw.removeprefix(BOM).decode("utf-8", "surrogateescape")

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text)

    @cached_property
    def json(self) -> SourceMap:
        """The text as JSON: what it is rewritten as where it is JSON5."""
        return json5_text.source_map(self.text) if self.content.json5 is not None else verbatim(self.text)

    @cached_property
    def index(self) -> positions.Index:
        """Where the values of the text as JSON stand in that."""
        return positions.Index(self.json.text)

    @cached_property
    def nodes(self) -> yaml.Node | None:
        """The nodes of the text as YAML."""
        from wireshape.inputs import safe_yaml

        return safe_yaml.compose(self.text)

    @property
    def is_yaml(self) -> bool:
        """Whether a document was read of it as YAML."""
        return self.content.suffix in YAML_SUFFIXES or self.content.document is NOT_JSON


class BodySource:
    """Where one body stands in a file: `find` looks for it when somebody asks."""

    def __init__(self, file: FileText, find: Callable[[FileText], Span | None]) -> None:
        self._file = file
        self._find = find

    def __call__(self, body: bytes, offsets: Collection[int], location: Location) -> dict[int, Location]:
        """Give where characters of a body stand; where the file has it in another form, that is where it begins."""
        span = self._span
        if span is None:
            return {}
        said = span.said if span.said.text == body.removeprefix(BOM).decode("utf-8", "surrogateescape") else SourceMap()
        return {
            offset: self._location(said.source_offset(offset) if said.length else span.start, location)
            for offset in offsets
        }

    @cached_property
    def _span(self) -> Span | None:
        try:
            span = self._find(self._file)
        except (InputError, ValueError, IndexError, RecursionError):  # what a reader took is not read again like that
            return None
        if span and span.said.text.startswith(_MARK):
            return replace(span, said=span.said.part(1, span.said.length))
        return span

    def _location(self, offset: int, location: Location) -> Location:
        at = self._file.lines.position(offset)
        content = self._file.content
        return replace(location, line=at.line + content.line - 1, column=at.column, unpacked=content.packed)


def verbatim(text: str, start: int = 0, end: int | None = None) -> SourceMap:
    """Give a part of a text as what it says itself."""
    found = SourceMap()
    found.add(text[start:end], start)
    return found


def locations(item: Interaction, offsets: Collection[int]) -> dict[int, Location]:
    """Give where characters of a body stand; where its file does not tell, that is the place of the interaction."""
    found = item.source(item.body, offsets, item.location) if item.source else {}
    return {offset: found.get(offset, item.location) for offset in offsets}


def whole(content: Content) -> BodySource:
    """Give the source of a body that is all of an input or of a line."""
    return BodySource(FileText(content), lambda file: Span(start=0, said=file.json))


def in_document(file: FileText, path: InstancePath) -> BodySource:
    """Give the source of a body that stands at a path of a document, in JSON, JSON5 or YAML."""
    return BodySource(file, lambda file: _in_yaml(file, path) if file.is_yaml else _in_json(file, path))


def _in_json(file: FileText, path: InstancePath) -> Span:
    """Find a string, or JSON in JSON."""
    from wireshape.jsontext import literals

    at = file.index.offset(path)
    end = file.index.end(at)
    start = file.json.source_offset(at)
    if file.text[start] not in "\"'":
        return Span(start=start, said=file.json.part(at, end))
    taken = file.takes(start, file.json.source_end(end), "\\")
    said = literals.source_map(file.text, start) if taken else SourceMap()
    return Span(start=start, said=said)


def _in_yaml(file: FileText, path: InstancePath) -> Span | None:
    from wireshape.inputs import yaml_text

    if file.nodes is None:
        return None
    node = yaml_text.find(file.nodes, path)
    start, end = yaml_text.start(file.text, node), node.end_mark.index
    said = yaml_text.source_map(file.text, node) if file.takes(start, end, "\\' \t\n") else None
    return Span(start=start, said=said or verbatim(file.text, start, end))
