"""Makes events of findings: each with an id that is the same whenever it is found in the same captures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from wireshape.findings import redaction
from wireshape.model import Finding
from wireshape.watch.comparison import Captures
from wireshape.watch.records import Capture, Event

_NAMESPACE = UUID("6f1d6a52-94c1-4f0e-a1b6-6c0b5a8e3d17")


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """What events come from: all pages before and now, every capture so far, and the time."""

    before: Captures
    now: Captures
    captures: Sequence[Capture]
    date: str


def made(findings: Iterable[Finding], occasion: Occasion) -> list[Event]:
    """Make an event of each finding; those alike are one with a count."""
    ordinals = Counter(redaction.name(each.page) for each in occasion.captures)
    hashes = [
        {redaction.name(page): each.sha256 for page, each in side.items()} for side in (occasion.before, occasion.now)
    ]
    events: dict[str, Event] = {}
    for each in _of_pages(findings):
        page = each.location.file
        captures = tuple(sha256 for side in hashes if (sha256 := side.get(page)))
        event = _event(each, captures, occasion.date, str(ordinals[page]))
        known = events.get(event.id)
        events[event.id] = replace(known, count=known.count + event.count) if known else event
    return list(events.values())


def _of_pages(findings: Iterable[Finding]) -> list[Finding]:
    """Make one finding of those that say the same of a page, however many operations and languages it has."""
    told: dict[Hashable, Finding] = {}
    for number, each in enumerate(findings):
        of_page = not each.path and each.base is None and each.expected is not None
        key = (each.rule, each.location.file, each.expected, each.actual) if of_page else number
        known = told.get(key)
        told[key] = each if known is None else _joined(known, each)
    return list(told.values())


def _joined(one: Finding, other: Finding) -> Finding:
    """Leave out of a finding what another one says otherwise."""
    return replace(
        one,
        endpoint=one.endpoint if one.endpoint == other.endpoint else "",
        mode=one.mode if one.mode == other.mode else None,
        edition=one.edition if one.edition == other.edition else None,
    )


def announcement(finding: Finding, date: str, change_log: str, announced: str) -> Event:
    """Make the event of an announcement that came to nothing."""
    return replace(_event(finding, (), date, announced), change_log=change_log, announced=announced)


def _event(finding: Finding, captures: tuple[str, ...], date: str, ordinal: str) -> Event:
    base = str(finding.base) if finding.base else None
    said = (finding.endpoint, finding.mode, finding.edition, finding.path, finding.message)
    sides = (finding.expected, finding.actual, base)
    key = json.dumps([ordinal, captures, finding.rule, finding.location.file, *said, *sides])
    return Event(
        id=str(uuid5(_NAMESPACE, key)),
        date=date,
        rule=finding.rule,
        level=finding.level,
        endpoint=finding.endpoint,
        mode=finding.mode,
        edition=finding.edition,
        path=finding.path,
        message=finding.message,
        was=finding.expected,
        now=finding.actual,
        page=finding.location.file,
        line=finding.location.line,
        base=base,
        count=finding.count,
        captures=captures,
    )
