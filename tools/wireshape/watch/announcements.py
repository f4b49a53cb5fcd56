"""Holds what is new against what the official change log announced, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from wireshape.audit.examples import AuditedExample
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.findings import build
from wireshape.findings.build import Subject
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.model import Location
from wireshape.pages import operations, page_bytes, vocabulary
from wireshape.watch import change_log, events, wording
from wireshape.watch.change_log import Announcement, ChangeLog
from wireshape.watch.records import Capture, Event
from wireshape.watch.wording import Kind

_UNSEEN = "announcement-unseen"
_UNMET = {Kind.ADDED: "absent, not added", Kind.REMOVED: "still there, not removed"}


def read(raw: bytes, name: str, catalog: Catalog) -> ChangeLog:
    """Read a change log from its bytes; InputError where it is none."""
    log = change_log.read(page_bytes.decoded(raw), name, vocabulary.load(catalog.schemas))
    if not log.entries:
        raise InputError("no change log: no entry has a day for its heading")
    return log


@dataclass(frozen=True, kw_only=True, slots=True)
class Documented:
    """An operation as a page of the store has it now: since when that page is watched, its fields, its weight."""

    example: AuditedExample
    since: date
    fields: frozenset[str]
    weight: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """What a change log says of events, and what of it no page shows; `told` are the events so far."""

    log: ChangeLog
    catalog: Catalog
    told: Sequence[Event] = ()

    def heard(self, event: Event) -> Event:
        """Give an event with the day of the announcement of it, the nearest where there are several."""
        seen = date.fromisoformat(event.date[:10])
        fits = [each for each in self.log.announcements if self._is_of(each, event) and _is_near(each, seen)]
        nearest = min(fits, key=lambda each: abs((each.day - seen).days), default=None)
        announced = nearest.day.isoformat() if nearest else None
        return event if event.announced else replace(event, change_log=self.log.name, announced=announced)

    def unseen(
        self, watched: Sequence[tuple[Capture, Sequence[AuditedExample]]], captures: Iterable[Capture], today: str
    ) -> Iterator[Event]:
        """Yield an event for each announcement of what pages of the store should have shown by now, and do not."""
        first: dict[str, date] = {}
        for capture in captures:
            first.setdefault(capture.page, date.fromisoformat(capture.date[:10]))
        known = list(_documented(watched, first))
        day = date.fromisoformat(today[:10])
        for each in self.log.announcements:
            due = max((each.day, *each.days)) + timedelta(days=wording.load().days_apart)
            if due < day:
                yield from self._missing(each, known, today)

    def _missing(self, announced: Announcement, known: Sequence[Documented], today: str) -> Iterator[Event]:
        """Yield what of an announcement no page shows that documents its operation, and was watched before it."""
        own = [
            each for each in known if _names(announced, each.example.section.operation, each.example.section.product)
        ]
        if not own or any(each.since > announced.day for each in own):
            return
        has = frozenset(field for each in own for field in each.fields)
        seen = {each.path.rpartition(".")[2] for each in self.told if each.announced == announced.day.isoformat()}
        for name, kind in ((name, kind) for name in sorted(announced.fields) for kind in announced.kinds):
            leaf = name.rpartition(".")[2]
            if leaf not in seen and kind in _UNMET and (leaf in has) is (kind is Kind.REMOVED):
                violation = Violation(rule=_UNSEEN, field=name, actual=(_UNMET[kind],))
                yield self._event(violation, announced, own[0], today)
        weights = {each.weight for each in own if each.weight is not None}
        if Kind.WEIGHT in announced.kinds and announced.weight and weights and announced.weight not in weights:
            there = " or ".join(map(str, sorted(weights)))
            violation = Violation(rule=_UNSEEN, actual=(f"request weight {there}, not {announced.weight}",))
            yield self._event(violation, announced, own[0], today)

    def _event(self, violation: Violation, announced: Announcement, where: Documented, today: str) -> Event:
        subject = Subject(
            location=Location(file=self.log.name, line=announced.line),
            endpoint=where.example.name,
            edition=where.example.section.language,
            noun="a change",
        )
        (finding,) = build.made([violation], subject)
        return events.announcement(finding, today, self.log.name, announced.day.isoformat())

    def _is_of(self, announced: Announcement, event: Event) -> bool:
        """Tell whether an announcement names the operation of an event and its field, or says what became of it."""
        endpoint = next((each for each in self.catalog.endpoints if each.id == event.endpoint), None)
        operation = operations.named(endpoint) if endpoint else event.endpoint
        if not _names(announced, operation, endpoint.product if endpoint else None):
            return False
        wanted = wording.load().rules.get(event.rule)
        if wanted is not None and not wanted & announced.kinds:
            return False
        if event.path:
            names = {event.path, event.path.replace("[]", ""), event.path.rpartition(".")[2]}
            return bool(names & announced.fields)
        weights = {None, int(event.now) if event.now and event.now.isdecimal() else None}
        return wanted is not None and not announced.fields and announced.weight in weights


def _names(announced: Announcement, operation: str, product: str | None) -> bool:
    """Tell whether an announcement names an operation; a path tells its product, a WebSocket method does not."""
    method, _, path = operation.partition(" ")
    if path:
        return announced.operation in {operation, path}
    return announced.operation == method and announced.product in {product, None}


def _is_near(announced: Announcement, seen: date) -> bool:
    days = wording.load().days_apart
    return any(abs((each - seen).days) <= days for each in (announced.day, *announced.days))


def _documented(
    watched: Iterable[tuple[Capture, Sequence[AuditedExample]]], first: dict[str, date]
) -> Iterator[Documented]:
    for capture, examples in watched:
        for each in examples:
            fields = frozenset(paths.names(each.page_example.example.value))
            weight = each.section.weight
            yield Documented(example=each, since=first[capture.page], fields=fields, weight=weight)
