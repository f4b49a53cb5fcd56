"""One captured answer: reads it, tells errors from successes, finds its mode and gathers what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance, engines
from wireshape.check.conformance import Mark
from wireshape.check.engines import Engine
from wireshape.findings import rules
from wireshape.jsontext import parser
from wireshape.model import Endpoint, Interaction, Level, Mode, Path

_HTTP_ERROR = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What one answer came to: its marks, its mode or the modes it fits, and whether there was a shape to check."""

    marks: Sequence[Mark]
    mode: Mode | None = None
    fits: tuple[Mode, ...] = ()
    answer: str = "success"
    unchecked: bool = False
    unwrapped: bool = False


def judge_answer(item: Interaction, catalog: Catalog, run: Engine) -> Judgement:
    """Judge one answer; never raises for what the body holds."""
    try:
        body = parser.parse(item.body)
    except parser.BodyError as reason:
        return _unreadable(item, reason)
    marks = [Mark(rule="body-duplicate-key", path=path) for path in body.duplicates]
    if body.marked:
        marks.append(Mark(rule="body-not-json", path=(), expected="JSON text", actual="a byte order mark before it"))
    if is_error(item.endpoint, body.value, catalog, refused=refused(item)):
        marks += conformance.error(catalog, item.endpoint, body.value, run)
        if not item.expects_error:
            marks.append(Mark(rule="error-answer", path=(), message=_error_text(item.endpoint, body.value)))
        return Judgement(marks=marks, mode=item.mode, answer="error", unchecked=not item.expects_error)
    value, unwrapped = with_envelope(item.endpoint, body.value, catalog)
    fits, found = fitting(item.endpoint, (item.mode,) if item.mode else item.endpoint.modes, value, catalog, run)
    others = _other_endpoints(item.endpoint, value, catalog, found)
    if others:
        marks.append(Mark(rule="endpoint-mismatch", path=(), expected=item.endpoint.id, actual=" or ".join(others)))
        # Every field is one of the other endpoint's: that it is not known here says nothing more.
        found = [mark for mark in found if mark.rule != "field-undocumented"]
    marks += _as_written(item.body, found) if not unwrapped else found
    mode = fits[0] if len(fits) == 1 else None
    return Judgement(marks=marks, mode=mode, fits=() if item.mode else fits, unwrapped=unwrapped)


def _as_written(body: bytes, marks: list[Mark]) -> list[Mark]:
    """Show numbers as the wire has them: the parser turns integers past 64 bits into floats."""
    numbers = [mark.path for mark in marks if (mark.actual or "").startswith(conformance.NUMBER)]
    if not numbers:
        return marks
    tokens = parser.tokens(body, numbers)
    return [_number_as_written(mark, tokens[mark.path]) if mark.path in tokens else mark for mark in marks]


def _number_as_written(mark: Mark, token: str) -> Mark:
    if not token.lstrip("-").isdigit():
        return replace(mark, actual=f"{conformance.NUMBER}{token}")
    rule = "value-malformed" if mark.rule == "type-mismatch" and "integer" in (mark.expected or "") else mark.rule
    return replace(mark, rule=rule, actual=f"integer {token}")


def _unreadable(item: Interaction, reason: parser.BodyError) -> Judgement:
    if refused(item):
        if item.expects_error:
            return Judgement(marks=(), mode=item.mode, answer="error")
        mark = Mark(rule="error-answer", path=(), message=f"HTTP {item.status}, and {reason}")
        return Judgement(marks=(mark,), mode=item.mode, answer="error", unchecked=True)
    line, column = reason.place
    text = f"{reason}" if item.bare else f"{reason} (line {line}, column {column} of the body)"
    mark = Mark(rule="body-not-json", path=(), expected="JSON text", message=text, place=reason.place)
    return Judgement(marks=(mark,), mode=item.mode, answer="unreadable")


def refused(item: Interaction) -> bool:
    """Tell by the status that the exchange refused the request, whatever the body is."""
    return item.status is not None and item.status >= _HTTP_ERROR


def is_error(endpoint: Endpoint, value: Any, catalog: Catalog, *, refused: bool = False) -> bool:
    """Tell an error answer from a success, by the envelope over WebSocket, else by status or by shape."""
    if endpoint.payload:
        return isinstance(value, dict) and conformance.ERROR in value and endpoint.payload not in value
    return refused or engines.fits(contracts.error_contract(catalog, endpoint), (), value)


def _error_text(endpoint: Endpoint, value: Any) -> str:
    error = parser.at(value, (conformance.ERROR,)) if endpoint.payload else value
    code, text = parser.at(error, ("code",)), parser.at(error, ("msg",))
    if isinstance(code, int) and isinstance(text, str):
        return f"the exchange answered error {code}: {text}"
    return "the exchange answered an error"


def with_envelope(endpoint: Endpoint, value: Any, catalog: Catalog) -> tuple[Any, bool]:
    """Put a payload that was stripped of its envelope back under its key, so that the rest can still be judged."""
    if endpoint.payload and isinstance(value, dict):
        envelope = contracts.load(catalog, endpoint, endpoint.modes[0]).schema["required"]
        if not value.keys() & set(envelope):
            return {endpoint.payload: value}, True
    return value, False


def fitting(
    endpoint: Endpoint, modes: Sequence[Mode], value: Any, catalog: Catalog, run: Engine
) -> tuple[tuple[Mode, ...], list[Mark]]:
    """Give those of the modes that account best for a value, and the marks that hold in every one of them."""
    likely = modes if len(modes) == 1 else _likely(endpoint, modes, value, catalog)
    return _fitting({mode: conformance.success(catalog, endpoint, mode, value, run) for mode in likely})


def _likely(endpoint: Endpoint, modes: Sequence[Mode], value: Any, catalog: Catalog) -> list[Mode]:
    """Narrow the modes down by the values in which their contracts differ: cheaper than listing what breaks each."""
    all_of_them = {mode: contracts.load(catalog, endpoint, mode) for mode in modes}
    weights = dict.fromkeys(modes, 0)
    for path in contracts.telling(tuple(all_of_them.values())):
        found = Counter(each for each in parser.column(value, path) if isinstance(each, str | bool))
        for mode, contract in all_of_them.items():
            allowed = contracts.choices(contract.at(path))
            weights[mode] += sum(count for each, count in found.items() if each not in allowed)
    least = min(weights.values())
    return [mode for mode, weight in weights.items() if weight == least]


def _fitting(by_mode: dict[Mode, list[Mark]]) -> tuple[tuple[Mode, ...], list[Mark]]:
    """Pick the modes that account best for a body, and what holds in every one of them."""
    weights = {mode: breaking(marks) for mode, marks in by_mode.items()}
    least = min(weights.values())
    best = tuple(mode for mode, weight in weights.items() if weight == least)
    first = by_mode[best[0]]
    if len(best) == 1:
        return best, first
    shared = set.intersection(*({_key(mark) for mark in by_mode[mode]} for mode in best))
    expected: dict[tuple[str, Path], dict[str, None]] = {}
    for mark in chain.from_iterable(by_mode[mode] for mode in best):
        if mark.expected:
            expected.setdefault((mark.rule, mark.path), {})[mark.expected] = None
    common = [
        replace(mark, expected=" or ".join(expected.get((mark.rule, mark.path), ())) or None)
        for mark in first
        if _key(mark) in shared
    ]
    # Modes that each fail in another way must not cancel out to a clean answer.
    return best, common if breaking(common) or not least else first


def breaking(marks: Iterable[Mark]) -> int:
    """Count the marks of the worst level, as often as they occur."""
    return sum(mark.count for mark in marks if rules.get(mark.rule).level is Level.BREAKING)


def _key(mark: Mark) -> tuple[str, str]:
    return mark.rule, contracts.collapse(mark.path)


def _other_endpoints(endpoint: Endpoint, value: Any, catalog: Catalog, marks: list[Mark]) -> list[str]:
    """Name the endpoints whose payload this is, where it is not that of its own."""
    if not {"field-missing", "field-undocumented", "envelope-invalid"} & {mark.rule for mark in marks}:
        return []
    payload = parser.at(value, (endpoint.payload,)) if endpoint.payload else value
    payloads = [payload, *(parser.at(value, (e.payload,)) for e in catalog.endpoints if e.payload)]
    return [
        other.id
        for other in catalog.endpoints
        if other is not endpoint
        and other.id not in endpoint.mirrors
        and any(isinstance(body, dict) and _has_shape_of(other, body, catalog) for body in payloads)
    ]


def _has_shape_of(other: Endpoint, payload: dict[str, Any], catalog: Catalog) -> bool:
    path = (other.payload,) if other.payload else ()
    framed = {other.payload: payload} if other.payload else payload
    possible = (contracts.load(catalog, other, mode) for mode in other.modes)
    return any(engines.fits(each, path, payload) and not conformance.unknown_fields(each, framed) for each in possible)
