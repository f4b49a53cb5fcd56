"""Compares editions of one operation: its languages, or two captures of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from wireshape.audit import examples
from wireshape.audit.editions import Difference, DifferenceKind, RowKeys, differences
from wireshape.audit.examples import AuditedExample
from wireshape.findings import build
from wireshape.findings.build import Findings
from wireshape.findings.violation import JsonValue, Operand, Violation
from wireshape.jsontext.paths import ABSENT
from wireshape.model import Base, Finding, Location, Problem

Edition = Sequence[AuditedExample]
"""The examples of one section: one operation in one language of one page."""

_MOST_EDITIONS = 20
"""Sections of one operation in one language that are compared with those of another."""
_WORDED = {DifferenceKind.TYPE, DifferenceKind.ROWS, DifferenceKind.ORDER}
"""Kinds of difference whose sides are words, and no values."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Which rule a difference breaks: by its kind, of a mode that one side lacks, of the request weight.

    `mode_added` is None where either side may be the one that lacks a mode or a field: between languages.
    """

    differences: Mapping[DifferenceKind, str]
    mode_missing: str
    mode_added: str | None
    weight: str


LANGUAGES = Comparison(
    differences={
        DifferenceKind.MISSING: "edition-field-missing",
        DifferenceKind.ADDED: "edition-field-missing",
        DifferenceKind.TYPE: "edition-type-differs",
        DifferenceKind.VALUE: "edition-value-differs",
        DifferenceKind.ROWS: "edition-value-differs",
        DifferenceKind.ORDER: "edition-order-differs",
    },
    mode_missing="edition-mode-missing",
    mode_added=None,
    weight="edition-weight-differs",
)
CAPTURES = Comparison(
    differences={
        DifferenceKind.MISSING: "page-field-removed",
        DifferenceKind.ADDED: "page-field-added",
        DifferenceKind.TYPE: "page-type-changed",
        DifferenceKind.VALUE: "page-value-changed",
        DifferenceKind.ROWS: "page-value-changed",
    },
    mode_missing="page-mode-removed",
    mode_added="page-mode-added",
    weight="page-weight-changed",
)


def editions(audited: Iterable[AuditedExample]) -> list[Edition]:
    """Group examples of answers by the section they stand in."""
    grouped: dict[int, list[AuditedExample]] = {}
    for each in audited:
        if not each.page_example.request:
            grouped.setdefault(id(each.section), []).append(each)
    return list(grouped.values())


def languages(audited: Iterable[AuditedExample], row_keys: RowKeys) -> Iterator[Finding | Problem]:
    """Compare every two languages of one operation, in one page or in several; a Problem where there are too many."""
    named: dict[str, dict[str, list[Edition]]] = {}
    for edition in editions(audited):
        named.setdefault(edition[0].name, {}).setdefault(_language(edition), []).append(edition)
    for by_language in named.values():
        for language, found in by_language.items():
            if len(found) > _MOST_EDITIONS and len(by_language) > 1:
                first = found[0][0]
                said = f"only {_MOST_EDITIONS} of {len(found)} sections of {first.name} in the language {language}"
                reason = f"{said} are compared with other languages"
                yield Problem(location=Location(file=first.page.name), reason=reason)
        for mine, others in combinations(by_language.values(), 2):
            for base, current in product(mine[:_MOST_EDITIONS], others[:_MOST_EDITIONS]):
                yield from _compared(base, current, LANGUAGES, row_keys)


def captures(
    older: Iterable[AuditedExample], audited: Iterable[AuditedExample], row_keys: RowKeys
) -> Iterator[Finding | Problem]:
    """Compare each edition with its older capture in the same language; a Problem where one has none."""
    left = editions(older)
    for current in editions(audited):
        base = next((b for b in left if _same(b, current) and _language(b) == _language(current)), None)
        if base is None:
            yield _unmatched(current, "the older page has no")
        else:
            left = [each for each in left if each is not base]
            yield from _compared(base, current, CAPTURES, row_keys)
    for base in left:
        yield _unmatched(base, "no newer page has")


def _unmatched(edition: Edition, said: str) -> Problem:
    reason = f"{said} {edition[0].name} in the language {_language(edition)}"
    return Problem(location=Location(file=edition[0].page.name), reason=reason)


def _same(base: Edition, current: Edition) -> bool:
    return base[0].name == current[0].name


def _language(edition: Edition) -> str:
    return edition[0].section.language


@dataclass(frozen=True, kw_only=True, slots=True)
class _ModeKey:
    """What tells the examples of an edition apart: modes as far as they are known, and which of those alike."""

    margin: str | None
    position: str | None
    number: int


def _compared(base: Edition, current: Edition, comparison: Comparison, row_keys: RowKeys) -> Iterator[Finding]:
    """Compare two editions mode by mode: what one lacks is a finding of that one, all else of the current one."""
    mine, others = _by_mode(base), _by_mode(current)
    _name_alike(mine, others)
    _name_alike(others, mine)
    for key, each in mine.items():
        if key in others:
            yield from _differences(each, others[key], comparison, row_keys)
        else:
            yield from _lacking(current[0], each, comparison.mode_missing)
    for key, each in others.items():
        if key not in mine and comparison.mode_added:
            added = Violation(rule=comparison.mode_added)
            yield from build.made([added], examples.subject(each, _edition(base[0])))
        elif key not in mine:
            yield from _lacking(base[0], each, comparison.mode_missing)
    yield from _weights(base[0], current[0], comparison)


def _by_mode(edition: Edition) -> dict[_ModeKey, AuditedExample]:
    seen: Counter[tuple[str | None, str | None]] = Counter()
    found = {}
    for each in edition:
        mode = each.margin, each.page_example.position
        found[_ModeKey(margin=mode[0], position=mode[1], number=seen[mode])] = each
        seen[mode] += 1
    return found


def _name_alike(here: dict[_ModeKey, AuditedExample], there: dict[_ModeKey, AuditedExample]) -> None:
    """Give an example whose heading names no mode the mode of the only one left on the other side."""
    left = [key for key in here if key not in there]
    alone = [key for key in there if key not in here]
    if len(left) == len(alone) == 1 and left[0].margin is None:
        here[alone[0]] = here.pop(left[0])


def _weights(base: AuditedExample, current: AuditedExample, comparison: Comparison) -> Iterator[Finding]:
    before, now = base.section.weight, current.section.weight
    # A language may leave the weight to the other; a page that had one and has none now has changed.
    if before is not None and before != now and (now is not None or comparison is CAPTURES):
        at = current.page.position(current.section.weight_offset)
        there = ABSENT if now is None else str(now)
        violation = Violation(rule=comparison.weight, expected=(str(before),), actual=(there,), position=at)
        yield from build.made([violation], replace(examples.subject(current, _edition(base)), mode=None))


def _edition(each: AuditedExample) -> Base:
    return Base(name=each.page.name, language=each.section.language)


def _lacking(where: AuditedExample, what: AuditedExample, rule: str) -> list[Finding]:
    wanted = f"an example of {what.mode or 'that mode'}"
    violation = Violation(rule=rule, expected=(wanted,), actual=(ABSENT,))
    return build.made([violation], replace(examples.subject(where, _edition(what)), mode=what.mode))


def _differences(
    base: AuditedExample, current: AuditedExample, comparison: Comparison, row_keys: RowKeys
) -> Iterator[Finding]:
    """Yield what differs, in the edition that lacks the field where languages are compared."""
    here, there = Findings(by_value=True), Findings(by_value=True)
    for each in differences(base.page_example.example.value, current.page_example.example.value, row_keys):
        rule = comparison.differences.get(each.kind)
        if rule is None:
            continue
        sides = _operand(each.base, each), _operand(each.current, each)
        if each.kind is DifferenceKind.ADDED and comparison is LANGUAGES:
            violation = Violation(rule=rule, path=each.path, expected=(sides[1],), actual=(sides[0],))
            there.add([violation], examples.subject(base, _edition(current)))
        else:
            violation = Violation(rule=rule, path=each.path, expected=(sides[0],), actual=(sides[1],))
            here.add([violation], examples.subject(current, _edition(base)))
    yield from (*here.all(), *there.all())


def _operand(side: Any, difference: Difference) -> Operand:
    if side is None and difference.kind in {DifferenceKind.MISSING, DifferenceKind.ADDED}:
        return ABSENT
    return str(side) if difference.kind in _WORDED else JsonValue(side)
