"""Audits pages of documentation: against contracts, against themselves, and against their other editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wireshape.audit import compare, examples, left_out, pairing, tables, weights
from wireshape.audit.examples import AuditedExample
from wireshape.audit.exemptions import Exemptions
from wireshape.audit.export import RecoveredExample
from wireshape.catalog.endpoints import Catalog
from wireshape.findings import acceptance
from wireshape.findings.acceptance import Reach
from wireshape.findings.report import AnswerKind, Checked, Report, Verdict
from wireshape.model import Base, Exit, Location, Problem
from wireshape.pages import vocabulary
from wireshape.pages.sections import Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """The report of an audit, what it looked at, and the examples of answers that were recovered on the way."""

    report: Report
    reach: Reach
    recovered: tuple[RecoveredExample, ...]


def audit(
    pages: Sequence[Page], catalog: Catalog, base: Sequence[Page] | None = None, *, problems: Sequence[Problem] = ()
) -> Audit:
    """Audit pages and compare their languages, or with base two captures.

    problems are those of pages that could not be read.
    """
    audited = [each for page in pages for each in examples.of_page(page, catalog)]
    exempt = Exemptions(pages, audited)
    audited = [replace(each, findings=exempt.applied(each.findings)) for each in audited]
    row_keys = vocabulary.load(catalog.schemas).row_keys
    if base is None:
        compared = list(compare.languages(audited, row_keys))
    else:
        older = [each for page in base for each in examples.of_page(page, catalog)]
        compared = list(compare.captures(older, audited, row_keys))
    findings = [finding for each in audited for finding in each.findings]
    editions = compare.editions(audited)
    unread = [_unknown(edition[0]) for edition in editions if pairing.subject(edition) is None]
    unread += _unread_blocks(pages, exempt)
    beside = [
        *left_out.find(editions, catalog),
        *weights.find(editions, catalog),
        *tables.find(_by_section(audited), catalog),
    ]
    compared = [*exempt.applied([*beside, *compared])]
    report = Report(
        command="audit",
        checked=tuple(map(_checked, audited)),
        findings=(*findings, *compared, *exempt.stale()),
        problems=(*problems, *unread, *exempt.problems),
    )
    return Audit(
        report=report,
        reach=acceptance.of_files(report, (page.name for page in pages), _editions((*pages, *(base or ())))),
        recovered=tuple(map(_recovered, filter(_is_answer, audited))),
    )


def _editions(pages: Sequence[Page]) -> Iterator[str]:
    """Name each language of each page as a finding names what it was compared with."""
    for page in pages:
        yield from (str(Base(name=page.name, language=section.language)) for section in page.sections)


def _by_section(audited: Sequence[AuditedExample]) -> list[list[AuditedExample]]:
    """Group examples by the section they stand in, requests among them."""
    grouped: dict[int, list[AuditedExample]] = {}
    for each in audited:
        grouped.setdefault(id(each.section), []).append(each)
    return list(grouped.values())


def _is_answer(each: AuditedExample) -> bool:
    return not each.page_example.request


def _unknown(each: AuditedExample) -> Problem:
    location = Location(file=each.page.name, line=each.page.position(each.page_example.example.start).line)
    reason = "the page names no operation; --endpoint does: read, and held against no contract"
    return Problem(location=location, reason=reason)


def _unread_blocks(pages: Sequence[Page], exempt: Exemptions) -> Iterator[Problem]:
    """Yield a problem for each block that looks like JSON and was not read; programs are passed over on purpose."""
    for page in pages:
        for block in (each for each in page.unread if not exempt.is_exempt(page, each)):
            location = Location(file=page.name, line=page.position(block.start).line)
            passed_over = Exit.CLEAN if block.language else Exit.UNCHECKED
            yield Problem(location=location, reason=f"the block {block.reason}", exit_code=passed_over)


def _recovered(each: AuditedExample) -> RecoveredExample:
    return RecoveredExample(
        page=each.page, section=each.section, page_example=each.page_example, name=each.name, mode=each.mode
    )


def _checked(each: AuditedExample) -> Checked:
    levels = sorted((found.level for found in each.findings if not found.waiver), key=lambda level: level.rank)
    clean = Verdict.ACCEPTED if each.findings else Verdict.CLEAN
    return Checked(
        endpoint=each.name,
        mode=str(each.fits[0]) if len(each.fits) == 1 else None,
        fits=() if len(each.fits) == 1 else tuple(map(str, each.fits)),
        origin=None,
        observed=False,
        answer=AnswerKind.REQUEST if each.page_example.request else AnswerKind.EXAMPLE,
        verdict=Verdict(levels[0]) if levels else clean,
        file=each.page.name,
        edition=each.section.language,
        line=each.page.position(each.page_example.example.start).line,
        in_catalogue=each.endpoint is not None,
    )
