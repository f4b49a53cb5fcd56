"""Accepted findings as values: what an entry of the ledger matches, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from wireshape.model import Finding, InstancePath

ANY = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grounds:
    """Why something is accepted: reason, what it rests on, who answers for it, its last and its first day."""

    reason: str
    citation: str
    owner: str
    expires: str | None
    accepted: str

    def expired(self, day: date) -> bool:
        """Tell whether its last day is over."""
        return self.expires is not None and date.fromisoformat(self.expires) < day


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver(Grounds):
    """One entry about answers, pages or drift; `*` in base, mode, file and paths stands for anything.

    base is what was compared with, and file where the finding is; None stands for anything as well. Of each path, up to
    `count` findings are accepted, and as many as there are where it is None.
    """

    rule: str
    base: str | None
    current: str
    mode: str
    paths: tuple[str, ...]
    file: str | None = None
    count: int | None = None

    @property
    def limited_to_mode(self) -> bool:
        """Whether it names a mode."""
        return self.mode != ANY

    def matches(self, finding: Finding, path: str) -> bool:
        """Tell whether a finding is one that this entry accepts at one of its paths."""
        return (
            (self.rule, self.current) == (finding.rule, finding.endpoint)
            and (self.base is None or fits(self.base, str(finding.base or "")))
            and (self.file is None or is_file(self.file, finding.location.file))
            and fits(self.mode, finding.mode or ANY)
            and fits(path, finding.path)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class WaivedValue(Grounds):
    """One entry about scans: a value that is no secret, or a file that cannot be read whole, by its SHA-256.

    It is accepted in files that fit `file`, and wherever it stands where that is None.
    """

    rule: str
    sha256: str
    file: str | None = None

    @property
    def key(self) -> ValueKey:
        """What it is known by."""
        return ValueKey(self.rule, self.sha256)

    def is_in(self, file: str) -> bool:
        """Tell whether the value is accepted in a file."""
        return self.file is None or is_file(self.file, file)


class ValueKey(NamedTuple):
    """What a value is accepted by: the rule it breaks, and its SHA-256 in hexadecimal."""

    rule: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WaivedPath:
    """One path of an entry, and where it stands in the ledger."""

    waiver: Waiver
    path: str
    place: InstancePath

    def matches(self, finding: Finding) -> bool:
        """Tell whether a finding is one that is accepted here."""
        return self.waiver.matches(finding, self.path)


def is_file(pattern: str, name: str) -> bool:
    """Tell whether a file fits a pattern, as it is named or from one of its folders on: a run may begin elsewhere."""
    named = plain(name)
    return fits(pattern, named) or fits(f"{ANY}/{pattern}", named)


def plain(name: str) -> str:
    """Give the name of a file as every system and every way to name it has it."""
    return name.replace("\\", "/").removeprefix("./")


def fits(pattern: str, text: str) -> bool:
    """Match a pattern in which each * stands for anything, in time linear in the text for each star."""
    first, *rest = pattern.split(ANY)
    if not rest:
        return pattern == text
    if not text.startswith(first):
        return False
    at = len(first)
    *middle, last = rest
    for part in middle:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(text) - len(last) >= at and text.endswith(last)
