"""One captured answer: reads it, tells errors from successes, finds its mode and gathers what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance, engines
from wireshape.check.engines import Engine
from wireshape.check.envelope import _error_text, is_error, refused, with_envelope
from wireshape.check.modes import best_modes
from wireshape.findings import describe
from wireshape.findings.report import AnswerKind
from wireshape.findings.violation import Violation
from wireshape.jsontext import parser, paths, positions
from wireshape.model import Endpoint, Interaction, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerResult:
    """Violations of one answer, its mode or the modes it fits, and whether there was a shape to check."""

    violations: Sequence[Violation]
    mode: Mode | None = None
    fits: tuple[Mode, ...] = ()
    answer: AnswerKind = AnswerKind.SUCCESS
    unchecked: bool = False
    unwrapped: bool = False


def check_answer(item: Interaction, catalog: Catalog, engine: Engine) -> AnswerResult:
    """Judge one answer; never raises for what the body holds."""
    try:
        body = parser.parse(item.body)
    except parser.BodyError as reason:
        return _unreadable(item, reason)
    violations = [Violation(rule="body-duplicate-key", path=path) for path in body.duplicates]
    if body.marked:
        violations.append(
            Violation(rule="body-not-json", path=(), expected="JSON text", actual="a byte order mark before it")
        )
    if is_error(item.endpoint, body.value, catalog, refused=refused(item)):
        violations += conformance.check_error(catalog, item.endpoint, body.value, engine)
        if not item.expects_error:
            violations.append(Violation(rule="error-answer", path=(), message=_error_text(item.endpoint, body.value)))
        return AnswerResult(
            violations=violations, mode=item.mode, answer=AnswerKind.ERROR, unchecked=not item.expects_error
        )
    value, unwrapped = with_envelope(item.endpoint, body.value, catalog)
    fits, found = best_modes(item.endpoint, (item.mode,) if item.mode else item.endpoint.modes, value, catalog, engine)
    others = _other_endpoints(item.endpoint, value, catalog, found)
    if others:
        violations.append(
            Violation(rule="endpoint-mismatch", path=(), expected=item.endpoint.id, actual=" or ".join(others))
        )
        # Every field is one of the other endpoint's: that it is not known here says nothing more.
        found = [violation for violation in found if violation.rule != "field-undocumented"]
    violations += _as_written(item.body, found) if not unwrapped else found
    mode = fits[0] if len(fits) == 1 else None
    return AnswerResult(violations=violations, mode=mode, fits=() if item.mode else fits, unwrapped=unwrapped)


def _as_written(body: bytes, violations: list[Violation]) -> list[Violation]:
    """Show numbers as the wire has them: the parser turns integers past 64 bits into floats."""
    numbers = [violation.path for violation in violations if (violation.actual or "").startswith(describe.NUMBER)]
    if not numbers:
        return violations
    tokens = positions.tokens(body, numbers)
    return [
        _number_as_written(violation, tokens[violation.path]) if violation.path in tokens else violation
        for violation in violations
    ]


def _number_as_written(violation: Violation, token: str) -> Violation:
    if not token.lstrip("-").isdigit():
        return replace(violation, actual=f"{describe.NUMBER}{token}")
    rule = (
        "value-malformed"
        if violation.rule == "type-mismatch" and "integer" in (violation.expected or "")
        else violation.rule
    )
    return replace(violation, rule=rule, actual=f"integer {token}")


def _unreadable(item: Interaction, reason: parser.BodyError) -> AnswerResult:
    if refused(item):
        if item.expects_error:
            return AnswerResult(violations=(), mode=item.mode, answer=AnswerKind.ERROR)
        violation = Violation(rule="error-answer", path=(), message=f"HTTP {item.status}, and {reason}")
        return AnswerResult(violations=(violation,), mode=item.mode, answer=AnswerKind.ERROR, unchecked=True)
    line, column = reason.place
    text = f"{reason}" if item.bare else f"{reason} (line {line}, column {column} of the body)"
    violation = Violation(rule="body-not-json", path=(), expected="JSON text", message=text, place=reason.place)
    return AnswerResult(violations=(violation,), mode=item.mode, answer=AnswerKind.UNREADABLE)


def _other_endpoints(endpoint: Endpoint, value: Any, catalog: Catalog, violations: list[Violation]) -> list[str]:
    """Name the endpoints whose payload this is, where it is not that of its own."""
    if not {"field-missing", "field-undocumented", "envelope-invalid"} & {violation.rule for violation in violations}:
        return []
    payload = paths.at(value, (endpoint.payload,)) if endpoint.payload else value
    payloads = [payload, *(paths.at(value, (e.payload,)) for e in catalog.endpoints if e.payload)]
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
