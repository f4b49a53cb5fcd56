"""Reads what recorders and mock servers write, each format a row of recorders.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from wireshape.errors import InputError, UsageError
from wireshape.inputs import body, body_files, evidence, headers, identity, lookalikes, origins, recorder_rows, sources
from wireshape.inputs.bodies import Decoding, of_text
from wireshape.inputs.content import BOM, NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.identity import Identity
from wireshape.inputs.pointers import Found
from wireshape.inputs.recorder_rows import BodyPlace, Recorder
from wireshape.inputs.sources import FileText
from wireshape.jsontext import positions
from wireshape.model import Endpoint, Exit, InstancePath, Item, Location, Skipped, ToldBy

SUFFIXES: frozenset[str] = frozenset()
_ANY_METHOD = frozenset({"", "ANY"})
_METHOD = "GET"
"""What a mock that answers any method is taken to have been asked with."""
# From where on the pattern of an address is no text any more.
_PATTERN = re.compile(r"[\\\[\](){}$*+?|]|\.[*+?]")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One entry of a file, its number, and where its body is: path is that in the whole document."""

    row: Recorder
    number: int
    found: Found
    document: Any
    place: BodyPlace | None = None
    path: InstancePath = ()
    body: Any = None


def recognizes(content: Content) -> bool:
    """Take JSON with the entries of a recorder, an answer in a wrapper, and an array of answers."""
    return isinstance(content.document, dict | list) and row_of(content.document, content.raw) is not None


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per entry."""
    row = row_of(content.document, content.raw)
    if row is None or (row.evidence and not _evident(row, content.document, context)):
        yield from body.read(content, context)
    else:
        yield from entries(row, content.document, content, context)


def wrapper_of(document: Any, context: Context) -> Recorder | None:
    """Give the row of a document that has an answer in a wrapper which shows no recorder, None where it has none."""
    rows = (row for row in recorder_rows.load() if row.evidence)
    return next((row for row in rows if row.fits(document) and _evident(row, document, context)), None)


def row_of(document: Any, raw: bytes) -> Recorder | None:
    """Give the row a document is of, None where it is of none."""
    rows = (row for row in recorder_rows.load() if row.needle.encode() in raw)
    return next((row for row in rows if row.fits(document)), None)


def entries(row: Recorder, document: Any, content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per entry of a document that content holds, as JSON or in another form."""
    found = [_entry(row, each, document, number) for number, each in enumerate(row.found_in(document), 1)]
    if not found:
        raise InputError(f"this looks like {row.name} without {row.lacks}", exit_code=Exit.NOTHING)
    texts = _texts(content, [each.path for each in found if isinstance(each.body, dict | list)])
    file = FileText(content)
    for each in found:
        try:
            yield _item(each, file, context, texts)
        except (InputError, UsageError) as error:
            yield context.problem(error, each.number)


def _evident(row: Recorder, document: Any, context: Context) -> bool:
    """Tell whether a row that shows no recorder holds an answer, and is not one as a whole."""
    if evidence.looks_like_answer(document, context.catalog):
        return False
    found = (_entry(row, each, document, 0) for each in islice(row.found_in(document), recorder_rows.RECOGNIZED))
    # What has a name of its own has members that are named like those of answers, and is none for that.
    tells = evidence.is_surely_answer if lookalikes.name_of(document) else evidence.looks_like_answer
    return any(_endpoint(each, context) is not None or tells(_value(each.body), context.catalog) for each in found)


def _value(kept: Any) -> Any:
    return evidence.parsed(kept.encode("utf-8", "surrogatepass")) if isinstance(kept, str) else kept


def _entry(row: Recorder, found: Found, document: Any, number: int) -> _Entry:
    for place in row.body:
        kept = place.of(found.value)
        if kept is not None:
            path = (*found.path, *kept.path)
            return _Entry(
                row=row, number=number, found=found, document=document, place=place, path=path, body=kept.value
            )
    return _Entry(row=row, number=number, found=found, document=document)


def _request(entry: _Entry) -> tuple[str, str | None]:
    row = entry.row
    method = (row.text(entry.found, row.method) or "").upper()
    url = row.text(entry.found, row.url)
    if url is not None and row.pattern:
        url = _PATTERN.split(url.lstrip("^"), maxsplit=1)[0]
    return _METHOD if method in _ANY_METHOD else method, url


def _endpoint(entry: _Entry, context: Context) -> Endpoint | None:
    """Give the endpoint an entry says it asked, None where it says none or one that is not in the catalogue."""
    method, url = _request(entry)
    return context.find(method, url) if url is not None else None


def _item(entry: _Entry, file: FileText, context: Context, texts: dict[InstancePath, bytes]) -> Item:
    row = entry.row
    method, url = _request(entry)
    endpoint = context.find(method, url) if url is not None else None
    if url is not None and endpoint is None:
        return Skipped(location=Location(file=context.file, entry=entry.number))
    raw = _raw(entry, file.content, texts)
    kept = headers.read(row.value(entry.found, row.headers))
    date = row.value(entry.found, row.date, entry.document) or kept.get("date")
    origin = origins.of(row.text(entry.found, row.host, ".") or url, date)
    found = Identity(endpoint=endpoint, by=ToldBy.URL) if endpoint else None
    if found is None:
        value = evidence.parsed(raw, NOT_JSON)
        if row.mixed and not evidence.looks_like_answer(value, context.catalog):
            return Skipped(location=Location(file=context.file, entry=entry.number))
        found = body.identify(raw, value, context, origin)
    status = row.value(entry.found, row.status)
    item = context.interaction(
        found.endpoint,
        raw,
        entry=entry.number,
        status=int(status) if str(status).isdecimal() else None,
        encoding=kept.get("content-encoding", "").lower(),
        origin=origin,
        source=sources.in_document(file, entry.path),
    )
    return identity.told(item, found)


def _raw(entry: _Entry, content: Content, texts: dict[InstancePath, bytes]) -> bytes:
    """Give the bytes of a body; InputError where there is none, or it cannot be decoded."""
    if entry.place is None:
        raise InputError("the entry has no response with a body")
    if entry.place.decoding is Decoding.FILE:
        return body_files.read(content, entry.place.folder, entry.body)
    raw = of_text(entry.body, entry.place.decoding)
    if raw is None:
        raw = texts.get(entry.path)
    if raw is None:
        raise InputError("the body is neither text nor JSON")
    return raw


def _texts(content: Content, paths: list[InstancePath]) -> dict[InstancePath, bytes]:
    """Cut the JSON values at paths out of the text as they are written there."""
    if not paths or content.document is NOT_JSON:
        return {}
    text = content.raw.removeprefix(BOM).decode()
    decoder = json.JSONDecoder()
    try:
        starts = positions.offsets(text, paths, repeated=True)
        ends = {path: decoder.raw_decode(text, start)[1] for path, start in starts.items()}
    except RecursionError:
        raise InputError("nested too deeply") from None
    return {path: text[starts[path] : end].encode() for path, end in ends.items()}
