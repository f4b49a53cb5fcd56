"""Reads a bare body: the file is the answer, so line and column of a finding are those of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wireshape.errors import InputError, UsageError
from wireshape.inputs import evidence, json5_text, lookalikes, sources
from wireshape.inputs.compression import decompressed
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.model import Endpoint, Interaction, Item, Location, Origin, Problem, Source

SUFFIXES: frozenset[str] = frozenset()


def recognizes(content: Content) -> bool:
    """Take whatever no other format takes: what is wrong with it is a finding."""
    del content
    return True


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield the one interaction; InputError where it looks like no answer, for all that it is not JSON but nearly."""
    if content.document is NOT_JSON and (nearly := _nearly_json(content.raw)) is not None:
        endpoint_of(nearly, context)
    yield interaction(content.raw, context, value=content.document, source=sources.whole(content))


def _nearly_json(raw: bytes) -> Any:
    """Read JSON with comments or trailing commas, as files of settings have them; None where it is not even that."""
    try:
        return evidence.parsed(json5_text.as_json(raw))
    except InputError:
        return None


def interaction(
    raw: bytes,
    context: Context,
    line: int | None = None,
    *,
    value: Any = NOT_JSON,
    origin: Origin | None = None,
    source: Source | None = None,
) -> Interaction | Problem:
    """Make an interaction of a body; the call has to say which endpoint answered it. line is that of a longer file.

    value is what the body says as JSON: what looks like no answer at all is a problem.
    """
    try:
        endpoint = endpoint_of(value, context)
        return Interaction(
            endpoint=endpoint,
            mode=context.mode_for(endpoint),
            origin=origin,
            status=None,
            body=decompressed(raw),
            location=Location(file=context.file, line=line),
            bare=True,
            source=source,
        )
    except (InputError, UsageError) as error:
        return context.problem(error)


def endpoint_of(value: Any, context: Context) -> Endpoint:
    """Give the endpoint that the call says answered a body; InputError where the body looks like no answer.

    What holds no names says nothing of what it is, and is taken for the answer it is said to be.
    """
    if value is NOT_JSON or context.trusting:
        return context.endpoint_of_call()
    sure = evidence.is_surely_answer(value, context.catalog)
    named = (
        None if sure else next(filter(None, map(lookalikes.name_of, evidence.payloads(value, context.catalog))), None)
    )
    if named:
        raise InputError(f"this looks like {named}, not like an answer of the catalogue")
    endpoint = context.endpoint_of_call()
    if value in ({}, [], None) or evidence.looks_like_answer(value, context.catalog, endpoint):
        return endpoint
    known = evidence.shared(value, endpoint, context.catalog)
    count = evidence.field_count(endpoint, context.catalog)
    raise InputError(f"this does not look like an answer of {endpoint.id}: it has {len(known)} of its {count} fields")
