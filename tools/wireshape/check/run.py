"""Holds captured answers against their contracts: interactions in, one report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from wireshape.catalog.endpoints import Catalog
from wireshape.check import staleness
from wireshape.check.answer import AnswerResult, check_answer
from wireshape.check.engines import ENGINES
from wireshape.check.outcomes import Outcomes
from wireshape.findings import build
from wireshape.findings.build import Place, Subject
from wireshape.findings.report import AnswerKind, Checked, Report, Verdict
from wireshape.findings.violation import JsonValue, Violation
from wireshape.model import InstancePath, Interaction, Item, Problem, Skipped


def check(
    collected: Iterable[Item],
    catalog: Catalog,
    engine: str = "fast",
    *,
    max_age: int | None = None,
    now: date | None = None,
) -> Report:
    """Check everything collected; findings alike in one file become one with a count.

    With max_age, recordings more days old than that are found stale; now is today's date in UTC, unless given.
    """
    day = now or staleness.today()
    findings = build.Findings()
    outcomes = Outcomes(
        lambda item: _aged(check_answer(item, catalog, ENGINES[engine]), item, max_age, day), _subject, findings
    )
    checked: dict[Checked, int] = {}
    problems: list[Problem] = []
    skipped = 0
    for item in collected:
        if isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item, Skipped):
            skipped += 1
        elif result := outcomes.result(item):
            entry = _checked(item, result)
            checked[entry] = checked.get(entry, 0) + 1
    outcomes.finish()
    return Report(
        command="check",
        checked=tuple(replace(entry, count=count) for entry, count in checked.items()),
        findings=tuple(sorted(findings.all(), key=lambda finding: finding.level.rank)),
        problems=(*problems, *outcomes.problems),
        skipped=skipped,
    )


def _aged(result: AnswerResult, item: Interaction, max_age: int | None, now: date) -> AnswerResult:
    reason = staleness.stale(item.origin, max_age, now) if max_age is not None else None
    if reason is None:
        return result
    return replace(result, violations=[*result.violations, Violation(rule=staleness.STALE, detail=reason)])


def _checked(item: Interaction, result: AnswerResult) -> Checked:
    good = Verdict.ERROR if result.answer is AnswerKind.ERROR else Verdict.CLEAN
    # An error that was meant is none the less what it should be for being old.
    levels = [each.level for each in result.violations if good is Verdict.CLEAN or each.rule != staleness.STALE]
    verdict = Verdict(min(levels, key=lambda level: level.rank)) if levels else good
    return Checked(
        endpoint=item.endpoint.id,
        mode=str(result.mode) if result.mode else None,
        fits=tuple(map(str, result.fits)),
        origin=item.origin.kind if item.origin else None,
        observed=item.origin is not None and item.origin.observed,
        answer=result.answer,
        verdict=Verdict.UNCHECKED if result.unchecked and verdict is Verdict.INFO else verdict,
        file=item.location.file,
    )


def _subject(item: Interaction, result: AnswerResult) -> Subject:
    return Subject(
        location=item.location,
        endpoint=item.endpoint.id,
        mode=str(result.mode) if result.mode else None,
        payload=item.endpoint.payload,
        places=_places_in(item, result),
    )


def _places_in(item: Interaction, result: AnswerResult) -> Callable[[Sequence[Violation]], list[Place]] | None:
    """Find violations in the body: line and column where it is the input itself, and numbers as they are written."""
    document = result.document
    if document is None:
        return None

    def places(violations: Sequence[Violation]) -> list[Place]:
        inner = {violation.path: _without(result.added, violation.path) for violation in violations}
        found = document.positions(inner.values()) if item.bare else {}
        tokens = document.tokens([inner[violation.path] for violation in violations if _is_number(violation)])
        return [
            Place(
                location=build.shifted(item.location, found.get(inner[violation.path])),
                token=tokens.get(inner[violation.path]),
            )
            for violation in violations
        ]

    return places


def _without(added: InstancePath, path: InstancePath) -> InstancePath:
    return path[len(added) :] if path[: len(added)] == added else path


def _is_number(violation: Violation) -> bool:
    return any(isinstance(each, JsonValue) and isinstance(each.value, int | float) for each in violation.actual)
