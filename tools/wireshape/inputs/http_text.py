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
from wireshape.model import Exit, Item, Location, Origin, Skipped
from wireshape.told import ToldBy

SUFFIXES: frozenset[str] = frozenset()
_STATUS = re.compile(rb"(?:< )?HTTP/[0-9.]+ (?P<status>[0-9]{3})\b")
_REQUEST = re.compile(rb"(?:> )?(?P<method>[A-Z]{3,7}) (?P<url>\S+) HTTP/[0-9.]+")
_HEADER = re.compile(rb"(?:[<>] )?(?P<name>[A-Za-z0-9_-]+): ?(?P<value>.*)")
# What curl tells of itself: remarks, marks of data, and its meter of progress.
_REMARK = re.compile(rb"\* |[{}] \[\d+ bytes|  % Total|  ?\d{1,3}? .*:--|[ \d-]+Dload|\s*\d.*--:--:--")
# Stands behind a body that does not end with a line break.
_LAST_REMARK = re.compile(rb"\* (?:Connection|Closing|Curl_)[^\n]*\Z")
_FIRST_FINAL = 200


@dataclass(kw_only=True, slots=True)
class _Message:
    """A response as it is put together: the request before it, its status and headers, and the lines of its body."""

    status: int
    method: str = "GET"
    url: str | None = None
    host: str | None = None
    kept: list[list[str]] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The body without the line breaks around it."""
        return _LAST_REMARK.sub(b"", b"".join(self.lines).strip()).strip()


def recognizes(content: Content) -> bool:
    """Take text with the line of a response's status, at its beginning or after what curl tells."""
    head = content.raw[:65536].splitlines()
    first = next((line for line in head if line.strip()), b"")
    begins = any(pattern.match(first) for pattern in (_STATUS, _REQUEST, _REMARK))
    return begins and content.other_text and any(_STATUS.match(line) for line in head)


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per final response that has a body."""
    found = [each for each in _messages(content.raw) if each.status >= _FIRST_FINAL and each.body]
    if not found:
        raise InputError("this looks like HTTP without the body of a response", exit_code=Exit.NOTHING)
    for number, each in enumerate(found, 1):
        yield _item(each, context, number)


def _messages(raw: bytes) -> list[_Message]:
    """Take a text apart: requests, and the responses that follow each."""
    found: list[_Message] = []
    request = _Message(status=0)
    in_head = False
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
            found[-1].lines.append(line)
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


def _item(message: _Message, context: Context, number: int) -> Item:
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
    )
    return identity.told(item, found)


def _identity(message: _Message, context: Context, origin: Origin | None) -> Identity | None:
    """Tell the endpoint of a message by its request, else by its body; None for one that is not in the catalogue."""
    if message.url is None:
        return body.identify(message.body, evidence.parsed(message.body, NOT_JSON), context, origin)
    endpoint = context.find(message.method, message.url)
    return Identity(endpoint=endpoint, by=ToldBy.URL) if endpoint else None
