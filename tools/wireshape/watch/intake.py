"""Takes what was seen into a store: keeps what changed, and tells what is new in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from wireshape.audit.examples import AuditedExample
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.model import Exit, Location, Problem
from wireshape.pages import page_bytes
from wireshape.watch import comparison, events
from wireshape.watch.comparison import Comparer
from wireshape.watch.events import Occasion
from wireshape.watch.records import Capture, Event, SourceKind
from wireshape.watch.sources import Look, Seen
from wireshape.watch.store import Store

_CLOSED = b"</html"
_ASKED = {SourceKind.URL, SourceKind.SITEMAP}
_NAMED = {SourceKind.URL, SourceKind.FILE}


@dataclass(kw_only=True, slots=True)
class Intake:
    """What a run has come to so far: captures of all times, pages by what became of them, news, and what went wrong.

    Contents are kept in the store as they come; all else is for whoever runs to write.
    """

    store: Store
    catalog: Catalog
    captures: list[Capture] = field(init=False)
    comparer: Comparer = field(init=False)
    pages: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.captures = list(self.store.captures)
        self.comparer = Comparer(store=self.store, catalog=self.catalog)

    def active(self) -> dict[str, Capture]:
        """Give the last capture of each page that is not gone."""
        last = {each.page: each for each in self.captures}
        return {page: each for page, each in last.items() if each.sha256}

    def take(self, looks: Sequence[Look], date: str) -> None:
        """Take what several sources hold at one time, and tell what is new against the time before.

        What a source holds at the first look at it is where news begin, and none itself.
        """
        before = self.active()
        known = {each.origin for each in self.captures}
        done: set[str] = set()
        for look in looks:
            self.problems += look.problems
            self.notes += look.notes
            for seen in look.seen:
                if seen.page not in done:
                    done.add(seen.page)
                    capture = self._seen(seen, look, before.get(seen.page), date)
                    if capture and seen.page not in before and look.source.key not in known:
                        before[seen.page] = capture
                        self.first.add(seen.page)
            self.captures += [_gone(page, look, date) for page in look.gone]
            self.gone |= set(look.gone)
        now = self.active()
        if _contents(before) != _contents(now):
            occasion = Occasion(before=before, now=now, captures=self.captures, date=date)
            self.events += events.made(self.comparer.news(before, now), occasion)
            self.comparer.forget(now)

    def refuse(self, page: str, reason: str, code: Exit = Exit.UNCHECKED) -> None:
        """Take note of a page or source that could not be looked at."""
        self.problems.append(Problem(location=Location(file=page), reason=reason, exit_code=code))

    def _seen(self, seen: Seen, look: Look, last: Capture | None, date: str) -> Capture | None:
        """Take a page that was seen; None where it is what it was, or no page."""
        content = seen.content
        if content is None or (last and hashlib.sha256(content).hexdigest() == last.sha256):
            self.pages.add(seen.page)
            self._unchanged(seen, last)
            return None
        try:
            found = self._examples(content, look, last, seen.page)
        except InputError as error:
            self.refuse(seen.page, f"could not look: {error}")
            return None
        capture = Capture(
            date=date,
            page=seen.page,
            kind=look.source.kind,
            source=look.source.name,
            sha256=self.store.keep(content),
            examples=len(found),
            etag=seen.etag,
            last_modified=seen.last_modified,
            revision=look.revision,
        )
        self.captures.append(capture)
        self.pages.add(seen.page)
        (self.changed if last else self.new).add(seen.page)
        if last:
            self.comparer.remember(capture, found)
        self._require_examples(capture)
        return capture

    def _unchanged(self, seen: Seen, last: Capture | None) -> None:
        """Take note of what an unchanged page is to be asked for next time."""
        if last is None:
            return
        self._require_examples(last)
        if seen.content is not None and (seen.etag, seen.last_modified) != (last.etag, last.last_modified):
            index = self.captures.index(last)
            self.captures[index] = replace(last, etag=seen.etag, last_modified=seen.last_modified)

    def _examples(self, content: bytes, look: Look, last: Capture | None, page: str) -> tuple[AuditedExample, ...]:
        """Read the examples of a page; InputError where what came can only be an error, and no change of the page."""
        page_bytes.decoded(content)
        found = comparison.read(content, page, self.catalog)
        if look.source.kind not in _ASKED or last is None or last.sha256 is None:
            return found
        if last.examples and not found:
            raise InputError("what came documents no operation, and the page did: an error page, or a wall for bots")
        if _CLOSED not in content.lower() and _CLOSED in self.store.content(last.sha256).lower():
            raise InputError("what came has no end: the page is cut off")
        return found

    def _require_examples(self, capture: Capture) -> None:
        """Say of a page that is watched for itself that there is nothing to watch on it."""
        if not capture.examples and capture.kind in _NAMED:
            reason = "it has no operation with an example of an answer, so nothing on it is compared"
            self.refuse(capture.page, reason, Exit.NOTHING)


def _contents(pages: dict[str, Capture]) -> dict[str, str | None]:
    return {page: each.sha256 for page, each in pages.items()}


def _gone(page: str, look: Look, date: str) -> Capture:
    source = look.source
    return Capture(date=date, page=page, kind=source.kind, source=source.name, sha256=None, revision=look.revision)
