"""Reads a bare body: the file is the answer, so line and column of a finding are those of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError, UsageError
from wireshape.inputs import dates, evidence, identity, json5_text, lookalikes, sources
from wireshape.inputs.compression import decompressed
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.identity import Identity
from wireshape.model import Endpoint, Interaction, Item, Location, Origin, Problem, Skipped, Source

SUFFIXES: frozenset[str] = frozenset()


def recognizes(content: Content) -> bool:
    """Take whatever no other format takes: what is wrong with it is a finding."""
    del content
    return True


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield the one interaction; InputError where it looks like no answer, for all that it is not JSON but nearly."""
    value = content.document
    if value is NOT_JSON and (nearly := _nearly_json(content.raw)) is not None:
        value = nearly
    if lookalikes.is_index(value):
        yield Skipped(location=Location(file=context.file))
    else:
        yield interaction(content.raw, context, value=value, source=sources.whole(content))


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
    """Make an interaction of a body, and tell which endpoint answered it. line is that of a longer file.

    value is what the body says as JSON: what looks like no answer at all is a problem.
    """
    try:
        found = identify(raw, value, context, origin)
        return Interaction(
            endpoint=found.endpoint,
            mode=context.mode_for(found.endpoint),
            origin=origin,
            status=None,
            body=decompressed(raw),
            location=Location(file=context.file, line=line),
            bare=True,
            source=source,
            told_by=found.by,
        )
    except (InputError, UsageError) as error:
        return context.problem(error)


def identify(raw: bytes, value: Any, context: Context, origin: Origin | None = None) -> Identity:
    """Tell the endpoint that answered a body: the call may say it, or the body; InputError where it looks like none.

    What holds no names says nothing of what it is, and is taken for the answer it is said to be.
    """
    catalog, said = context.catalog, context.endpoint
    if said is not None and (value is NOT_JSON or context.trusting):
        return Identity(endpoint=said, by=context.told_by)
    pool = context.candidates or catalog.endpoints
    if value is NOT_JSON:
        return identity.of_text(raw, catalog, pool, context.file)
    _refuse_lookalike(value, catalog)
    if said is None and not _is_answer(value, pool, catalog):
        raise InputError("this does not look like an answer of the catalogue")
    if said is None:
        day = dates.day(origin.recorded_at) if origin else None
        return identity.of_value(value, catalog, pool, context.file, day or context.day)
    if value not in ({}, [], None) and not evidence.looks_like_answer(value, catalog, said):
        known, count = evidence.shared(value, said, catalog), evidence.field_count(said, catalog)
        raise InputError(f"this does not look like an answer of {said.id}: it has {len(known)} of its {count} fields")
    return Identity(endpoint=said, by=context.told_by)


def _refuse_lookalike(value: Any, catalog: Catalog) -> None:
    wording = lookalikes.WORDING if lookalikes.has_wording(value) and evidence.has_fields(value, catalog) else None
    if evidence.is_surely_answer(value, catalog) and not wording:
        return
    named = next(filter(None, map(lookalikes.name_of, evidence.payloads(value, catalog))), wording)
    if named:
        raise InputError(f"this looks like {named}, not like an answer of the catalogue")


def _is_answer(value: Any, pool: Sequence[Endpoint], catalog: Catalog) -> bool:
    """Tell whether a value may be an answer of a pool: by its fields, or by a frame that holds nothing else."""
    if value in ({}, [], None) or evidence.looks_like_answer(value, catalog):
        return True
    framed = [evidence.payload_of(value, each) for each in pool if evidence.in_frame(value, catalog, each)]
    return bool(framed) and all(
        held is value or held in ({}, []) or not isinstance(held, dict | list) for held in framed
    )
