"""Reads bodies where the call says they stand: `--body-at`, for files that no format reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wireshape.errors import InputError
from wireshape.inputs import cassette, json5, json5_text, pointers, recorders, safe_yaml
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.recorder_rows import BodyPlace, Recorder
from wireshape.model import Item


def read(content: Content, context: Context, pointer: str) -> Iterator[Item]:
    """Yield an interaction per body at a JSON Pointer: of the file, or of each line of NDJSON."""
    if content.suffix in cassette.SUFFIXES:
        yield from _bodies(pointer, safe_yaml.load(content.raw), content, context)
    elif content.suffix in json5.SUFFIXES:
        content = Content(raw=json5_text.as_json(content.raw), suffix=".json", json5=content.raw, packed=content.packed)
        yield from _bodies(pointer, content.document, content, context)
    elif content.document is not NOT_JSON:
        yield from _bodies(pointer, content.document, content, context)
    else:
        yield from _of_lines(pointer, content, context)


def _bodies(pointer: str, document: Any, content: Content, context: Context) -> Iterator[Item]:
    if next(pointers.find(document, pointer), None) is None:
        raise InputError(f"nothing is at {pointer}")
    row = Recorder(name="", lacks="", entries=(pointer,), body=(BodyPlace(at=""),), of_bodies=True)
    yield from recorders.entries(row, document, content, context)


def _of_lines(pointer: str, content: Content, context: Context) -> Iterator[Item]:
    lines = [
        Content(raw=line, suffix=content.suffix, line=number, packed=content.packed)
        for number, line in enumerate(content.raw.split(b"\n"), 1)
    ]
    if all(line.document is NOT_JSON for line in lines):
        raise InputError("neither JSON nor lines of it, so that no pointer leads anywhere")
    for line in lines:
        for item in _of_line(pointer, line, context) if line.raw.strip() else ():
            yield replace(item, location=replace(item.location, entry=None, line=line.line))


def _of_line(pointer: str, line: Content, context: Context) -> Iterator[Item]:
    if line.document is NOT_JSON:
        yield context.problem(InputError("the line is not JSON"))
        return
    try:
        yield from _bodies(pointer, line.document, line, context)
    except InputError as error:
        yield context.problem(error)
