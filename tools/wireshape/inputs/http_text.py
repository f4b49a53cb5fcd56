"""Reads HTTP messages as text: what `curl -i` and `curl -v` print, and HTTPie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wireshape.errors import InputError, UsageError
from wireshape.inputs import body, evidence, headers, identity, origins
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.identity import Identity
from wireshape.inputs.sources import BodySource, FileText, Span
from wireshape.jsontext.source_map import SourceMap
from wireshape.model import Exit, Item, Location, Origin, Skipped, ToldBy

SUFFIXES: frozenset[str] = frozenset()
_STATUS = re.compile(rb"(?:< )?HTTP/[0-9.]+ (?P<status>[0-9]{3})\b")
_REQUEST = re.compile(rb"(?:> )?(?P<method>[A-Z]{3,7}) (?P<url>\S+) HTTP/[0-9.]+")
_HEADER = re.compile(rb"(?:[<>] )?(?P<name>[A-Za-z0-9_-]+): ?(?P<value>.*)")
# What curl tells of itself: remarks, marks of data, and its meter of progress.
_REMARK = re.compile(rb"\* |[{}] \[\d+ bytes|  % Total|  ?\d{1,3}? .*:--|[ \d-]+Dload|\s*\d.*--:--:--")
# Stands behind a body that does not end with a line break.
_LAST_REMARK = re.compile(rb"\* (?:Connection|Closing|Curl_)[^\n]*\Z")
_FIRST_FINAL = 200
_BLANK = " \t\n\r\x0b\f"
"""What bytes are stripped of."""


@dataclass(kw_only=True, slots=True)
class _Message:
    """A response as it is put together: the request before it, its status and headers, and the lines of its body.

    starts are the offsets of these lines in the file, begin and line that and the number of the line they are in.
    """

    status: int
    method: str = "GET"
    url: str | None = None
    host: str | None = None
    kept: list[list[str]] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    begin: int = 0
    line: int = 0

    def add(self, line: bytes, start: int, begin: int, number: int) -> None:
        """Take a line of the body, at an offset in the line of the file that begins at another and has a number."""
        if not self.lines:
            self.begin, self.line = begin, number
        self.lines.append(line)
        self.starts.append(start)

    @property
    def body(self) -> bytes:
        """The body without the line breaks around it."""
        return _LAST_REMARK.sub(b"", b"".join(self.lines).strip()).strip()


def recognizes(content: Content) -> bool:
    """Take text with the line of a response's status, at its beginning or after what curl tells."""
    head = content.raw[:65536].splitlines()
    first = next((line for line in head if line.strip()), b"")
    begins = any(pattern.match(first) for pattern in (_STATUS, _REQUEST, _REMARK))
    return begins and any(_STATUS.match(line) for line in head)


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per final response that has a body."""
    found = [each for each in _messages(content.raw) if each.status >= _FIRST_FINAL and each.body]
    if not found:
        raise InputError("this looks like HTTP without the body of a response", exit_code=Exit.NOTHING)
    for number, each in enumerate(found, 1):
        raw = content.raw[each.begin : each.starts[-1] + len(each.lines[-1])]
        lines = Content(raw=raw, suffix="", line=each.line, packed=content.packed)
        yield _item(each, context, number, lines)


def _messages(raw: bytes) -> list[_Message]:
    """Take a text apart: requests, and the responses that follow each."""
    found: list[_Message] = []
    request = _Message(status=0)
    in_head = False
    at = begin = 0
    number = 1
    for line in raw.splitlines(keepends=True):
        if match := _REQUEST.match(line):
            request = _Message(status=0, method=match["method"].decode(), url=match["url"].decode("ascii", "replace"))
            in_head = False
        elif match := _STATUS.match(line):
            found.append(
                _Message(status=int(match["status"]), method=request.method, url=request.url, host=request.host)
            )
            in_head = True
        elif in_head and not line.strip(b"<\r\n "):
            in_head = False
        elif in_head or line.startswith((b"> ", b"< ")) or _is_host(line, request):
            _add_header(line, found[-1] if in_head else request)
        elif found and not _REMARK.match(line):
            found[-1].add(line, at, begin, number)
        at += len(line)
        if line.endswith(b"\n"):
            begin, number = at, number + 1
    return found


def _is_host(line: bytes, request: _Message) -> bool:
    return request.url is not None and request.host is None and line.lower().startswith(b"host:")


def _add_header(line: bytes, message: _Message) -> None:
    match = _HEADER.match(line)
    if match is None:
        return
    name, value = match["name"].decode(), match["value"].decode("utf-8", "replace").strip()
    if message.status:
        message.kept.append([name, value])
    elif name.lower() == "host":
        message.host = value


def _item(message: _Message, context: Context, number: int, lines: Content) -> Item:
    kept = headers.read(message.kept)
    origin = origins.of(message.host or message.url, kept.get("date"))
    try:
        found = _identity(message, context, origin)
    except (InputError, UsageError) as error:
        return context.problem(error, number)
    if found is None:
        return Skipped(location=Location(file=context.file, entry=number))
    item = context.interaction(
        found.endpoint,
        message.body,
        entry=number,
        status=message.status,
        encoding=kept.get("content-encoding", "").lower(),
        origin=origin,
        source=BodySource(FileText(lines), lambda file: _span(file, message)),
    )
    return identity.told(item, found)


def _identity(message: _Message, context: Context, origin: Origin | None) -> Identity | None:
    """Tell the endpoint of a message by its request, else by its body; None for one that is not in the catalogue."""
    if message.url is None:
        return body.identify(message.body, evidence.parsed(message.body, NOT_JSON), context, origin)
    endpoint = context.find(message.method, message.url)
    return Identity(endpoint=endpoint, by=ToldBy.URL) if endpoint else None


def _span(file: FileText, message: _Message) -> Span:
    """Find the body of a response in the lines that are its own."""
    lines = SourceMap()
    done, start = message.begin, 0
    for begin, line in zip(message.starts, message.lines, strict=True):
        start += len(_text(file.content.raw[done - message.begin : begin - message.begin]))
        lines.add(_text(line), start)
        done, start = begin + len(line), start + len(_text(line))
    begins = len(lines.text) - len(lines.text.lstrip(_BLANK))
    said = lines.part(begins, begins + len(_text(message.body)))
    return Span(start=said.source_offset(0), said=said)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
