"""Scans files for secrets: each leak becomes a finding with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from wireshape.errors import InputError
from wireshape.findings import build, redaction
from wireshape.findings.build import Subject
from wireshape.findings.ledger import Ledger
from wireshape.findings.report import Report
from wireshape.findings.violation import Violation
from wireshape.findings.waivers import ValueKey
from wireshape.inputs import files
from wireshape.inputs.files import Input
from wireshape.jsontext.positions import Position
from wireshape.model import Exit, Finding, Location, Problem
from wireshape.scan import known_secrets, scanner
from wireshape.scan.scanner import Leak

MAX_FILE_BYTES = 100_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Settings:
    """What every file is scanned with: the secrets to find, and the ledger of what is accepted on a day."""

    known: tuple[bytes, ...]
    ledger: Ledger
    day: date


def scan(paths: Iterable[str], environment: Mapping[str, str], ledger: Ledger, day: date) -> Report:
    """Scan files and folders for whatever looks like a secret, and for those of an environment.

    Values that the ledger accepts on a day are findings with a waiver.
    """
    secrets = known_secrets.of_environment(environment)
    settings = _Settings(known=secrets.values, ledger=ledger, day=day)
    selection = files.select(paths, suffixes=None)
    findings: list[Finding] = []
    problems = list(map(_unread_key, secrets.unreadable))
    scanned = 0
    for item in selection.inputs:
        problem = _scan(item, settings, findings)
        scanned += problem is None
        problems += [problem] if problem else []
    # A folder with no file in it holds no secret; it is something to say only where nothing at all was scanned.
    problems = [*(each for each in selection.problems if not scanned or each.exit_code != Exit.NOTHING), *problems]
    return Report(command="scan", checked=(), findings=tuple(findings), problems=tuple(problems), scanned=scanned)


def _unread_key(key: known_secrets.Unreadable) -> Problem:
    reason = f"{key.reason}; the private key was not searched for"
    return Problem(location=Location(file=key.variable), reason=reason)


def _scan(item: Input, settings: _Settings, findings: list[Finding]) -> Problem | None:
    """Scan one file: its findings, or why it could not be read."""
    try:
        data = item.read(MAX_FILE_BYTES)
    except InputError as error:
        return Problem(location=Location(file=item.name), reason=str(error), exit_code=error.exit_code)
    findings += _findings(data, item.name, settings)
    return None


def _findings(data: bytes, name: str, settings: _Settings) -> list[Finding]:
    """Make findings of the leaks of a file; those alike are one, with a count."""
    accepted = settings.ledger.value_reasons(settings.day, name)
    alike: dict[tuple[str, str, str, str | None], list[Leak]] = {}
    for leak in scanner.scan(data, settings.known):
        reason = accepted.get(ValueKey(leak.rule, leak.sha256))
        alike.setdefault((leak.rule, leak.kind, leak.how, reason), []).append(leak)
    violations = [
        Violation(
            rule=rule,
            actual=(f"{leaks[0].shown} {how}".strip(),),
            count=len(leaks),
            position=_position(data, leaks[0].offset),
        )
        for (rule, _, how, _), leaks in alike.items()
    ]
    made = build.made(violations, Subject(location=Location(file=name), noun="the file"))
    return [
        replace(
            finding,
            waiver=reason and redaction.text(reason),
            hashes=tuple(dict.fromkeys(leak.sha256 for leak in leaks if _is_acceptable(leak))),
        )
        for finding, ((*_, reason), leaks) in zip(made, alike.items(), strict=True)
    ]


def _is_acceptable(leak: Leak) -> bool:
    """Tell whether a ledger may accept a leak; a secret of the environment never is."""
    return bool(leak.sha256) and leak.rule != scanner.KNOWN


def _position(data: bytes, offset: int) -> Position:
    """Give line and column, from 1; bytes that are no text count as one character each."""
    start = data.rfind(b"\n", 0, offset) + 1
    return Position(data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1)
