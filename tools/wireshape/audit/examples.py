"""One page held against the contracts of what it documents, and against itself: every example with its findings."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from wireshape.audit import consistency
from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check.engines import fast
from wireshape.check.envelope import is_error
from wireshape.check.modes import best_modes, count_breaking
from wireshape.findings import redaction, rules
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.lenientjson.defects import Defect
from wireshape.model import ABSENT, Endpoint, Finding, InstancePath, Location, Mode
from wireshape.pages import vocabulary
from wireshape.pages.sections import Page, PageExample, Section

# What a failure of the contract is called where a page, and not an answer, is at fault.
_OF_EXAMPLES = {
    "field-missing": "example-field-missing",
    "field-undocumented": "example-field-unknown",
    "type-mismatch": "example-type-mismatch",
    "value-malformed": "example-value-malformed",
    "enum-value-unknown": "example-value-malformed",
    "envelope-invalid": "example-value-malformed",
    "mode-mismatch": "example-mode-mismatch",
    "invariant-broken": "example-invariant-broken",
    "field-undocumented-known": "example-evidence-outdated",
}

_LARGEST_INT = 1 << 64
_LARGEST = Decimal(sys.float_info.max)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditedExample:
    """One example with the endpoint and modes it turned out to be of; endpoint is None outside the catalogue."""

    page: Page
    section: Section
    shown: PageExample
    endpoint: Endpoint | None
    fits: tuple[Mode, ...]
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """The endpoint by its id, or the operation as the page has it."""
        return self.endpoint.id if self.endpoint else self.section.operation or "no endpoint"

    @property
    def margin(self) -> str | None:
        """The margin mode that the heading names, or the values leave."""
        margins = {mode.margin for mode in self.fits}
        return self.shown.margin or (margins.pop() if len(margins) == 1 else None)

    @property
    def mode(self) -> str | None:
        """The mode where heading and values leave one, else what is known of it."""
        return str(self.fits[0]) if len(self.fits) == 1 else self.margin


def of_page(page: Page, catalog: Catalog) -> Iterator[AuditedExample]:
    """Yield every example of a page, requests included, with what is wrong with it."""
    for section in page.sections:
        for shown in section.examples:
            yield _of_example(page, section, shown, catalog)


def finding(each: AuditedExample, violation: Violation, at: int, base: str | None = None) -> Finding:
    """Make the finding of one violation; at is the offset in the page as it came."""
    rule = rules.get(violation.rule)
    path = contracts.payload_path(each.endpoint, violation.path) if each.endpoint else violation.path
    line, column = each.page.source.position(at)
    return Finding(
        rule=rule.id,
        level=rule.level,
        endpoint=redaction.text(each.name),
        mode=each.mode,
        path=redaction.text(paths.collapse(path)),
        message=redaction.text(violation.message or rule.message),
        expected=violation.expected,
        actual=violation.actual,
        location=Location(file=redaction.name(each.page.name), line=line, column=column),
        sample=redaction.text(paths.sample(path)),
        count=violation.count,
        base=base,
        edition=each.section.language,
        source=each.page.source.excerpt(at),
    )


def collapsed(found: Iterable[Finding]) -> list[Finding]:
    """Make one finding, with a count, of those that say the same of one path in several rows."""
    merged: dict[tuple[object, ...], Finding] = {}
    for each in found:
        place = (each.location.file, each.endpoint, each.edition, each.mode, each.path)
        key = (each.rule, *place, each.message, each.base, each.expected, each.actual)
        merged[key] = replace(merged[key], count=merged[key].count + each.count) if key in merged else each
    return list(merged.values())


def origin(each: AuditedExample, path: InstancePath) -> int:
    """Give the offset in the page of a path of an example, or of the nearest part of it that is there."""
    offsets = each.shown.example.value_offsets
    while path and path not in offsets:
        path = path[:-1]
    return each.page.source_offset(offsets.get(path, each.shown.example.start))


def _of_example(page: Page, section: Section, shown: PageExample, catalog: Catalog) -> AuditedExample:
    endpoint, fits, violations = (None, (), []) if shown.request else _held(section, shown, catalog)
    read = AuditedExample(page=page, section=section, shown=shown, endpoint=endpoint, fits=fits, findings=())
    mended = [_mended(read, defect) for defect in shown.example.defects]
    if shown.request:
        return replace(read, findings=tuple(mended))
    violations = [
        replace(violation, rule=_rule(violation)) for violation in violations if not _left_out(violation, shown)
    ]
    absent = {paths.collapse(violation.path) for violation in violations if violation.actual == ABSENT}
    # A field that the contract requires is said to be missing once, and not to be in some rows only as well.
    rows = [
        violation for violation in consistency.partial(shown.example) if paths.collapse(violation.path) not in absent
    ]
    found = [finding(read, violation, origin(read, violation.path)) for violation in (*violations, *rows)]
    words = vocabulary.load(catalog.schemas)
    remarked = (
        *consistency.copied(shown.example, words),
        *consistency.contradicted(shown.example, words, lambda path: _choices(endpoint, catalog, path)),
    )
    found += [finding(read, violation, page.source_offset(at)) for violation, at in remarked]
    return replace(read, findings=(*mended, *collapsed(found)))


def _left_out(violation: Violation, shown: PageExample) -> bool:
    """Tell whether a field is absent from an object that the example itself shows only in part."""
    return violation.actual == ABSENT and violation.path[:-1] in shown.example.incomplete_paths


def _rule(violation: Violation) -> str:
    return "example-field-missing" if violation.actual == ABSENT else _OF_EXAMPLES.get(violation.rule, violation.rule)


def _mended(read: AuditedExample, defect: Defect) -> Finding:
    violation = Violation(rule=defect.rule, path=defect.path, message=defect.detail)
    return finding(read, violation, read.page.defect_offset(defect))


def _held(
    section: Section, shown: PageExample, catalog: Catalog
) -> tuple[Endpoint | None, tuple[Mode, ...], list[Violation]]:
    """Hold an example against the contract of its endpoint and mode, that of the endpoint it fits best."""
    value = _plain(shown.example.value)
    best: tuple[Endpoint | None, tuple[Mode, ...], list[Violation]] = None, (), []
    for endpoint in section.endpoints:
        if is_error(endpoint, value, catalog):
            return endpoint, (), []
        modes = [mode for mode in endpoint.modes if _named(mode, shown)] or list(endpoint.modes)
        fits, violations = best_modes(endpoint, modes, value, catalog, fast)
        if best[0] is None or count_breaking(violations) < count_breaking(best[2]):
            best = endpoint, fits, violations
    return best


def _plain(value: Any) -> Any:
    """Give a value with the numbers a parser would give: those past 64 bits are no integers any more."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal) or (type(value) is int and abs(value) >= _LARGEST_INT):
        return float(value) if abs(Decimal(value)) < _LARGEST else math.copysign(sys.float_info.max, value)
    return value


def _choices(endpoint: Endpoint | None, catalog: Catalog, path: InstancePath) -> set[Any]:
    """Give the values that a field can have in any mode of an endpoint, as far as contracts name them."""
    known = [contracts.load(catalog, endpoint, mode) for mode in endpoint.modes] if endpoint else []
    return {each for contract in known for each in contracts.choices(contract.at(path))}


def _named(mode: Mode, shown: PageExample) -> bool:
    return shown.margin in {None, mode.margin} and shown.position in {None, mode.position}
