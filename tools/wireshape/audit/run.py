"""Audits pages of documentation: against contracts, against themselves, and against their other editions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from wireshape.audit import examples
from wireshape.audit.editions import Difference, Rows, differences
from wireshape.audit.examples import AuditedExample
from wireshape.audit.export import Recovered
from wireshape.catalog.endpoints import Catalog
from wireshape.findings import redaction
from wireshape.findings.describe import literal
from wireshape.findings.report import AnswerKind, Checked, Report, Verdict
from wireshape.findings.violation import Violation
from wireshape.model import ABSENT, Finding, Location, Problem
from wireshape.pages import vocabulary
from wireshape.pages.sections import Page

_BETWEEN_EDITIONS = {
    "missing": "edition-field-missing", "added": "edition-field-missing", "type": "edition-type-differs",
    "value": "edition-value-differs", "rows": "edition-value-differs", "order": "edition-order-differs",
    "mode": "edition-mode-missing", "weight": "edition-weight-differs",
}  # fmt: skip
_BETWEEN_CAPTURES = {
    "missing": "page-field-removed", "added": "page-field-added", "type": "page-type-changed",
    "value": "page-value-changed", "rows": "page-value-changed", "mode": "page-mode-removed",
    "new-mode": "page-mode-added", "weight": "page-weight-changed",
}  # fmt: skip


Modes = dict[tuple[str | None, str | None, int], AuditedExample]
Edition = Sequence[AuditedExample]
"""The examples of one section: one operation in one language of one page."""


def audit(
    pages: Sequence[Page], catalog: Catalog, base: Sequence[Page] | None = None, *, problems: Sequence[Problem] = ()
) -> tuple[Report, list[Recovered]]:
    """Audit pages and compare their languages, or with base two captures; gives the recovered examples as well.

    problems are those of pages that could not be read.
    """
    audited = [each for page in pages for each in examples.of_page(page, catalog)]
    findings = [finding for each in audited for finding in each.findings]
    unread = [*problems, *(_unknown(each[0]) for each in _editions(audited) if each[0].endpoint is None)]
    rows = vocabulary.load(catalog.schemas).rows
    if base is None:
        findings += _languages(audited, rows)
    else:
        older = [each for page in base for each in examples.of_page(page, catalog)]
        changed, unmatched = _captures(older, audited, rows)
        findings += changed
        unread += unmatched
    checked = tuple(_checked(each) for each in audited)
    report = Report(command="audit", checked=checked, findings=tuple(findings), problems=tuple(unread))
    return report, [_recovered(each) for each in audited if not each.shown.request]


def _editions(audited: Iterable[AuditedExample]) -> list[Edition]:
    grouped: dict[int, list[AuditedExample]] = {}
    for each in audited:
        if not each.shown.request:
            grouped.setdefault(id(each.section), []).append(each)
    return list(grouped.values())


def _unknown(each: AuditedExample) -> Problem:
    named = f"{redaction.text(each.section.operation)} is not in the catalogue"
    reason = named if each.section.operation else "the page names no operation; --endpoint does"
    location = Location(file=redaction.name(each.page.name), line=each.page.place(each.shown.example.start)[0])
    return Problem(location=location, reason=f"{reason}: read, and held against no contract")


def _languages(audited: Iterable[AuditedExample], rows: Rows) -> Iterator[Finding]:
    """Compare every two languages of one operation, in one page or in several."""
    named: dict[str, dict[str, list[Edition]]] = {}
    for edition in _editions(audited):
        named.setdefault(edition[0].name, {}).setdefault(_language(edition), []).append(edition)
    for languages in named.values():
        for mine, others in combinations(languages.values(), 2):
            for base, current in product(mine, others):
                yield from _compared(base, current, _BETWEEN_EDITIONS, rows)


def _same(base: Edition, current: Edition) -> bool:
    return base[0].name == current[0].name


def _captures(
    older: Iterable[AuditedExample], audited: Iterable[AuditedExample], rows: Rows
) -> tuple[list[Finding], list[Problem]]:
    """Compare each edition with its older capture in the same language."""
    found: list[Finding] = []
    problems = []
    left = _editions(older)
    for current in _editions(audited):
        base = next((b for b in left if _same(b, current) and _language(b) == _language(current)), None)
        if base is None:
            location = Location(file=redaction.name(current[0].page.name))
            reason = f"the older page has no {redaction.text(current[0].name)} in the language {_language(current)}"
            problems.append(Problem(location=location, reason=reason))
        else:
            left.remove(base)
            found += _compared(base, current, _BETWEEN_CAPTURES, rows)
    for base in left:
        location = Location(file=redaction.name(base[0].page.name))
        reason = f"no newer page has {redaction.text(base[0].name)} in the language {_language(base)}"
        problems.append(Problem(location=location, reason=reason))
    return found, problems


def _language(edition: Edition) -> str:
    return edition[0].section.language


def _compared(base: Edition, current: Edition, names: dict[str, str], rows: Rows) -> Iterator[Finding]:
    """Compare two editions mode by mode: what one lacks is a finding of that one, all else of the current one."""
    mine, others = _paired(_by_mode(base), _by_mode(current))
    for key, each in mine.items():
        if key not in others:
            yield _lacking(current[0], each, names["mode"])
            continue
        pairs = differences(each.shown.example.value, others[key].shown.example.value, rows)
        yield from examples.collapsed(_finding(each, others[key], pair, names) for pair in pairs if pair.kind in names)
    for key, each in others.items():
        if key not in mine and "new-mode" in names:
            yield examples.finding(
                each, Violation(rule=names["new-mode"], path=()), examples.origin(each, ()), _edition(base[0])
            )
        elif key not in mine:
            yield _lacking(base[0], each, names["mode"])
    before, now = base[0].section.weight, current[0].section.weight
    # A language may leave the weight to the other; a page that had one and has none now has changed.
    if before is not None and before != now and (now is not None or names is _BETWEEN_CAPTURES):
        violation = Violation(
            rule=names["weight"], path=(), expected=str(before), actual=ABSENT if now is None else str(now)
        )
        at = current[0].page.flow.mapped.origin(current[0].section.weight_at)
        yield replace(examples.finding(current[0], violation, at, _edition(base[0])), mode=None)


def _by_mode(edition: Edition) -> Modes:
    found: Modes = {}
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for each in edition:
        kind = each.margin, each.shown.position
        found[*kind, seen[kind]] = each
        seen[kind] += 1
    return found


def _paired(mine: Modes, others: Modes) -> tuple[Modes, Modes]:
    """Give an example whose heading names no mode the mode of the only one left on the other side."""
    for here, there in ((mine, others), (others, mine)):
        left = [key for key in here if key not in there]
        alone = [key for key in there if key not in here]
        if len(left) == len(alone) == 1 and left[0][0] is None:
            here[alone[0]] = here.pop(left[0])
    return mine, others


def _edition(each: AuditedExample) -> str:
    return f"{redaction.name(each.page.name)} {each.section.language}"


def _lacking(where: AuditedExample, what: AuditedExample, rule: str) -> Finding:
    violation = Violation(rule=rule, path=(), expected=f"an example of {what.mode or 'that mode'}", actual=ABSENT)
    return replace(examples.finding(where, violation, examples.origin(where, ()), _edition(what)), mode=what.mode)


def _finding(base: AuditedExample, current: AuditedExample, pair: Difference, names: dict[str, str]) -> Finding:
    """Make the finding of one difference, in the edition that lacks the field where languages are compared."""
    swapped = pair.kind == "added" and names is _BETWEEN_EDITIONS
    here, there = (base, current) if swapped else (current, base)
    worded = _as_said if pair.kind in {"type", "rows", "order"} else _as_written
    sides = worded(pair.base, pair), worded(pair.current, pair)
    expected, actual = reversed(sides) if swapped else sides
    violation = Violation(rule=names[pair.kind], path=pair.path, expected=expected, actual=actual)
    return examples.finding(here, violation, examples.origin(here, pair.path), _edition(there))


def _as_said(side: Any, _: Difference) -> str:
    return redaction.text(str(side))


def _as_written(side: Any, pair: Difference) -> str:
    if side is None and pair.kind in {"missing", "added"}:
        return ABSENT
    return f"number {side}" if isinstance(side, Decimal) else literal(side, pair.path)


def _recovered(each: AuditedExample) -> Recovered:
    return Recovered(page=each.page, section=each.section, shown=each.shown, name=each.name, mode=each.mode)


def _checked(each: AuditedExample) -> Checked:
    levels = sorted((finding.level for finding in each.findings), key=lambda level: level.rank)
    return Checked(
        endpoint=each.name,
        mode=str(each.fits[0]) if len(each.fits) == 1 else None,
        fits=() if len(each.fits) == 1 else tuple(map(str, each.fits)),
        origin=None,
        observed=False,
        answer=AnswerKind.REQUEST if each.shown.request else AnswerKind.EXAMPLE,
        verdict=Verdict(levels[0]) if levels else Verdict.CLEAN,
        file=redaction.name(each.page.name),
        edition=each.section.language,
        line=each.page.place(each.shown.example.start)[0],
    )
