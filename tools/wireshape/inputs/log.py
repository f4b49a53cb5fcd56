"""Reads lines that have JSON behind something else: logs, and what WebSocket clients print in a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from wireshape.errors import InputError
from wireshape.inputs import body, evidence, origins
from wireshape.inputs.content import BOM, NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.frame_matcher import FrameMatcher
from wireshape.inputs.line_blocks import PREFIX, LineBlocks
from wireshape.inputs.sources import BodySource, FileText, Span
from wireshape.jsontext.source_map import SourceMap
from wireshape.model import Endpoint, Item, Location, Problem, Skipped, ToldBy

SUFFIXES: frozenset[str] = frozenset()
MAX_STARTS = 20
"""Brackets of a line at which JSON is looked for."""
_BRACKET = re.compile(r"[{\[](?=\s*[\[{\"\]}0-9-])")
_ADDRESS = re.compile(
    r"(?P<socket>wss?://\S+)|\b(?P<method>GET|POST|PUT|DELETE)\b\W{1,4}(?P<url>\w+://\S+|/\S+)|(?P<plain>https?://\S+)"
)
# What a terminal makes colours and moves its cursor with.
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
_DATE = re.compile(
    r"(?<![\d.])(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[-+]\d\d:?\d\d)?"
    r"|1\d{9}(?:\.\d{1,9}|\d{3})?)(?![\d.])"
)
_METHOD = "GET"
_DECODER = json.JSONDecoder()
_RECOGNIZED_LINES = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """A line with JSON: what stands before it, the text of it, its value, and over how many lines that goes."""

    number: int
    prefix: str
    text: str
    value: Any
    size: int = 1


def recognizes(content: Content) -> bool:
    """Take text that does not begin as JSON or markup, and has an object behind something else in a line."""
    if not content.other_text or content.raw.removeprefix(BOM).lstrip()[:1] in {b"", b"{", b'"'}:
        return False
    lines = _lines(content.raw)[:_RECOGNIZED_LINES]
    blocks = LineBlocks(lines)
    found = (_found(line, 0) or _opened(blocks, index) for index, line in enumerate(lines))
    named = content.suffix == ".log"
    return any(each is not None and (each.prefix or named) and isinstance(each.value, dict) for each in found)


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per line that holds an answer; other lines say which request it belongs to, or nothing."""
    reader = _Reader(context)
    written = content.raw.removeprefix(BOM).split(b"\n")
    lines = _lines(content.raw)
    blocks = LineBlocks(lines)
    at = 0
    while at < len(lines):
        found = _found(lines[at], at + 1) or _opened(blocks, at)
        size = found.size if found else 1
        raw = b"\n".join(written[at : at + size])
        item = reader.item(lines[at], found, Content(raw=raw, suffix="", line=at + 1, packed=content.packed))
        if item is None and not found and evidence.mentions_answer(blocks.broken(at), context.catalog):
            item = context.problem(InputError("an answer begins here that is not JSON, or is cut short"))
        if isinstance(item, Problem):
            yield replace(item, location=replace(item.location, line=at + 1))
        elif item is not None:
            yield item
        at += size


def _lines(raw: bytes) -> list[str]:
    return _ESCAPES.sub("", raw.removeprefix(BOM).decode("utf-8", "surrogateescape")).split("\n")


def _found(line: str, number: int) -> _Line | None:
    """Find the first JSON object or array of a line; None where it has none."""
    for count, match in enumerate(_BRACKET.finditer(line)):
        if count == MAX_STARTS:
            break
        prefix = line[: match.start()]
        if prefix and not PREFIX.fullmatch(prefix):
            continue
        try:
            value, end = _DECODER.raw_decode(line, match.start())
        except (ValueError, RecursionError):
            continue
        if value:
            return _Line(number=number, prefix=prefix, text=line[match.start() : end], value=value)
    return None


def _opened(blocks: LineBlocks, index: int) -> _Line | None:
    """Find the JSON that a line begins and others go on with; None where there is none."""
    block = blocks.at(index)
    if block is None or not block.value:
        return None
    return _Line(number=index + 1, prefix=block.prefix, text=block.text, value=block.value, size=block.size)


def _span(file: FileText, line: _Line) -> Span:
    """Find the JSON of a line, which is read without what moves the cursor, in the line as it is."""
    shown = SourceMap()
    done = 0
    for escape in _ESCAPES.finditer(file.text):
        shown.add(file.text[done : escape.start()], done)
        done = escape.end()
    shown.add(file.text[done:], done)
    said = shown.part(len(line.prefix), len(line.prefix) + len(line.text))
    return Span(start=said.source_offset(0), said=said)


class _Reader:
    """Reads line by line, and remembers the requests: frames by their id, and the last address that was named."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._socket: str | None = None
        self._requested: Endpoint | None = None
        self._date: str | None = None
        self._frames = False
        self._matcher = FrameMatcher(lambda method: context.asked(method, self._socket))

    def item(self, line: str, found: _Line | None, content: Content) -> Item | None:
        """Give what a line holds, None where that is no JSON; content is the line as it is written."""
        self._note_address(found.prefix if found else line)
        if found is None:
            date = _DATE.search(line)
            self._date = date[0] if date else self._date
            return self._cut_short(line)
        if self._matcher.request(found.value):
            self._frames = True
            return None
        return self._answer(found, content)

    def _note_address(self, text: str) -> None:
        for match in _ADDRESS.finditer(text):
            if match["socket"]:
                self._socket = match["socket"].rstrip("'\"),;")
            else:
                self._requested = self._context.find(
                    match["method"] or _METHOD, (match["url"] or match["plain"]).rstrip("'\"),;")
                )

    def _answer(self, line: _Line, content: Content) -> Item:
        asked = self._matcher.endpoints_of(line.value) if self._frames else None
        context = self._context.among(asked) if asked else self._context
        is_answer = evidence.has_fields if self._frames else evidence.looks_like_answer
        if not asked and (asked is not None or not is_answer(line.value, context.catalog)):
            return Skipped(location=Location(file=context.file, line=line.number))
        if not asked and self._requested:
            context, self._requested = replace(context, endpoint=self._requested, told_by=ToldBy.URL), None
        date = _DATE.search(line.prefix)
        above = None if line.prefix.strip() else self._date
        origin = origins.of(self._socket or line.prefix, date[0] if date else above)
        raw = line.text.encode("utf-8", "surrogateescape")
        value = NOT_JSON if context.endpoint else line.value
        source = BodySource(FileText(content), lambda file: _span(file, line))
        return body.interaction(raw, context, line.number, value=value, origin=origin, source=source)

    def _cut_short(self, line: str) -> Item | None:
        """Say where a line holds the beginning of an answer, which is not to pass for a line without any."""
        if evidence.mentions_answer(line, self._context.catalog):
            return self._context.problem(InputError("the line holds an answer that is not JSON, or is cut short"))
        return None
