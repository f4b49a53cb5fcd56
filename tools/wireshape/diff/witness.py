"""Witnesses by name: an endpoint `ENDPOINT[/MODE][@DAY or @REVISION]`, or a file or folder of captured answers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from wireshape.catalog import contracts, eras
from wireshape.catalog.endpoints import Catalog
from wireshape.check.envelope import Enveloped, is_error, refused, with_envelope
from wireshape.diff import git, shape
from wireshape.diff.shape import Shape
from wireshape.errors import ContractError, InputError, UsageError, WireshapeError, nearest
from wireshape.inputs import dates, read, sources
from wireshape.inputs.assignment import Assignment
from wireshape.inputs.context import Context
from wireshape.inputs.files import Selection
from wireshape.jsontext import parser, paths
from wireshape.jsontext.document import Document
from wireshape.model import Endpoint, Exit, Interaction, Location, Mode, Problem

_CONTRACT = "contract:"
_MAX_LISTED = 20
"""Answers that are not compared, and are listed."""
_NOT_COMPARED = "error response, not compared"


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


def of(catalog: Catalog, word: str, assigned: Assignment | None = None, mode: str | None = None) -> Witness:
    """Give the witness a word names; UsageError or InputError where it names none.

    The assignment and the mode are for answers that do not say theirs.
    """
    if names_contract(catalog, word):
        return _contract(catalog, word)
    return _answers(Context(catalog=catalog, assigned=assigned, mode=mode), word)


def names_contract(catalog: Catalog, word: str) -> bool:
    """Tell whether a word names a contract: it says so, or it is an endpoint and no file has that name."""
    known = any(_endpoint_id(word) == endpoint.id for endpoint in catalog.endpoints)
    return word.startswith(_CONTRACT) or (known and not os.path.lexists(word))


def selected(catalog: Catalog, words: Iterable[str]) -> Selection:
    """List the inputs that are read for words that name answers."""
    return read.select(word for word in words if not names_contract(catalog, word))


def _endpoint_id(word: str) -> str:
    return word.partition("@")[0].partition("/")[0]


def of_contract(
    catalog: Catalog, endpoint: Endpoint, modes: Sequence[Mode], name: str, group: str | None = None
) -> Witness:
    """Give the witness of an endpoint's contracts: of one mode, or of what holds in any of several."""
    schemas = [contracts.load(catalog, endpoint, mode) for mode in modes]
    path = (endpoint.payload,) if endpoint.payload else ()
    known = [
        shape.of_contract(name, each.at(path), endpoint.positions).without(contracts.inside(endpoint, each.absent))
        for each in schemas
    ]
    payload = shape.merged(name, known)
    envelope = None
    if endpoint.payload:
        outer = {**schemas[0].schema, "properties": dict(schemas[0].schema["properties"])}
        outer["properties"][endpoint.payload] = {"type": "object"}
        envelope = shape.of_contract(name, outer)
    mode = modes[0] if len(modes) == 1 else None
    return Witness(name=name, endpoint=endpoint, mode=mode, payload=payload, envelope=envelope, group=group)


def _contract(catalog: Catalog, word: str) -> Witness:
    name, at_sign, revision = word.removeprefix(_CONTRACT).partition("@")
    endpoint_id, slash, mode = name.partition("/")
    if at_sign and not revision:
        raise UsageError(f"{word}: a day or a git revision must follow the @")
    if slash and not mode:
        raise UsageError(f"{word}: a mode must follow the /")
    if not revision:
        return _of_modes(catalog, endpoint_id, mode, name)
    if day := dates.named(revision):
        return _as_of(catalog, endpoint_id, mode, word, day)
    try:
        return _of_modes(git.catalog_at(revision), endpoint_id, mode, word)
    except ContractError as error:
        raise git.unreadable(revision, error) from None


def _as_of(catalog: Catalog, endpoint_id: str, mode: str, name: str, day: date) -> Witness:
    """Give the witness of the contracts of a day; UsageError where there was no such endpoint or mode then."""
    if day > dates.today():
        raise UsageError(f"{name}: {day} is still to come")
    endpoint = catalog.get(endpoint_id)
    era = eras.at(catalog, day)
    if endpoint.id not in {each.id for each in era.endpoints}:
        raise UsageError(f"{name}: {endpoint.id} did not answer on {day}; `wireshape history {endpoint.id}` says when")
    then = [str(each) for each in era.get(endpoint.id).modes]
    if mode and str(catalog.mode(endpoint, mode)) not in then:
        raise UsageError(f"{name}: {endpoint.id} had no mode {mode} on {day}; its modes then: {', '.join(then)}")
    return _of_modes(era, endpoint_id, mode, name)


def _of_modes(catalog: Catalog, endpoint_id: str, mode: str, name: str) -> Witness:
    endpoint = catalog.get(endpoint_id)
    modes = [catalog.mode(endpoint, mode)] if mode else endpoint.modes
    whole = of_contract(catalog, endpoint, modes, name)
    each = tuple(of_contract(catalog, endpoint, [one], name) for one in modes) if len(modes) > 1 else ()
    return replace(whole, by_mode=each)


def _answers(context: Context, word: str) -> Witness:
    selection = read.select([word])
    items = [*selection.problems, *read.items(selection.inputs, context)]
    answers = [item for item in items if isinstance(item, Interaction)]
    problems = [item for item in items if isinstance(item, Problem)]
    if problems:
        first = min(problems, key=lambda problem: problem.exit_code == Exit.NOTHING)
        beside = bool(answers) and first.exit_code == Exit.NOTHING
        raise _stopped(context.catalog, word, replace(first, exit_code=Exit.UNCHECKED) if beside else first)
    if not answers:
        raise InputError(f"{word}: no answer of an endpoint in the catalogue", exit_code=Exit.NOTHING)
    answered = dict.fromkeys(item.endpoint.id for item in answers)
    if len(answered) > 1:
        raise UsageError(f"{word}: answers of several endpoints, {', '.join(answered)}; compare one at a time")
    return observed(context.catalog, word, answers)


def _stopped(catalog: Catalog, word: str, problem: Problem) -> WireshapeError:
    """Give the error for what could not be read; a name that is no file may be a misspelt endpoint."""
    said = f"{problem.location}: {problem.reason}"
    hint = nearest(_endpoint_id(word), (endpoint.id for endpoint in catalog.endpoints))
    if hint and not os.path.lexists(word) and Path(word).suffix not in read.SUFFIXES:
        return UsageError(f"{said}, and no such endpoint{hint}; `wireshape endpoints` lists them")
    return UsageError(said) if problem.exit_code == Exit.USAGE else InputError(said, exit_code=Exit(problem.exit_code))


def observed(catalog: Catalog, name: str, items: Sequence[Interaction]) -> Witness:
    """Give the witness of answers of one endpoint; InputError where they show no shape."""
    endpoint = items[0].endpoint
    decoded = {id(item): _answer(item, catalog) for item in items}
    answers = tuple(answer for answer in decoded.values() if answer)
    errors = [item for item in items if decoded[id(item)] is None]
    if not answers:
        raise InputError(f"{name}: only error responses, so nothing to compare")
    modes = {answer.item.mode for answer in answers}
    envelopes = [
        {**answer.enveloped.value, endpoint.payload: {}}
        for answer in answers
        if endpoint.payload and isinstance(answer.enveloped.value, dict) and not answer.enveloped.added
    ]
    return Witness(
        name=name,
        endpoint=endpoint,
        mode=modes.pop() if len(modes) == 1 else None,
        payload=_payload(catalog, name, endpoint, answers),
        envelope=shape.of_bodies(name, envelopes) if envelopes else None,
        answers=answers,
        problems=_not_compared([item for item in errors if not item.expects_error]),
    )


def _not_compared(errors: Sequence[Interaction]) -> tuple[Problem, ...]:
    """List the first error answers, and how many more there are."""
    problems = [Problem(location=item.location, reason=_NOT_COMPARED) for item in errors[:_MAX_LISTED]]
    if more := errors[_MAX_LISTED:]:
        location = Location(file=more[0].location.file)
        problems.append(Problem(location=location, reason=f"{len(more):,} more entries like this: {_NOT_COMPARED}"))
    return tuple(problems)


def _payload(catalog: Catalog, name: str, endpoint: Endpoint, answers: Sequence[Answer]) -> Shape:
    """Give the shape of the payload of answers; InputError where it has no field."""
    path = (endpoint.payload,) if endpoint.payload else ()
    bodies = [paths.at(answer.enveloped.value, path) for answer in answers]
    payload = replace(shape.of_bodies(name, bodies), limited=_limited(catalog, endpoint))
    if not any(field.types - {"array", "object"} for field in payload.fields.values()):
        reason = f"{name}: only empty arrays and objects, so nothing to compare"
        raise InputError(reason, exit_code=Exit.NOTHING)
    return payload


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
        raise InputError(f"{sources.locations(item, [error.offset])[error.offset]}: {error}") from None
    if document.duplicates:
        raise InputError(f"{item.location}: the key {paths.sample(document.duplicates[0])} is there twice")
    if is_error(item.endpoint, document.value, catalog, refused=refused(item)):
        return None
    enveloped = with_envelope(item.endpoint, document.value, catalog)
    return Answer(item=item, document=document, enveloped=enveloped)
