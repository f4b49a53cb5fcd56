"""The ledger of accepted drift: which findings it waives, which of its entries are stale or expired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from wireshape import data, rules
from wireshape.errors import UsageError
from wireshape.model import Finding, Location, Report

ANY = "*"
LEDGER = data.SCHEMAS / "waivers.json"
VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """One accepted difference; `*` in mode and path stands for anything, dates are ISO 8601."""

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
            (self.rule, self.base, self.current) == (finding.rule, finding.base, finding.endpoint)
            and _like(self.mode, finding.mode or ANY)
            and _like(self.path, finding.path)
        )

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
    schema = orjson.loads((data.SCHEMAS / "waivers.schema.json").read_bytes())
    for wrong in jsonschema_rs.Draft202012Validator(schema).iter_errors(document):
        raise UsageError(f"{file.name}: {_place(wrong.instance_path)}{wrong.message}")
    found = tuple(Waiver(**row) for row in document["waivers"])
    for number, waiver in enumerate(found, 1):
        _require_sense(waiver, f"{file.name}: entry {number}")
    return found


def save(file: Path, waivers: Sequence[Waiver]) -> None:
    """Write a ledger, one entry after another in the order given."""
    document = {"$schema": "waivers.schema.json", "version": VERSION, "waivers": [asdict(waiver) for waiver in waivers]}
    file.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def add(file: Path, waiver: Waiver, report: Report) -> int:
    """Add an entry for findings of a report, and give their number; UsageError where it would match none."""
    known = load(file)
    _require_sense(waiver, "waive")
    matched = [finding for finding in report.findings if waiver.matches(finding)]
    if not matched:
        raise UsageError(
            f"no finding {waiver.rule} at {waiver.path} between {waiver.base} and {waiver.current} "
            f"in mode {waiver.mode}; `wireshape diff` shows what there is"
        )
    save(file, [*known, waiver])
    return len(matched)


def apply(report: Report, waivers: Sequence[Waiver], day: date, *, whole: bool) -> Report:
    """Mark the findings that are waived; of a whole lineage, say too which waivers are stale or have expired."""
    valid = [waiver for waiver in waivers if not waiver.expired(day)]
    findings = []
    for finding in report.findings:
        waiver = next((each for each in valid if each.matches(finding)), None)
        findings.append(replace(finding, waiver=waiver.reason) if waiver else finding)
    if whole:
        findings += [_about("waiver-expired", waiver) for waiver in waivers if waiver.expired(day)]
        findings += [_about("waiver-stale", waiver) for waiver in stale(report, valid)]
    return replace(report, findings=tuple(findings))


def stale(report: Report, waivers: Sequence[Waiver]) -> list[Waiver]:
    """List the waivers that match nothing."""
    return [waiver for waiver in waivers if not any(waiver.matches(finding) for finding in report.findings)]


def _about(rule_id: str, waiver: Waiver) -> Finding:
    rule = rules.get(rule_id)
    return Finding(
        rule=rule.id,
        level=rule.level,
        endpoint=waiver.current,
        mode=waiver.mode,
        path=waiver.path,
        message=f"{rule.message}: {waiver.rule}, accepted {waiver.accepted}",
        expected=waiver.expires,
        actual=None,
        location=Location(file=LEDGER.name),
        sample=waiver.path,
        base=waiver.base,
    )


def _place(path: Sequence[Any]) -> str:
    return f"entry {path[1] + 1}: " if len(path) > 1 and isinstance(path[1], int) else ""


def _require_sense(waiver: Waiver, place: str) -> None:
    if waiver.rule not in rules.load():
        raise UsageError(f"{place}: no rule {waiver.rule!r}")
    for name in ("expires", "accepted"):
        text = getattr(waiver, name)
        try:
            date.fromisoformat(text or "2000-01-01")
        except ValueError:
            raise UsageError(f"{place}: {name} is {text!r}, which is no date") from None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split(ANY))), re.DOTALL)


def _like(pattern: str, text: str) -> bool:
    return bool(_pattern(pattern).fullmatch(text))
