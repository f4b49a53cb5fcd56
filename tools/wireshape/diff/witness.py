"""Witnesses by name: `contract:ENDPOINT[/MODE][@GITREV]`, or a file or folder of captured answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from wireshape.catalog import contracts, endpoints
from wireshape.catalog.endpoints import Catalog
from wireshape.check.envelope import Enveloped, is_error, refused, with_envelope
from wireshape.diff import shape
from wireshape.diff.git import _at_revision
from wireshape.diff.shape import Shape
from wireshape.errors import InputError, UsageError
from wireshape.findings import build
from wireshape.inputs import files, read
from wireshape.inputs.context import Context
from wireshape.jsontext import parser, paths
from wireshape.jsontext.document import Document
from wireshape.model import Endpoint, Exit, Interaction, Mode, Problem

CONTRACT = "contract:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer behind a shape: what was captured, decoded, and its value with an envelope that it may lack."""

    item: Interaction
    document: Document
    enveloped: Enveloped


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """One side of a comparison: the shape of the payload, of the envelope if there is one, and the answers behind.

    `by_mode` holds the contracts of each mode where a contract was named without one, `group` the margin mode that
    several modes share; `problems` are answers that show no shape.
    """

    name: str
    endpoint: Endpoint
    mode: Mode | None
    payload: Shape
    envelope: Shape | None
    group: str | None = None
    answers: tuple[Answer, ...] = ()
    by_mode: tuple[Witness, ...] = ()
    problems: tuple[Problem, ...] = ()


def of(selector: str, endpoint: Endpoint | None = None, mode: str | None = None) -> Witness:
    """Give the witness a selector names; UsageError or InputError where it names none."""
    return _answers(selector, endpoint, mode) if is_answers(selector) else _contract(selector)


def is_answers(selector: str) -> bool:
    """Tell whether a selector names captured answers, and no contract."""
    return not selector.startswith(CONTRACT)


def of_contract(
    catalog: Catalog, endpoint: Endpoint, modes: Sequence[Mode], name: str, group: str | None = None
) -> Witness:
    """Give the witness of an endpoint's contracts: of one mode, or of what holds in any of several."""
    schemas = [contracts.load(catalog, endpoint, mode) for mode in modes]
    path = (endpoint.payload,) if endpoint.payload else ()
    payload = shape.merged(name, [shape.of_contract(name, each.at(path), endpoint.positions) for each in schemas])
    envelope = None
    if endpoint.payload:
        outer = {**schemas[0].schema, "properties": dict(schemas[0].schema["properties"])}
        outer["properties"][endpoint.payload] = {"type": "object"}
        envelope = shape.of_contract(name, outer)
    mode = modes[0] if len(modes) == 1 else None
    return Witness(name=name, endpoint=endpoint, mode=mode, payload=payload, envelope=envelope, group=group)


def _contract(selector: str) -> Witness:
    name, at_sign, revision = selector.removeprefix(CONTRACT).partition("@")
    endpoint_id, slash, mode = name.partition("/")
    if (at_sign and not revision) or (slash and not mode):
        raise UsageError(f"{selector}: nothing stands behind the {'@' if at_sign and not revision else '/'}")
    catalog = _at_revision(revision) if revision else endpoints.load()
    endpoint = catalog.get(endpoint_id)
    modes = [catalog.mode(endpoint, mode)] if mode else endpoint.modes
    label = selector if revision else name
    whole = of_contract(catalog, endpoint, modes, label)
    each = tuple(of_contract(catalog, endpoint, [one], label) for one in modes) if len(modes) > 1 else ()
    return replace(whole, by_mode=each)


def _answers(selector: str, endpoint: Endpoint | None, mode: str | None) -> Witness:
    found, missing = files.inputs([selector])
    items = [*missing, *read.collect(found, Context(catalog=endpoints.load(), endpoint=endpoint, mode=mode))]
    for item in items:
        if isinstance(item, Problem):
            error = UsageError if item.exit_code == UsageError.exit_code else InputError
            raise error(f"{item.location}: {item.reason}")
    answers = [item for item in items if isinstance(item, Interaction)]
    if not answers:
        raise InputError(f"{selector}: nothing in it is an answer of the catalogue")
    answered = {item.endpoint.id: item.endpoint for item in answers}
    if len(answered) > 1:
        raise UsageError(f"{selector}: answers of different endpoints cannot be one witness: {', '.join(answered)}")
    return observed(selector, answers)


def observed(name: str, items: Sequence[Interaction]) -> Witness:
    """Give the witness of answers of one endpoint; InputError where they show no shape."""
    endpoint, catalog = items[0].endpoint, endpoints.load()
    read = {id(item): _answer(item, catalog) for item in items}
    good = tuple(answer for answer in read.values() if answer)
    if not good:
        raise InputError(f"{name}: only error answers, which have no shape to compare")
    values = [answer.enveloped.value for answer in good]
    payloads = [paths.at(value, (endpoint.payload,)) if endpoint.payload else value for value in values]
    payload = replace(shape.of_bodies(name, payloads), limited=_limited(catalog, endpoint))
    if not any(field.types - {"array", "object"} for field in payload.fields.values()):
        raise InputError(
            f"{name}: nothing but empty containers, so there is nothing to compare", exit_code=Exit.NOTHING
        )
    outer = [
        {**answer.enveloped.value, endpoint.payload: {}}
        for answer in good
        if endpoint.payload and isinstance(answer.enveloped.value, dict) and not answer.enveloped.added
    ]
    modes = {answer.item.mode for answer in good}
    errors = [item for item in items if read[id(item)] is None and not item.expects_error]
    reason = "an error answer, which has no shape to compare"
    return Witness(
        name=name,
        endpoint=endpoint,
        mode=modes.pop() if len(modes) == 1 else None,
        payload=payload,
        envelope=shape.of_bodies(name, outer) if outer else None,
        answers=good,
        problems=tuple(Problem(location=item.location, reason=reason) for item in errors),
    )


@cache
def _limited(catalog: Catalog, endpoint: Endpoint) -> frozenset[str]:
    """List the paths whose values the contracts of an endpoint name."""
    contract = of_contract(catalog, endpoint, endpoint.modes, endpoint.id).payload
    return frozenset(path for path, field in contract.fields.items() if field.values is not None)


def _answer(item: Interaction, catalog: Catalog) -> Answer | None:
    """Decode an answer; None for an error answer, InputError for what a client could not read as one value."""
    try:
        document = parser.parse(item.body)
    except parser.BodyError as error:
        if refused(item):
            return None
        there = build.shifted(item.location, error.position)
        raise InputError(f"{there if item.bare else item.location}: {error}") from None
    if document.duplicates:
        raise InputError(f"{item.location}: an object has a key twice, {paths.sample(document.duplicates[0])}")
    if is_error(item.endpoint, document.value, catalog, refused=refused(item)):
        return None
    enveloped = with_envelope(item.endpoint, document.value, catalog)
    return Answer(item=item, document=document, enveloped=enveloped)
