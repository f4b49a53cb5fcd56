"""The ledger of accepted drift: which findings it waives, which of its entries are stale or expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from wireshape import resources
from wireshape.errors import UsageError
from wireshape.findings import build, redaction, rules
from wireshape.findings.build import Subject
from wireshape.findings.report import Report
from wireshape.findings.violation import Violation
from wireshape.model import Base, Finding, Location

ANY = "*"
LEDGER = resources.SCHEMAS / "waivers.json"
VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """One accepted difference; `*` in base, mode and path stands for anything, dates are ISO 8601."""

    rule: str
    base: str
    current: str
    mode: str
    path: str
    reason: str
    citation: str
    owner: str
    expires: str | None
    accepted: str

    def matches(self, finding: Finding) -> bool:
        """Tell whether a finding is the one accepted here."""
        return (
            (self.rule, self.current) == (finding.rule, finding.endpoint)
            and _like(self.base, str(finding.base or ""))
            and _like(self.mode, finding.mode or ANY)
            and _like(self.path, finding.path)
        )

    @property
    def place(self) -> tuple[str, ...]:
        """What it waives, apart from why and until when."""
        return self.rule, self.base, self.current, self.mode, self.path

    def expired(self, day: date) -> bool:
        """Tell whether its last day is over."""
        return self.expires is not None and date.fromisoformat(self.expires) < day


def today() -> date:
    """Give the date in UTC, by which waivers expire."""
    return datetime.now(UTC).date()


def load(file: Path) -> tuple[Waiver, ...]:
    """Read a ledger; UsageError says in one line what is wrong with it, and in which entry."""
    try:
        document = orjson.loads(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file.name}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{file.name}:{error.lineno}:{error.colno}: {error.msg}") from None
    return _require_sense(document, file.name)


def save(file: Path, waivers: Sequence[Waiver]) -> None:
    """Write a ledger that `load` will read, in one step; UsageError where it would not, or cannot be written."""
    document = {"$schema": "waivers.schema.json", "version": VERSION, "waivers": [asdict(waiver) for waiver in waivers]}
    _require_sense(document, file.name)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        part.replace(file)
    except OSError as error:
        raise UsageError(f"cannot write {file.name}: {error.strerror}") from None


def add(file: Path, waiver: Waiver, report: Report) -> int:
    """Add or renew an entry for findings of a report, and give their number; UsageError where it waives nothing."""
    _require_sense({"version": VERSION, "waivers": [asdict(waiver)]}, "waive")
    matched = [finding for finding in report.findings if waiver.matches(finding)]
    if not matched:
        raise UsageError(
            f"no finding {waiver.rule} at {waiver.path} between {waiver.base} and {waiver.current} "
            f"in mode {waiver.mode}; `wireshape diff` shows what there is"
        )
    if waiver.expires and waiver.expired(today()):
        raise UsageError(f"{waiver.expires} is over")
    known = load(file)
    before = next((each for each in known if each.place == waiver.place), None)
    renewed = replace(waiver, accepted=before.accepted) if before else waiver
    save(file, [renewed if each is before else each for each in known] if before else [*known, renewed])
    return len(matched)


def apply(report: Report, waivers: Sequence[Waiver], day: date, *, whole: bool, ledger: str = LEDGER.name) -> Report:
    """Mark the findings that are waived; of a whole lineage, say too which waivers of a ledger are stale or expired."""
    valid = [waiver for waiver in waivers if not waiver.expired(day)]
    findings = []
    for finding in report.findings:
        waiver = next((each for each in valid if each.matches(finding)), None)
        findings.append(replace(finding, waiver=redaction.text(waiver.reason)) if waiver else finding)
    if whole:
        expired = [waiver for waiver in waivers if waiver.expired(day)]
        findings += [each for waiver in expired for each in _about("waiver-expired", waiver, ledger)]
        findings += [each for waiver in stale(report, valid) for each in _about("waiver-stale", waiver, ledger)]
    return replace(report, findings=tuple(findings))


def stale(report: Report, waivers: Sequence[Waiver]) -> list[Waiver]:
    """List the waivers that match nothing."""
    return [waiver for waiver in waivers if not any(waiver.matches(finding) for finding in report.findings)]


def _about(rule_id: str, waiver: Waiver, ledger: str) -> list[Finding]:
    """Make the finding of a waiver, at its ledger."""
    violation = Violation(
        rule=rule_id,
        field=waiver.path,
        expected=(waiver.expires,) if waiver.expires else (),
        note=f"{waiver.rule}, accepted {waiver.accepted}",
    )
    subject = Subject(
        location=Location(file=ledger), endpoint=waiver.current, mode=waiver.mode, base=Base(name=waiver.base)
    )
    return build.made([violation], subject)


def _require_sense(document: Any, place: str) -> tuple[Waiver, ...]:
    """Give the entries of a ledger; UsageError for what its schema refuses, a rule or a date that is none."""
    schema = orjson.loads((resources.SCHEMAS / "waivers.schema.json").read_bytes())
    try:
        orjson.dumps(document)
        wrong = next(iter(jsonschema_rs.Draft202012Validator(schema).iter_errors(document)), None)
    except (ValueError, TypeError) as error:  # an argument that is no text
        raise UsageError(f"{place}: {error}") from None
    if wrong:
        path = wrong.instance_path
        entry = f"entry {path[1] + 1}: " if len(path) > 1 and isinstance(path[1], int) else ""
        raise UsageError(f"{place}: {entry}{wrong.message}")
    found = tuple(Waiver(**row) for row in document["waivers"])
    for number, waiver in enumerate(found, 1):
        if waiver.rule not in rules.load():
            raise UsageError(f"{place}: entry {number}: no rule {waiver.rule!r}")
        for name in ("expires", "accepted"):
            text = getattr(waiver, name)
            try:
                date.fromisoformat(text or "2000-01-01")
            except ValueError:
                raise UsageError(f"{place}: entry {number}: {name} is {text!r}, which is no date") from None
    return found


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
