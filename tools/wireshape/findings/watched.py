"""What a watch saw: the pages by what became of them, and the events beside the findings of its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wireshape.model import Finding, Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchedEvent:
    """What a store knows of a finding: its id, when it came, and what the change log says; None where none was read."""

    id: str
    date: str
    finding: Finding
    witness: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What a watch saw: pages, those with examples to compare, and how many were captured first, are new, or changed.

    `first` are those of sources that were never seen before, `new` those that a source lists now, `gone` those that it
    does not any more. Without `looked`, nothing was looked at, and the events are those of the store.
    `since` is the day of the last capture of what is unchanged, or the day since which events are listed. `events` are
    what the findings come from; `notes` need no action today.
    """

    pages: int
    compared: int
    first: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    looked: bool = True
    since: str | None = None
    events: tuple[WatchedEvent, ...] = ()
    notes: tuple[Problem, ...] = ()

    def of(self, findings: Sequence[Finding]) -> list[WatchedEvent | None]:
        """Give the event of each finding, accepted or not; None for what is none, such as a waiver that expired."""
        left: dict[Finding, list[WatchedEvent]] = {}
        for each in reversed(self.events):
            left.setdefault(each.finding, []).append(each)
        plain = [replace(each, waiver=None) for each in findings]
        return [left[each].pop() if left.get(each) else None for each in plain]
