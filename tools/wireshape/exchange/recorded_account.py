"""An account that answers what a file of recorded answers holds, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from wireshape.catalog.endpoints import Catalog
from wireshape.check import engines
from wireshape.check.conformance import ERROR
from wireshape.check.envelope import error_text, is_error, refused, with_envelope
from wireshape.check.modes import best_modes
from wireshape.errors import InputError, UsageError
from wireshape.inputs import read as inputs
from wireshape.inputs.context import Context
from wireshape.jsontext import parser, paths
from wireshape.model import Endpoint, Interaction, Mode, Problem

Json = dict[str, Any]
_LISTS = ("assets", "positions")
_NOTHING = "no answer of an account endpoint is in it"


class NotRecorded(Exception):  # noqa: N818 - the exchange answers with a refusal
    """The file has no answer of an endpoint; the text says so."""


_MAX_ANSWERS = 2000
"""Of a file; each is held against every contract that it may be of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedAnswer:
    """One success of a file: the endpoint that answered it, the modes it fits, and its payload."""

    endpoint: Endpoint
    modes: tuple[Mode, ...]
    payload: Json = field(repr=False)

    def fits(self, mode: Mode) -> bool:
        """Tell whether it is of a mode; a product without margin modes looks at the position mode alone."""
        return any(each.position == mode.position and each.margin in {None, mode.margin} for each in self.modes)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedAccount:
    """The first answer of each endpoint; an endpoint without one gets that of an endpoint it mirrors."""

    file: str
    mode: str
    answers: Mapping[str, RecordedAnswer] = field(repr=False)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The ids of the endpoints that the file has an answer of."""
        return tuple(self.answers)

    def payload(self, catalog: Catalog, endpoint: Endpoint, mode: Mode) -> Json:
        """Give a recorded answer without its envelope; NotRecorded where the file has none."""
        del catalog, mode
        recorded = next((self.answers[each] for each in (endpoint.id, *endpoint.mirrors) if each in self.answers), None)
        if recorded is None:
            held = ", ".join(self.endpoints)
            raise NotRecorded(f"{self.file} has no answer of {endpoint.id}, only of {held}")
        return deepcopy(recorded.payload)

    def whole(self, product: str, mode: Mode) -> Json:
        """Give the answer of a product that lists most positions, or empty lists where the file has none."""
        del mode
        payloads = [each.payload for each in self.answers.values() if each.endpoint.product == product]
        return max(payloads, key=lambda payload: len(payload["positions"]), default={name: [] for name in _LISTS})

    def config(self, product: str, mode: Mode) -> Json:
        """Give the mode, and the settings as far as an answer of the product tells them."""
        settings = {"feeTier": 0, "canTrade": True, "canDeposit": True, "canWithdraw": True, "updateTime": 0}
        settings |= {"multiAssetsMargin": mode.margin == "multi-assets", "tradeGroupId": -1}
        told = [each.payload for each in self.answers.values() if each.endpoint.product == product]
        for name in settings:
            settings[name] = next((payload[name] for payload in told if name in payload), settings[name])
        return {**settings, "dualSidePosition": mode.position == "hedge"}


def read(name: str, mode: str | None, catalog: Catalog) -> RecordedAccount:
    """Read the answers of a file or folder that are of a mode, by default of that of the first answer.

    InputError where there is no answer in it, UsageError where none is of the mode.
    """
    if mode:
        catalog.require_mode(mode, None)
    answers = _answers(name, catalog)
    chosen = mode or _first_mode(answers)
    wanted = Mode.parse(chosen)
    fitting = [each for each in answers if each.fits(_full(wanted))]
    if not fitting:
        held = ", ".join(sorted({str(each) for answer in answers for each in answer.modes}))
        raise UsageError(f"--mode {chosen}: {name} has only answers of {held}")
    by_endpoint: dict[str, RecordedAnswer] = {}
    for answer in fitting:
        by_endpoint.setdefault(answer.endpoint.id, answer)
    return RecordedAccount(file=name, mode=chosen, answers=by_endpoint)


def _full(mode: Mode) -> Mode:
    return mode if mode.margin else replace(mode, margin="single-asset")


def _first_mode(answers: Iterable[RecordedAnswer]) -> str:
    """Give the mode of the first answer that tells both parts of it, or else of the first."""
    modes = [answer.modes[0] for answer in answers]
    return str(next((mode for mode in modes if mode.margin), modes[0]))


def _answers(name: str, catalog: Catalog) -> list[RecordedAnswer]:
    selection = inputs.select([name])
    # A bare body does not say what it is: any endpoint will do until its fields have told.
    context = Context(catalog=catalog, endpoint=catalog.answering[0], trusting=True)
    answers: list[RecordedAnswer] = []
    problems = list(selection.problems)
    for item in inputs.items(selection.inputs, context):
        if len(answers) + len(problems) == _MAX_ANSWERS:
            raise InputError(f"{name}: more than {_MAX_ANSWERS:,} answers, the most that are served from")
        read = _answer(item, catalog) if isinstance(item, Interaction) else item
        if isinstance(read, RecordedAnswer):
            answers.append(read)
        elif isinstance(read, Problem):
            problems.append(read)
    if not answers:
        reason = f"{problems[0].location}: {problems[0].reason}" if problems else f"{name}: {_NOTHING}"
        raise InputError(reason)
    return answers


def _answer(item: Interaction, catalog: Catalog) -> RecordedAnswer | Problem:
    """Give an answer with assets and positions, or say why it is none."""
    try:
        value = parser.parse(item.body).value
    except parser.BodyError as error:
        at = error.position
        place = replace(item.location, line=at.line, column=at.column) if item.bare else item.location
        return Problem(location=place, reason=str(error))
    endpoint = _likeliest(value, catalog) if item.bare else item.endpoint
    if is_error(endpoint, value, catalog, refused=refused(item)):
        return Problem(location=item.location, reason=error_text(endpoint, value))
    framed = with_envelope(endpoint, value, catalog).value
    payload = paths.at(framed, (endpoint.payload,)) if endpoint.payload else framed
    if not isinstance(payload, dict) or not all(_is_rows(payload.get(name)) for name in _LISTS):
        return Problem(location=item.location, reason=_NOTHING)
    modes = (item.mode,) if item.mode else endpoint.modes
    best = best_modes(endpoint, modes, framed, catalog, engines.fast)
    return RecordedAnswer(endpoint=endpoint, modes=best.modes, payload=payload)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _likeliest(value: Any, catalog: Catalog) -> Endpoint:
    """Give the endpoint whose contract a bare body breaks least, the first of the catalogue among equals.

    A body with an envelope is one of WebSocket, a body without one of REST.
    """
    keys = value.keys() if isinstance(value, dict) else ()
    enveloped = any(name in keys for endpoint in catalog.answering for name in (endpoint.payload, ERROR) if name)
    possible = [endpoint for endpoint in catalog.answering if bool(endpoint.payload) == enveloped]

    def violations(endpoint: Endpoint) -> int:
        found = best_modes(endpoint, endpoint.modes, value, catalog, engines.fast)
        return sum(violation.count for violation in found.violations)

    return min(possible, key=violations)
