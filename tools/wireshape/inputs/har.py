"""Reads HAR files, the archives browsers and proxies write, WebSocket messages included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from wireshape.errors import InputError
from wireshape.inputs import bodies, body, dates, evidence, headers, identity, origins, sources
from wireshape.inputs.bodies import Decoding
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.frame_matcher import FrameMatcher, parsed
from wireshape.inputs.sources import FileText
from wireshape.jsontext.paths import at
from wireshape.model import Endpoint, Exit, Interaction, Item, Location, Skipped

SUFFIXES = frozenset({".har"})


def recognizes(content: Content) -> bool:
    """Take JSON that has a log with entries."""
    return b'"log"' in content.raw and isinstance(at(content.document, ("log", "entries")), list)


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per entry, and per WebSocket message that answers a request of the catalogue."""
    if not recognizes(content):
        raise InputError(f"not a HAR file: {'not JSON' if content.document is NOT_JSON else 'no log with entries'}")
    if not content.document["log"]["entries"]:
        raise InputError("this looks like a HAR file without entries", exit_code=Exit.NOTHING)
    file = FileText(content)
    for number, entry in enumerate(content.document["log"]["entries"], 1):
        url, method = at(entry, ("request", "url")), at(entry, ("request", "method"))
        messages = at(entry, ("_webSocketMessages",))
        if not isinstance(url, str) or not isinstance(method, str):
            yield context.problem(InputError("the entry has no request with method and url"), number)
        elif isinstance(messages, list):
            answers = _messages(messages, url, context, number, file)
            yield from (dates.dated(each, _recorded_on(entry)) for each in answers)
        else:
            yield _answer(entry, context.find(method, url), context, number, file)


def _answer(entry: Any, endpoint: Endpoint | None, context: Context, number: int, file: FileText) -> Item:
    if endpoint is None:
        return Skipped(location=Location(file=context.file, entry=number))
    try:
        body = _body(at(entry, ("response", "content")))
    except InputError as error:
        return context.problem(error, number)
    status = at(entry, ("response", "status"))
    kept = headers.read(at(entry, ("response", "headers")))
    date = at(entry, ("startedDateTime",)) or kept.get("date")
    return context.interaction(
        endpoint,
        body,
        entry=number,
        status=status if isinstance(status, int) else None,
        encoding=kept.get("content-encoding", "").lower(),
        origin=origins.of(at(entry, ("request", "url")), date),
        source=sources.in_document(file, ("log", "entries", number - 1, "response", "content", "text")),
    )


def _body(content: Any) -> bytes:
    """Give the body of an entry; Polly.js keeps one that came in chunks as a list of them, in base64 or hexadecimal."""
    text = at(content, ("text",))
    if not isinstance(text, str):
        raise InputError("the archive was saved without response bodies")
    chunks = parsed(text) if text.startswith('["') else None
    if isinstance(chunks, list) and (joined := bodies.of_text(chunks)) is not None:
        return joined
    encoded = at(content, ("encoding",)) == "base64"
    return bodies.of_text(text, Decoding.BASE64 if encoded else Decoding.TEXT) or b""


def _recorded_on(entry: Any) -> date | None:
    started = at(entry, ("startedDateTime",))
    return dates.day(started) if isinstance(started, str) else None


def _messages(messages: list[Any], url: str, context: Context, number: int, file: FileText) -> Iterator[Item]:
    matcher = FrameMatcher(lambda method: context.asked(method, url))
    for index, message in enumerate(messages):
        data = at(message, ("data",))
        frame = parsed(data)
        if at(message, ("type",)) == "send":
            matcher.request(frame)
            continue
        text = at(message, ("opcode",)) in (1, None) and isinstance(data, str)
        asked = matcher.endpoints_of(frame) if text else ()
        unasked = asked is None and evidence.has_fields(frame, context.catalog)
        if not asked and not unasked:
            yield Skipped(location=Location(file=context.file, entry=number))
        else:
            source = sources.in_document(file, ("log", "entries", number - 1, "_webSocketMessages", index, "data"))
            of_message = context.among(asked) if asked else context
            item = _framed(data.encode("utf-8", "surrogatepass"), frame, of_message, number)
            yield replace(item, source=source) if isinstance(item, Interaction) else item


def _framed(raw: bytes, frame: Any, context: Context, number: int) -> Item:
    try:
        found = body.identify(raw, NOT_JSON if context.endpoint or frame is None else frame, context)
    except InputError as error:
        return context.problem(error, number)
    return identity.told(context.interaction(found.endpoint, raw, entry=number), found)
