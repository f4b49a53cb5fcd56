"""The ledger of accepted findings: what it waives of drift and of scans, which of its paths are stale or expired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from wireshape import bounded_read, resources
from wireshape.catalog import data_files
from wireshape.catalog.data_files import DataDefect
from wireshape.errors import ContractError, InputError, UsageError, nearest
from wireshape.findings import build, redaction, rules
from wireshape.findings.build import Subject
from wireshape.findings.report import Report
from wireshape.findings.violation import Violation
from wireshape.jsontext.document import Document
from wireshape.jsontext.positions import Position
from wireshape.model import Base, Finding, InstancePath, Location

ANY = "*"
MAX_BYTES = 4_000_000
"""Of a ledger that is read."""
LEDGER = resources.SCHEMAS / "waivers.json"
SCHEMA = resources.SCHEMAS / "waivers.schema.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """One entry about drift; `*` in base, mode and paths stands for anything, dates are ISO 8601."""

    rule: str
    base: str
    current: str
    mode: str
    paths: tuple[str, ...]
    reason: str
    citation: str
    owner: str
    expires: str | None
    accepted: str

    @property
    def limited_to_mode(self) -> bool:
        """Whether it names a mode."""
        return self.mode != ANY

    def matches(self, finding: Finding, path: str) -> bool:
        """Tell whether a finding is one that this entry accepts at one of its paths."""
        return (
            (self.rule, self.current) == (finding.rule, finding.endpoint)
            and _like(self.base, str(finding.base or ""))
            and _like(self.mode, finding.mode or ANY)
            and _like(path, finding.path)
        )

    def expired(self, day: date) -> bool:
        """Tell whether its last day is over."""
        return _is_over(self.expires, day)


@dataclass(frozen=True, kw_only=True, slots=True)
class WaivedValue:
    """One entry about scans: a value that is no secret, or a file that cannot be read whole, by its SHA-256."""

    rule: str
    sha256: str
    reason: str
    citation: str
    owner: str
    expires: str | None
    accepted: str

    def expired(self, day: date) -> bool:
        """Tell whether its last day is over."""
        return _is_over(self.expires, day)


@dataclass(frozen=True, kw_only=True, slots=True)
class WaivedPath:
    """One path of an entry, and where it stands in the ledger."""

    waiver: Waiver
    path: str
    place: InstancePath

    def matches(self, finding: Finding) -> bool:
        """Tell whether a finding is one that is accepted here."""
        return self.waiver.matches(finding, self.path)


class ValueKey(NamedTuple):
    """What a value is accepted by: the rule it breaks, and its SHA-256 in hexadecimal."""

    rule: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """A file of waivers: the name to show, the text, and what it says."""

    name: str
    text: bytes
    waivers: tuple[Waiver, ...]
    values: tuple[WaivedValue, ...]

    def paths(self) -> Iterator[WaivedPath]:
        """Yield every path of every entry."""
        for number, waiver in enumerate(self.waivers):
            for index, path in enumerate(waiver.paths):
                yield WaivedPath(waiver=waiver, path=path, place=("waivers", number, "paths", index))

    def stale(self, report: Report) -> tuple[WaivedPath, ...]:
        """List the paths that match nothing in the report of a whole lineage."""
        return tuple(each for each in self.paths() if not any(map(each.matches, report.findings)))

    def position(self, each: WaivedPath) -> Position:
        """Say where in the file a path stands."""
        return _positions(self)[each.place]

    def value_reasons(self, day: date) -> dict[ValueKey, str]:
        """Give the reasons of the values that are accepted on a day."""
        return {ValueKey(each.rule, each.sha256): each.reason for each in self.values if not each.expired(day)}


@lru_cache(maxsize=1)
def _positions(ledger: Ledger) -> dict[InstancePath, Position]:
    """Say where all paths of a ledger stand: its text is walked once."""
    return Document(ledger.text, None).positions([each.place for each in ledger.paths()])


def today() -> date:
    """Give the date in UTC, by which waivers expire."""
    return datetime.now(UTC).date()


def load(file: Path) -> Ledger:
    """Read a ledger; UsageError says in one line what is wrong with it, and where."""
    try:
        text = bounded_read.read(file, MAX_BYTES)
    except InputError as error:
        raise UsageError(f"{file.name}: {error}") from None
    return parse(text, file.name if file == LEDGER else str(file))


def parse(text: bytes, name: str) -> Ledger:
    """Read the text of a ledger; UsageError as for `load`."""
    try:
        document = data_files.parse(text, name, SCHEMA)
        rows, values = document["waivers"], document.get("values", [])
        data_files.refuse(text, name, [*_defects("waivers", rows), *_defects("values", values)])
    except ContractError as error:
        raise UsageError(str(error)) from None
    return Ledger(
        name=name, text=text, waivers=tuple(map(_waiver, rows)), values=tuple(WaivedValue(**row) for row in values)
    )


def apply(report: Report, ledger: Ledger, day: date, *, whole: bool) -> Report:
    """Mark the findings that are waived; of a whole lineage, say too which waivers are stale or have expired."""
    valid = [each for each in ledger.paths() if not each.waiver.expired(day)]
    findings = []
    for finding in report.findings:
        waived = next((each for each in valid if each.matches(finding)), None)
        findings.append(replace(finding, waiver=redaction.text(waived.waiver.reason)) if waived else finding)
    if whole:
        expired = [each for each in ledger.paths() if each.waiver.expired(day)]
        stale = [each for each in ledger.stale(report) if not each.waiver.expired(day)]
        findings += [finding for each in expired for finding in _about("waiver-expired", ledger, each)]
        findings += [finding for each in stale for finding in _about("waiver-stale", ledger, each)]
    return replace(report, findings=tuple(findings))


def _about(rule_id: str, ledger: Ledger, each: WaivedPath) -> list[Finding]:
    """Make the finding of a waived path, where it stands in its ledger."""
    waiver = each.waiver
    violation = Violation(
        rule=rule_id,
        field=each.path,
        expected=(waiver.expires,) if waiver.expires else (),
        note=f"{waiver.rule}, accepted {waiver.accepted}",
        position=ledger.position(each),
    )
    subject = Subject(
        location=Location(file=ledger.name), endpoint=waiver.current, mode=waiver.mode, base=Base(name=waiver.base)
    )
    return build.made([violation], subject)


def _waiver(row: dict[str, Any]) -> Waiver:
    paths = row["paths"] if "paths" in row else [row["path"]]
    return Waiver(**{name: value for name, value in row.items() if name not in {"path", "paths"}}, paths=tuple(paths))


def _defects(section: str, rows: list[dict[str, Any]]) -> Iterator[DataDefect]:
    """Yield what no schema can say: rules that there are not, and dates that are none."""
    for number, row in enumerate(rows):
        if row["rule"] not in rules.load():
            hint = nearest(row["rule"], rules.load())
            yield DataDefect(path=(section, number, "rule"), reason=f"unknown rule {row['rule']!r}{hint}")
        for name in ("expires", "accepted"):
            if row[name] is not None and not is_date(row[name]):
                yield DataDefect(path=(section, number, name), reason=f"{row[name]!r} is no date")


def _is_over(expires: str | None, day: date) -> bool:
    return expires is not None and date.fromisoformat(expires) < day


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _like(pattern: str, text: str) -> bool:
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
