"""Holds captured answers against their contracts: interactions in, one report out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import staleness
from wireshape.check.answer import AnswerResult, check_answer
from wireshape.check.engines import ENGINES
from wireshape.findings import redaction, rules
from wireshape.findings.report import Checked, Report
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths, positions
from wireshape.model import Finding, InstancePath, Interaction, Item, Level, Location, Problem, Skipped


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
    now = now or staleness.today()
    findings: dict[tuple[object, ...], Finding] = {}
    checked: dict[Checked, int] = {}
    problems: list[Problem] = []
    skipped = 0
    for item in collected:
        if isinstance(item, Problem):
            location = replace(item.location, file=redaction.name(item.location.file))
            problems.append(replace(item, location=location, reason=redaction.text(item.reason)))
        elif isinstance(item, Skipped):
            skipped += 1
        else:
            result = _aged(check_answer(item, catalog, ENGINES[engine]), item, max_age, now)
            places = _places(item, result)
            for violation in result.violations:
                _add(findings, item, result, violation, places)
            entry = _checked(item, result)
            checked[entry] = checked.get(entry, 0) + 1
    return Report(
        command="check",
        checked=tuple(replace(entry, count=count) for entry, count in checked.items()),
        findings=tuple(sorted(findings.values(), key=lambda finding: finding.level.rank)),
        problems=tuple(problems),
        skipped=skipped,
    )


def _aged(result: AnswerResult, item: Interaction, max_age: int | None, now: date) -> AnswerResult:
    reason = staleness.stale(item.origin, max_age, now) if max_age is not None else None
    if reason is None:
        return result
    return replace(result, violations=[*result.violations, Violation(rule=staleness.STALE, path=(), message=reason)])


def _checked(item: Interaction, result: AnswerResult) -> Checked:
    good = "error" if result.answer == "error" else "clean"
    # An error that was meant is none the less what it should be for being old.
    told = [violation for violation in result.violations if good == "clean" or violation.rule != staleness.STALE]
    levels = [rules.get(violation.rule).level for violation in told]
    verdict = min(levels, key=lambda level: level.rank).value if levels else good
    return Checked(
        endpoint=item.endpoint.id,
        mode=str(result.mode) if result.mode else None,
        fits=tuple(map(str, result.fits)),
        origin=item.origin.kind if item.origin else None,
        observed=item.origin is not None and item.origin.observed,
        answer=result.answer,
        verdict="unchecked" if result.unchecked and verdict == Level.INFO else verdict,
        file=redaction.name(item.location.file),
    )


def _add(
    findings: dict[tuple[object, ...], Finding],
    item: Interaction,
    result: AnswerResult,
    violation: Violation,
    places: dict[InstancePath, tuple[int, int]],
) -> None:
    path = contracts.payload_path(item.endpoint, violation.path)
    collapsed = redaction.text(paths.collapse(path))
    kind = violation.message or (violation.actual or "").split(" ", 1)[0]
    key = (item.location.file, item.endpoint.id, result.mode, violation.rule, collapsed, kind)
    if key in findings:
        findings[key] = replace(findings[key], count=findings[key].count + violation.count)
        return
    rule = rules.get(violation.rule)
    findings[key] = Finding(
        rule=rule.id,
        level=rule.level,
        endpoint=item.endpoint.id,
        mode=str(result.mode) if result.mode else None,
        path=collapsed,
        message=redaction.text(violation.message or rule.message),
        expected=violation.expected,
        actual=violation.actual,
        location=_located(item, violation.place or places.get(violation.path)),
        sample=redaction.text(paths.sample(path)),
        count=violation.count,
    )


def _places(item: Interaction, result: AnswerResult) -> dict[InstancePath, tuple[int, int]]:
    """Find where the violations of a bare body stand in it."""
    paths = [violation.path for violation in result.violations if violation.place is None]
    if not item.bare or not paths:
        return {}
    inside = {path: contracts.payload_path(item.endpoint, path) if result.unwrapped else path for path in paths}
    found = positions.locate(item.body, inside.values())
    return {path: found[inner] for path, inner in inside.items()}


def _located(item: Interaction, place: tuple[int, int] | None) -> Location:
    location = replace(item.location, file=redaction.name(item.location.file))
    if place is None:
        return location
    line, column = place
    return replace(location, line=line + (location.line or 1) - 1, column=column)
