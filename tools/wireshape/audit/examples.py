"""One page held against the contracts of what it documents, and against itself: every example with its findings."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from wireshape.audit import comments, consistency, values
from wireshape.audit.values import Account
from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check.engines import fast
from wireshape.check.envelope import is_error
from wireshape.check.modes import best_modes
from wireshape.findings import build
from wireshape.findings.build import Findings, Place, Subject
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.jsontext.paths import ABSENT
from wireshape.jsontext.positions import Position
from wireshape.lenientjson.defects import Defect
from wireshape.model import Base, Endpoint, Finding, InstancePath, Location, Mode
from wireshape.pages import captured, facts, vocabulary
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
    "invariant-doubtful": "example-invariant-doubtful",
    "field-undocumented-known": "example-evidence-outdated",
}

_LARGEST_INT = 1 << 64
_LARGEST = Decimal(sys.float_info.max)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditedExample:
    """One example with the endpoint and modes it turned out to be of; endpoint is None outside the catalogue."""

    page: Page
    section: Section
    page_example: PageExample
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
        return self.page_example.margin or (margins.pop() if len(margins) == 1 else None)

    @property
    def mode(self) -> str | None:
        """The mode where heading and values leave one, else what is known of it."""
        return str(self.fits[0]) if len(self.fits) == 1 else self.margin


def of_page(page: Page, catalog: Catalog) -> Iterator[AuditedExample]:
    """Yield every example of a page, requests included, with what is wrong with it."""
    for section in page.sections:
        for page_example in section.examples:
            yield _of_example(page, section, page_example, catalog)


def subject(each: AuditedExample, base: Base | None = None) -> Subject:
    """Give what findings of an example are about; base is the edition it is compared with."""
    return Subject(
        location=Location(file=each.page.name),
        endpoint=each.name,
        mode=each.mode,
        payload=each.endpoint.payload if each.endpoint else None,
        base=base,
        edition=each.section.language,
        noun="the example",
        places=lambda violations: [_place(each, violation) for violation in violations],
    )


def _place(each: AuditedExample, violation: Violation) -> Place:
    """Find a violation on the page: at its position, else where its path stands or the nearest part of it does."""
    source = each.page.source
    at = violation.position or position(each, violation.path)
    location = Location(file=each.page.name, line=at.line, column=at.column)
    return Place(location=location, source=source.excerpt(source.offset(at)))


def position(each: AuditedExample, path: InstancePath) -> Position:
    """Give the position on the page of a path of an example, or of the nearest part of it that is there."""
    offsets = each.page_example.example.value_offsets
    while path and path not in offsets:
        path = path[:-1]
    return each.page.position(offsets.get(path, each.page_example.example.start))


def _of_example(page: Page, section: Section, page_example: PageExample, catalog: Catalog) -> AuditedExample:
    held = Held() if page_example.request else _held(section, page_example, catalog)
    read = AuditedExample(
        page=page, section=section, page_example=page_example, endpoint=held.endpoint, fits=held.modes, findings=()
    )
    about = subject(read)
    found = Findings(by_value=True)
    if not page_example.request:
        doubts = facts.load(catalog.schemas).doubts
        found.add(
            [
                *_of_the_contract(page_example, held, doubts),
                *_of_the_values(page, page_example, held, catalog),
                *_remarks(page, page_example, held, catalog),
            ],
            about,
        )
    mended = build.made([_mended(page, defect) for defect in page_example.example.defects], about)
    return replace(read, findings=(*mended, *found.all()))


def _of_the_contract(page_example: PageExample, held: Held, doubts: Collection[str]) -> Iterator[Violation]:
    """Yield what is wrong by the contract, under the rules of examples, and fields that only some rows have."""
    absent = set()
    for violation in _each(held.violations, page_example.example.value):
        if violation.rule == "invariant-doubtful" and violation.invariant not in doubts:
            continue  # an example shows part of an account
        lacking = violation.actual == (ABSENT,)
        if lacking and violation.path[:-1] in page_example.example.incomplete_paths:
            continue  # the example shows this object only in part
        if lacking:
            absent.add(paths.collapse(violation.path))
        rule = "example-field-missing" if lacking else _OF_EXAMPLES.get(violation.rule, violation.rule)
        yield replace(violation, rule=rule)
    # A field that the contract requires is said to be missing once, and not to be in some rows only as well.
    yield from (each for each in consistency.partial(page_example.example) if paths.collapse(each.path) not in absent)


def _each(violations: Sequence[Violation], value: Any) -> Iterator[Violation]:
    """Yield what stands for several rows once for each of them, so that each has its line."""
    for violation in violations:
        alike = _alike(violation, value) if 1 < violation.count <= build.MAX_PLACES else []
        if len(alike) == violation.count:
            yield from (replace(violation, path=path, count=1) for path in alike)
        else:
            yield violation


def _alike(violation: Violation, value: Any) -> list[InstancePath]:
    """List the places of the rows in which a value is as wrong as in the first."""
    lacking = violation.actual == (ABSENT,)
    kind = type(ABSENT if lacking else paths.at(value, violation.path))
    found = paths.instances(value, paths.collapse(violation.path))
    return [each.path for each in found if (each.value is ABSENT) is lacking and type(each.value) is kind]


def _of_the_values(page: Page, page_example: PageExample, held: Held, catalog: Catalog) -> Iterator[Violation]:
    """Yield what the values cannot be; of an example that several modes fit, what none of them allows."""
    if held.endpoint is None or not held.modes:
        return
    mode, margins = held.modes[0], {each.margin for each in held.modes}
    account = Account(
        endpoint=held.endpoint,
        mode=mode,
        margin=page_example.margin if len(margins) > 1 else mode.margin,
        value=page_example.example.value,
        day=page.identity.day,
        known_since=captured.earliest(page),
        incomplete_paths=page_example.example.incomplete_paths,
    )
    yield from values.find(account, catalog)


def _remarks(page: Page, page_example: PageExample, held: Held, catalog: Catalog) -> Iterator[Violation]:
    """Yield what comments say wrongly, at the comment."""
    words = vocabulary.load(catalog.schemas)
    for remark in (
        *consistency.copied(page_example.example, words),
        *comments.find(page_example.example, held.endpoint, page_example.margin if held.endpoint else None, words),
        *consistency.contradicted(page_example.example, words, lambda path: _choices(held.endpoint, catalog, path)),
    ):
        yield replace(remark.violation, position=page.position(remark.offset))


def _mended(page: Page, defect: Defect) -> Violation:
    at = page.source.position(page.defect_offset(defect))
    return Violation(rule=defect.rule, path=defect.path, detail=defect.detail, position=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What came of holding an example against contracts: the endpoint and modes it fits best, and what is wrong."""

    endpoint: Endpoint | None = None
    modes: tuple[Mode, ...] = ()
    violations: Sequence[Violation] = ()
    breaking: int = 0


def _held(section: Section, page_example: PageExample, catalog: Catalog) -> Held:
    """Hold an example against the contract of its endpoint and mode, that of the endpoint it fits best."""
    value = _plain(page_example.example.value)
    held = Held()
    for endpoint in section.endpoints:
        if is_error(endpoint, value, catalog):
            return Held(endpoint=endpoint)
        modes = [mode for mode in endpoint.modes if _named(mode, page_example)] or list(endpoint.modes)
        best = best_modes(endpoint, modes, value, catalog, fast)
        if held.endpoint is None or best.breaking < held.breaking:
            held = Held(endpoint=endpoint, modes=best.modes, violations=best.violations, breaking=best.breaking)
    return held


def _plain(value: Any) -> Any:
    """Give a value with the numbers a parser would give: those past 64 bits are no integers any more."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal) or (type(value) is int and abs(value) >= _LARGEST_INT):
        if Decimal(value).copy_abs() < _LARGEST:
            return float(value)
        return -sys.float_info.max if value < 0 else sys.float_info.max
    return value


def _choices(endpoint: Endpoint | None, catalog: Catalog, path: InstancePath) -> set[Any]:
    """Give the values that a field can have in any mode of an endpoint, as far as contracts name them."""
    known = [contracts.load(catalog, endpoint, mode) for mode in endpoint.modes] if endpoint else []
    return {each for contract in known for each in contracts.choices(contract.at(path))}


def _named(mode: Mode, page_example: PageExample) -> bool:
    return page_example.margin in {None, mode.margin} and page_example.position in {None, mode.position}
