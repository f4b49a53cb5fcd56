"""Compares all pages of a store as they were and as they are, in the way of `audit --base`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wireshape.audit import compare, examples, pairing
from wireshape.audit.examples import AuditedExample
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.findings import build, describe, redaction
from wireshape.findings.build import Subject
from wireshape.findings.violation import Violation
from wireshape.model import Finding, Location
from wireshape.pages import sections, vocabulary
from wireshape.watch.records import Capture
from wireshape.watch.store import Store

Captures = Mapping[str, Capture]
"""The captures of a store at one time, by page."""
_LISTED, _UNLISTED = "page-listed", "page-unlisted"


@dataclass(kw_only=True, slots=True)
class Comparer:
    """Compares captures of a store; what was read once is kept as long as it is current."""

    store: Store
    catalog: Catalog
    _read: dict[tuple[str, str], tuple[AuditedExample, ...]] = field(default_factory=dict)

    def examples(self, capture: Capture) -> tuple[AuditedExample, ...]:
        """Give the examples of a capture, none where its page has none."""
        key = capture.page, capture.sha256 or ""
        if key not in self._read:
            self._read[key] = read(self.store.content(key[1]), capture.page, self.catalog)
        return self._read[key]

    def remember(self, capture: Capture, found: tuple[AuditedExample, ...]) -> None:
        """Take the examples of a capture that was just read."""
        self._read[capture.page, capture.sha256 or ""] = found

    def news(self, before: Captures, now: Captures) -> list[Finding]:
        """List what is new between two times."""
        both = {page for page in before if page in now}
        changed = {page for page in both if before[page].sha256 != now[page].sha256}
        stays = {page for page in changed if self._has_address(before[page]) and self._has_address(now[page])}
        older = [each for capture in before.values() for each in self._placed(capture, both, stays)]
        current = [each for capture in now.values() for each in self._placed(capture, both, stays)]
        found = list(compare.captures(older, current, vocabulary.load(self.catalog.schemas).row_keys))
        return [*found, *_listings(before.keys() - now.keys(), now.keys() - before.keys(), found)]

    def forget(self, now: Captures) -> None:
        """Let go of what was read of captures that are not current any more."""
        current = {(page, capture.sha256) for page, capture in now.items()}
        self._read = {key: value for key, value in self._read.items() if key in current}

    def _has_address(self, capture: Capture) -> bool:
        return any(each.page.identity.address for each in self.examples(capture)[:1])

    def _placed(self, capture: Capture, both: set[str], stays: set[str]) -> Iterator[AuditedExample]:
        """Give the examples of a page an address: its own, or where it was found if that is all that can be compared.

        A page that names its address in one of two captures alone has not moved.
        """
        for each in self.examples(capture):
            own = each.page.identity.address if capture.page in stays or capture.page not in both else None
            identity = replace(each.page.identity, address=own or capture.page)
            yield replace(each, page=replace(each.page, identity=identity))


def read(raw: bytes, page: str, catalog: Catalog) -> tuple[AuditedExample, ...]:
    """Read the examples of answers of the operations of a page; none where it has none."""
    try:
        found = sections.read(raw, page, catalog)
    except InputError:
        return ()
    return tuple(each for each in examples.of_page(found, catalog) if pairing.subject([each]) and _is_answer(each))


def _is_answer(each: AuditedExample) -> bool:
    return not each.page_example.request


def _listings(gone: Iterable[str], new: Iterable[str], found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the pages that came and went of which nothing else is told."""
    told: set[str | None] = {each.location.file for each in found}
    for each in found:
        for side in (each.base and each.base.name, each.expected, each.actual):
            told |= set((side or "").split(", "))
    for rule, pages in ((_UNLISTED, gone), (_LISTED, new)):
        for page in sorted(pages):
            if not told & {redaction.name(page), describe.operands((page,), ())}:
                subject = Subject(location=Location(file=page), noun="the page")
                yield from build.made([Violation(rule=rule)], subject)
