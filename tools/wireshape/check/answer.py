"""One captured answer: reads it, tells errors from successes, finds its mode and gathers what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance, engines, moved
from wireshape.check.as_of import AsOf
from wireshape.check.engines import Engine
from wireshape.check.envelope import Enveloped, error_text, is_error, refused, with_envelope
from wireshape.check.modes import best_modes
from wireshape.findings.report import AnswerKind
from wireshape.findings.violation import JsonValue, SchemaNode, Violation
from wireshape.jsontext import parser, paths
from wireshape.jsontext.document import Document
from wireshape.model import Endpoint, InstancePath, Interaction, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerResult:
    """Violations of one answer, its mode or the modes it fits, and whether there was a shape to check.

    `document` is None where the body is no JSON, and `offset` where it stops being any; paths of violations begin with
    `added`, which it lacks. `as_of` is the day by whose contract it was judged.
    """

    violations: Sequence[Violation]
    mode: Mode | None = None
    fits: tuple[Mode, ...] = ()
    answer: AnswerKind = AnswerKind.SUCCESS
    unchecked: bool = False
    document: Document | None = None
    offset: int = 0
    added: InstancePath = ()
    as_of: AsOf | None = None


def check_answer(item: Interaction, catalog: Catalog, engine: Engine) -> AnswerResult:
    """Check one answer; never raises for what the body holds."""
    try:
        document = parser.parse(item.body)
    except parser.BodyError as reason:
        return _unreadable(item, reason)
    violations = [Violation(rule="body-duplicate-key", path=path) for path in document.duplicates]
    if document.has_bom:
        detail = "the body begins with a byte order mark, which JSON forbids"
        violations.append(Violation(rule="body-not-json", detail=detail))
    if is_error(item.endpoint, document.value, catalog, refused=refused(item)):
        violations += conformance.check_error(catalog, item.endpoint, document.value, engine)
        if not item.expects_error:
            violations.append(Violation(rule="error-answer", detail=error_text(item.endpoint, document.value)))
        return AnswerResult(
            violations=violations,
            mode=item.mode,
            answer=AnswerKind.ERROR,
            unchecked=not item.expects_error,
            document=document,
        )
    return _success(item, document, violations, catalog, engine)


def _success(
    item: Interaction, document: Document, violations: list[Violation], catalog: Catalog, engine: Engine
) -> AnswerResult:
    enveloped = with_envelope(item.endpoint, document.value, catalog)
    modes = (item.mode,) if item.mode else item.endpoint.modes
    best = best_modes(item.endpoint, modes, enveloped.value, catalog, engine, disguised=item.disguised)
    found = best.violations
    others = _other_endpoints(item.endpoint, enveloped, catalog, found)
    if others:
        violations.append(Violation(rule="endpoint-mismatch", expected=(item.endpoint.id,), actual=tuple(others)))
        # Every field is one of the other endpoint's: that it is not known here says nothing more, and that the fields
        # within a frame are not beside it neither.
        said = {"field-undocumented", *(["field-missing"] if _framed(item.endpoint, enveloped.value, catalog) else [])}
        found = [violation for violation in found if violation.rule not in said]
    else:
        found = moved.named(found, item.endpoint, catalog)
    return AnswerResult(
        violations=[*violations, *_large_integers(document, enveloped.added, found)],
        mode=best.modes[0] if len(best.modes) == 1 else None,
        fits=() if item.mode else best.modes,
        document=document,
        added=enveloped.added,
    )


def _large_integers(document: Document, added: InstancePath, violations: Sequence[Violation]) -> Sequence[Violation]:
    """Tell integers past 64 bits, which the parser turns into floats, from numbers that are no integers.

    Where the contract asks for an integer they have the right type, and a value it does not allow.
    """
    suspects = [violation.path[len(added) :] for violation in violations if _is_float_for_integer(violation)]
    if not suspects:
        return violations
    integers = {(*added, *path) for path, token in document.tokens(suspects).items() if token.lstrip("-").isdigit()}
    return [
        replace(violation, rule="value-malformed")
        if violation.path in integers and _is_float_for_integer(violation)
        else violation
        for violation in violations
    ]


def _is_float_for_integer(violation: Violation) -> bool:
    asked = any(isinstance(node, SchemaNode) and "integer" in node.types for node in violation.expected)
    there = any(isinstance(each, JsonValue) and isinstance(each.value, float) for each in violation.actual)
    return violation.rule == "type-mismatch" and asked and there


def _unreadable(item: Interaction, reason: parser.BodyError) -> AnswerResult:
    if refused(item):
        if item.expects_error:
            return AnswerResult(violations=(), mode=item.mode, answer=AnswerKind.ERROR)
        violation = Violation(rule="error-answer", detail=f"the exchange answered HTTP {item.status}, and {reason}")
        return AnswerResult(violations=(violation,), mode=item.mode, answer=AnswerKind.ERROR, unchecked=True)
    at = reason.position
    detail = f"{reason}" if item.bare else f"{reason} (line {at.line}, column {at.column} of the body)"
    violation = Violation(rule="body-not-json", detail=detail)
    return AnswerResult(violations=(violation,), mode=item.mode, answer=AnswerKind.UNREADABLE, offset=reason.offset)


def _other_endpoints(
    endpoint: Endpoint, enveloped: Enveloped, catalog: Catalog, violations: Sequence[Violation]
) -> list[str]:
    """Name the endpoints whose payload this is, where it is not that of its own."""
    if not {"field-missing", "field-undocumented", "envelope-invalid"} & {violation.rule for violation in violations}:
        return []
    value = enveloped.value
    payload = paths.at(value, (endpoint.payload,)) if endpoint.payload else value
    framed = _framed(endpoint, value, catalog)
    # What has the shape of a mirror is told from its answer by the frame alone.
    in_frame = endpoint.payload is not None and not enveloped.added
    return [
        other.id
        for other in catalog.endpoints
        if other is not endpoint
        and any(
            isinstance(body, dict) and _has_shape_of(other, body, catalog)
            for body in ([payload, *framed] if in_frame == (other.payload is not None) else framed)
        )
    ]


def _framed(endpoint: Endpoint, value: Any, catalog: Catalog) -> list[dict[str, Any]]:
    """Give what a value holds where other endpoints have their payload."""
    members = dict.fromkeys(each.payload for each in catalog.endpoints if each.payload not in {None, endpoint.payload})
    held = (paths.at(value, (member,)) for member in members if member)
    return [each for each in held if isinstance(each, dict)]


def _has_shape_of(other: Endpoint, payload: dict[str, Any], catalog: Catalog) -> bool:
    path = (other.payload,) if other.payload else ()
    framed = {other.payload: payload} if other.payload else payload
    possible = (contracts.load(catalog, other, mode) for mode in other.modes)
    return any(engines.fits(each, path, payload) and not conformance.unknown_fields(each, framed) for each in possible)
