"""Holds captured answers against their contracts: interactions in, one report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from wireshape.catalog import eras
from wireshape.catalog.endpoints import Catalog
from wireshape.check import as_of as asked
from wireshape.check import presence, provenance, staleness
from wireshape.check.answer import AnswerResult, check_answer
from wireshape.check.as_of import AsOf
from wireshape.check.engines import ENGINES, Engine
from wireshape.check.outcomes import Outcomes
from wireshape.check.presence import Judged
from wireshape.findings import build
from wireshape.findings.build import Place, Subject
from wireshape.findings.report import AnswerKind, Checked, Report, Verdict
from wireshape.findings.violation import JsonValue, Violation
from wireshape.inputs import dates, sources
from wireshape.model import Exit, InstancePath, Interaction, Item, Location, Problem, Skipped

_MAX_LISTED = 20
"""Files without an answer of the catalogue that are listed."""


def check(
    collected: Iterable[Item],
    catalog: Catalog,
    engine: str = "fast",
    *,
    max_age: int | None = None,
    now: date | None = None,
    as_of: date | None = None,
) -> Report:
    """Check everything collected; findings alike in one file become one with a count.

    An answer is judged as of the day of its recording, else of as_of, else of now, which is today's date in UTC unless
    given. With max_age, recordings more days old than that are found stale.
    """
    today = now or dates.today()
    findings = build.Findings()

    def judge(item: Interaction) -> AnswerResult:
        result = _judged(item, catalog, ENGINES[engine], asked.of(item, catalog, as_of, today))
        return _aged(provenance.completed(result, item, catalog, today), item, max_age, today)

    outcomes = Outcomes(judge, _subject, findings)
    checked: dict[Checked, int] = {}
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    for item in collected:
        if isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item, Skipped):
            skipped.append(item)
        elif result := outcomes.result(item):
            entry = _checked(item, result)
            checked[entry] = checked.get(entry, 0) + 1
    outcomes.finish()
    problems += outcomes.problems
    if skipped and not checked and not problems:
        problems += _of_others(skipped)
    return Report(
        command="check",
        checked=tuple(replace(entry, count=count) for entry, count in checked.items()),
        findings=tuple(sorted(findings.all(), key=lambda finding: finding.level.rank)),
        problems=tuple(problems),
        skipped=len(skipped),
    )


def _of_others(skipped: Sequence[Skipped]) -> Iterator[Problem]:
    """Say of the first files that all their answers are of endpoints which the catalogue does not have."""
    for file in list(dict.fromkeys(item.location.file for item in skipped))[:_MAX_LISTED]:
        reason = "no answer of an endpoint in the catalogue"
        yield Problem(location=Location(file=file), reason=reason, exit_code=Exit.NOTHING)


def _judged(item: Interaction, catalog: Catalog, engine: Engine, day: AsOf) -> AnswerResult:
    """Check an answer against the catalogue as of a day, and what is there and missing against the history."""
    era = eras.at(catalog, day.day)
    item = replace(item, endpoint=era.get(item.endpoint.id))
    result = replace(check_answer(item, era, engine), as_of=day)
    modes = (result.mode,) if result.mode else result.fits
    if result.answer is not AnswerKind.SUCCESS or result.document is None or not modes:
        return result
    body = result.document.value
    value = {result.added[0]: body} if result.added else body
    judged = Judged(value=value, endpoint=item.endpoint, modes=modes, catalog=era, as_of=day)
    # Of an answer of another endpoint, nothing is to be expected by the history of this one.
    misplaced = any(each.rule == "endpoint-mismatch" for each in result.violations)
    found = [*result.violations, *([] if misplaced else presence.find(judged))]
    return replace(result, violations=list(presence.dated(found, judged)))


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
        as_of=result.as_of.day.isoformat() if result.as_of else None,
        as_of_source=result.as_of.source if result.as_of else None,
        told_by=item.told_by,
    )


def _subject(item: Interaction, result: AnswerResult) -> Subject:
    return Subject(
        location=item.location,
        endpoint=item.endpoint.id,
        mode=str(result.mode) if result.mode else None,
        payload=item.endpoint.payload,
        places=_places_in(item, result),
    )


def _places_in(item: Interaction, result: AnswerResult) -> Callable[[Sequence[Violation]], list[Place]]:
    """Find violations in the file of the body, and numbers as they are written."""

    def places(violations: Sequence[Violation]) -> list[Place]:
        offsets = _offsets(violations, result)
        located = sources.locations(item, set(offsets))
        tokens = _tokens(violations, result)
        return [
            Place(location=located[offset], token=tokens.get(violation.path))
            for violation, offset in zip(violations, offsets, strict=True)
        ]

    return places


def _offsets(violations: Sequence[Violation], result: AnswerResult) -> list[int]:
    """Give where violations stand in the text of the body."""
    if result.document is None:
        return [result.offset] * len(violations)
    inner = [_without(result.added, each.path) for each in violations]
    found = result.document.offsets(inner)
    return [found[path] for path in inner]


def _tokens(violations: Sequence[Violation], result: AnswerResult) -> dict[InstancePath, str]:
    """Give the numbers at the paths of violations as they are written."""
    if result.document is None:
        return {}
    inner = {each.path: _without(result.added, each.path) for each in violations if _is_number(each)}
    tokens = result.document.tokens(list(inner.values()))
    return {path: tokens[inside] for path, inside in inner.items() if inside in tokens}


def _without(added: InstancePath, path: InstancePath) -> InstancePath:
    return path[len(added) :] if path[: len(added)] == added else path


def _is_number(violation: Violation) -> bool:
    return any(isinstance(each, JsonValue) and isinstance(each.value, int | float) for each in violation.actual)
