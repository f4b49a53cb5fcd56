"""Compares editions of one operation: its languages, or two captures of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from wireshape.audit import comment_changes, examples, moved, pairing, table_changes
from wireshape.audit.editions import Difference, DifferenceKind, RowKeys, differences
from wireshape.audit.examples import AuditedExample
from wireshape.audit.pairing import Edition, Subject
from wireshape.audit.table_changes import TableComparison
from wireshape.findings import build
from wireshape.findings.build import Findings
from wireshape.findings.violation import JsonValue, Operand, Violation
from wireshape.jsontext.paths import ABSENT
from wireshape.model import Base, Finding

_CJK = re.compile(r"[\u3400-\u9fff]")
_WORDED = {DifferenceKind.TYPE, DifferenceKind.ROWS, DifferenceKind.ORDER}
"""Kinds of difference whose sides are words, and no values."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Which rule a difference breaks: by its kind, of a mode that one side lacks, of the request weight, of tables.

    `mode_added` is None where either side may be the one that lacks a mode or a field: between languages.
    """

    differences: Mapping[DifferenceKind, str]
    mode_missing: str
    mode_added: str | None
    weight: str
    tables: TableComparison


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
    tables=table_changes.LANGUAGES,
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
    tables=table_changes.CAPTURES,
)


RULES = frozenset(
    rule
    for each in (LANGUAGES, CAPTURES)
    for rule in (*each.differences.values(), each.mode_missing, each.mode_added, each.weight)
    if rule
)
"""The rules that only another edition can break."""


def editions(audited: Iterable[AuditedExample]) -> list[Edition]:
    """Group examples of answers by the section they stand in."""
    grouped: dict[int, list[AuditedExample]] = {}
    for each in audited:
        if not each.page_example.request:
            grouped.setdefault(id(each.section), []).append(each)
    return list(grouped.values())


def languages(audited: Iterable[AuditedExample], row_keys: RowKeys) -> Iterator[Finding]:
    """Compare every two languages of one operation, in one page or in several."""
    for by_language in _by_subject(editions(audited)).values():
        for mine, others in combinations(by_language.values(), 2):
            for base, current in pairing.languages(mine, others).pairs:
                yield from _compared(base, current, LANGUAGES, row_keys)


def captures(
    older: Iterable[AuditedExample], audited: Iterable[AuditedExample], row_keys: RowKeys
) -> Iterator[Finding]:
    """Compare each edition with its older capture in the same language, and tell which operations came and went."""
    before, now = _by_subject(editions(older)), _by_subject(editions(audited))
    pairs: list[tuple[Edition, Edition]] = []
    for subject in dict.fromkeys((*now, *before)):
        was, is_now = before.get(subject, {}), now.get(subject, {})
        for language in dict.fromkeys((*is_now, *was)):
            found = pairing.captures(was.get(language, []), is_now.get(language, []))
            pairs += found.pairs
            for base, current in found.pairs:
                yield from _compared(base, current, CAPTURES, row_keys)
            # Of several captures of what is there on both sides, one that has no partner is neither new nor gone.
            if not found.pairs:
                yield from (_event("page-operation-added", each) for each in found.current_only)
                yield from (_event("page-operation-removed", each) for each in found.base_only)
    yield from moved.events(pairs)


def _by_subject(found: Iterable[Edition]) -> dict[Subject, dict[str, list[Edition]]]:
    """Group editions by what they document, then by language; of what names no operation, nothing is compared."""
    grouped: dict[Subject, dict[str, list[Edition]]] = {}
    for edition in found:
        if subject := pairing.subject(edition):
            grouped.setdefault(subject, {}).setdefault(edition[0].section.language, []).append(edition)
    return grouped


def _event(rule: str, edition: Edition) -> Finding:
    (finding,) = build.made([Violation(rule=rule)], replace(examples.subject(edition[0]), mode=None))
    return finding


def _compared(base: Edition, current: Edition, comparison: Comparison, row_keys: RowKeys) -> Iterator[Finding]:
    """Compare two editions example by example: what one lacks is a finding of that one, all else of the current one."""
    found = pairing.examples(base, current)
    for one, other in found.pairs:
        yield from _differences(one, other, comparison, row_keys)
        if comparison is LANGUAGES:
            yield from comment_changes.find(one, other)
    for each in found.base_only:
        yield from _lacking(current[0], each, comparison.mode_missing)
    for each in found.current_only:
        if comparison.mode_added:
            added = Violation(rule=comparison.mode_added)
            yield from build.made([added], examples.subject(each, _edition(base[0])))
        else:
            yield from _lacking(base[0], each, comparison.mode_missing)
    yield from _weights(base[0], current[0], comparison)
    yield from table_changes.find(base[0], current[0], comparison.tables)


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
        if rule is None or (comparison is LANGUAGES and _is_translated(each)):
            continue
        sides = _operand(each.base, each), _operand(each.current, each)
        if each.kind is DifferenceKind.ADDED and comparison is LANGUAGES:
            violation = Violation(rule=rule, path=each.path, expected=(sides[1],), actual=(sides[0],))
            there.add([violation], examples.subject(base, _edition(current)))
        else:
            violation = Violation(rule=rule, path=each.path, expected=(sides[0],), actual=(sides[1],))
            here.add([violation], examples.subject(current, _edition(base)))
    yield from (*here.all(), *there.all())


def _is_translated(each: Difference) -> bool:
    """Tell whether a text is in one language on one side, and in the other on the other side."""
    texts = [side for side in (each.base, each.current) if isinstance(side, str)]
    return each.kind is DifferenceKind.VALUE and len(texts) > 1 and len({bool(_CJK.search(text)) for text in texts}) > 1


def _operand(side: Any, difference: Difference) -> Operand:
    if side is None and difference.kind in {DifferenceKind.MISSING, DifferenceKind.ADDED}:
        return ABSENT
    return str(side) if difference.kind in _WORDED else JsonValue(side)
