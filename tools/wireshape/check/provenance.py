"""What the request and the day of a recording say of an answer: its id is the request's, and no time is to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from wireshape.catalog import contradictions
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance
from wireshape.check.answer import AnswerResult
from wireshape.findings.report import AnswerKind
from wireshape.findings.violation import JsonValue, Violation
from wireshape.jsontext import paths
from wireshape.model import Interaction

_ID = "id"


def completed(result: AnswerResult, item: Interaction, catalog: Catalog, today: date) -> AnswerResult:
    """Add what contradicts the request or the day of a success; an answer that says neither is of today."""
    if result.document is None or result.answer is not AnswerKind.SUCCESS:
        return result
    found = [*_of_another_request(item, result.document.value), *_of_the_future(result, item, catalog, today)]
    return replace(result, violations=[*result.violations, *found]) if found else result


def _of_another_request(item: Interaction, value: object) -> Iterator[Violation]:
    """Yield an id that is not that of the request, given back as it came."""
    sent, got = item.request_id, paths.at(value, (_ID,))
    if sent is not None and isinstance(got, str | int) and (type(sent), sent) != (type(got), got):
        yield Violation(
            rule="envelope-invalid",
            path=(_ID,),
            expected=(JsonValue(sent),),
            actual=(JsonValue(got),),
            detail="id is not that of the request",
        )


def _of_the_future(result: AnswerResult, item: Interaction, catalog: Catalog, today: date) -> Iterator[Violation]:
    assert result.document  # noqa: S101 - asked before
    prefix = (item.endpoint.payload,) if item.endpoint.payload else ()
    payload = paths.at(result.document.value, () if result.added else prefix)
    recorded = result.as_of.recorded if result.as_of else None
    for found in contradictions.of_the_future(catalog.schemas, payload, recorded or today):
        yield conformance.contradiction(prefix, found)
