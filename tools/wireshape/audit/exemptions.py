"""What pages exempt by their own marks: findings in the block behind one, and marks that exempt nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from wireshape.audit import compare, examples
from wireshape.audit.examples import AuditedExample
from wireshape.findings import build, redaction, rules
from wireshape.findings.violation import Violation
from wireshape.jsontext.positions import Position
from wireshape.model import Finding, Location, Problem
from wireshape.pages import exemptions
from wireshape.pages.blocks import UnreadBlock
from wireshape.pages.exemptions import Exemption
from wireshape.pages.sections import Page


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """An example of a page by its offsets in the text, or a block that was not read."""

    start: int
    end: int
    example: AuditedExample | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Exempt:
    """A mark, and the block that it exempts."""

    page: Page
    mark: Exemption
    block: _Block

    def has(self, location: Location) -> bool:
        """Tell whether a place is in the block."""
        first, last = self.page.position(self.block.start), self.page.position(self.block.end)
        place = Position(location.line or 0, location.column or 0)
        return location.file == redaction.name(self.page.name) and first <= place <= last


class Exemptions:
    """The marks of some pages, and what they exempt."""

    def __init__(self, pages: Sequence[Page], audited: Iterable[AuditedExample]) -> None:
        self.problems: list[Problem] = []
        self._exempt: list[_Exempt] = []
        self._used: set[_Exempt] = set()
        by_page: dict[int, list[AuditedExample]] = {}
        for each in audited:
            by_page.setdefault(id(each.page), []).append(each)
        for page in pages:
            self._read(page, by_page.get(id(page), []))

    def applied(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Mark the findings that stand in an exempt block with all their places."""
        return tuple(map(self._marked, findings))

    def is_exempt(self, page: Page, block: UnreadBlock) -> bool:
        """Tell whether a block that could not be read is exempt."""
        unread = _Block(start=block.start, end=block.start)
        found = [each for each in self._exempt if each.page is page and each.block == unread]
        self._used.update(found)
        return bool(found)

    def stale(self) -> Iterator[Finding]:
        """Yield what is to be said of marks that exempted nothing, once all else was asked for."""
        for each in self._exempt:
            needs_another = each.mark.rules & compare.RULES
            if each not in self._used and each.block.example and not needs_another:
                violation = Violation(
                    rule="waiver-stale",
                    field=", ".join(sorted(each.mark.rules)),
                    note="it exempts the block behind it",
                    position=each.page.source.position(each.mark.offset),
                )
                yield from build.made([violation], examples.subject(each.block.example))

    def _read(self, page: Page, audited: Sequence[AuditedExample]) -> None:
        blocks = [_Block(start=block.start, end=block.start) for block in page.unread]
        read = ((each, each.page_example.example) for each in audited)
        blocks += [_Block(start=example.start, end=example.end, example=each) for each, example in read]
        blocks.sort(key=lambda block: block.start)
        for mark in exemptions.read(page, rules.load()):
            at = page.source.position(mark.offset)
            location = Location(file=page.name, line=at.line, column=at.column)
            behind = next((block for block in blocks if page.source_offset(block.start) > mark.offset), None)
            if not isinstance(mark, Exemption):
                self.problems.append(Problem(location=location, reason=f"the mark is not understood: {mark.reason}"))
            elif behind is None:
                self.problems.append(Problem(location=location, reason="no block follows the mark that exempts one"))
            else:
                self._exempt.append(_Exempt(page=page, mark=mark, block=behind))

    def _marked(self, finding: Finding) -> Finding:
        for each in self._exempt:
            places = (finding.location, *finding.also)
            if each.mark.has(finding.rule) and all(map(each.has, places)):
                self._used.add(each)
                return replace(finding, waiver=redaction.text(each.mark.reason))
        return finding
