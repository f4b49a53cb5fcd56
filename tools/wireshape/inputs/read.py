"""Turns files, folders and standard input into interactions; what cannot be read becomes a Problem, never a stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from wireshape.errors import InputError
from wireshape.inputs import body, cassette, har, ndjson
from wireshape.inputs.context import Context
from wireshape.inputs.files import _LINES, _YAML, Input, load
from wireshape.model import Item


def collect(found: Iterable[Input], context: Context) -> Iterator[Item]:
    """Yield what each input holds, in order."""
    for item in found:
        file = context.of(item.name)
        suffix = item.path.suffix.lower() if item.path else ""
        try:
            yield from _read(load(item), suffix, file)
        except InputError as error:
            yield file.problem(error)
        except OSError as error:
            yield file.problem(InputError(error.strerror or "cannot be read"))


def _read(raw: bytes, suffix: str, context: Context) -> Iterable[Item]:
    """Read by what the content is; the suffix settles only what the content leaves open."""
    if suffix in _YAML:
        return cassette.read(cassette.load(raw), context)
    if suffix in _LINES:
        return ndjson.read(raw, context)
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _read_no_json(raw, suffix, context)
    if har.is_har(document) or suffix == ".har":
        return har.read(document, context)
    if cassette.is_cassette(document):
        return cassette.read(document, context)
    return [body.read(raw, context)]


def _read_no_json(raw: bytes, suffix: str, context: Context) -> Iterable[Item]:
    if suffix == ".har":
        raise InputError("no HAR file: it is not JSON")
    if suffix != ".json" and cassette.looks_like_yaml(raw):
        return cassette.read(cassette.load(raw), context)
    if suffix != ".json" and ndjson.looks_like(raw):
        return ndjson.read(raw, context)
    return [body.read(raw, context)]
