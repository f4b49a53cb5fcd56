"""Reads HAR files, the archives browsers and proxies write, WebSocket messages included."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import date
from typing import Any

from wireshape.errors import InputError
from wireshape.inputs import dates
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.frame_matcher import FrameMatcher, parsed
from wireshape.jsontext.paths import at
from wireshape.model import Endpoint, Item, Location, Skipped

SUFFIXES = frozenset({".har"})


def recognizes(content: Content) -> bool:
    """Take JSON that has a log with entries."""
    return b'"log"' in content.raw and isinstance(at(content.document, ("log", "entries")), list)


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per entry, and per WebSocket message that answers a request of the catalogue."""
    if not recognizes(content):
        raise InputError(f"not a HAR file: {'not JSON' if content.document is NOT_JSON else 'no log with entries'}")
    for number, entry in enumerate(content.document["log"]["entries"], 1):
        url, method = at(entry, ("request", "url")), at(entry, ("request", "method"))
        messages = at(entry, ("_webSocketMessages",))
        if not isinstance(url, str) or not isinstance(method, str):
            yield context.problem(InputError("the entry has no request with method and url"), number)
        elif isinstance(messages, list):
            yield from (dates.dated(each, _recorded_on(entry)) for each in _messages(messages, url, context, number))
        else:
            yield dates.dated(_answer(entry, context.find(method, url), context, number), _recorded_on(entry))


def _answer(entry: Any, endpoint: Endpoint | None, context: Context, number: int) -> Item:
    if endpoint is None:
        return Skipped(location=Location(file=context.file, entry=number))
    status = at(entry, ("response", "status"))
    text = at(entry, ("response", "content", "text"))
    if not isinstance(text, str):
        return context.problem(InputError("the archive was saved without response bodies"), number)
    body = text.encode("utf-8", "surrogatepass")
    if at(entry, ("response", "content", "encoding")) == "base64":
        try:
            body = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return context.problem(InputError("the body is marked as base64 and is not"), number)
    return context.interaction(endpoint, body, entry=number, status=status if isinstance(status, int) else None)


def _recorded_on(entry: Any) -> date | None:
    started = at(entry, ("startedDateTime",))
    return dates.day(started) if isinstance(started, str) else None


def _messages(messages: list[Any], url: str, context: Context, number: int) -> Iterator[Item]:
    matcher = FrameMatcher(lambda method: context.find(method, url))
    for message in messages:
        data = at(message, ("data",))
        frame = parsed(data)
        if at(message, ("type",)) == "send":
            matcher.request(frame)
            continue
        text = at(message, ("opcode",)) in (1, None) and isinstance(data, str)
        endpoint = matcher.endpoint_of(frame) if text else None
        if endpoint is None:
            yield Skipped(location=Location(file=context.file, entry=number))
        else:
            yield context.interaction(endpoint, data.encode("utf-8", "surrogatepass"), entry=number)
