"""Scans files for secrets: each leak becomes a finding with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from wireshape.errors import InputError
from wireshape.findings import build
from wireshape.findings.build import Subject
from wireshape.findings.report import Report
from wireshape.findings.violation import Violation
from wireshape.inputs import files
from wireshape.inputs.files import Input
from wireshape.jsontext.positions import Position
from wireshape.model import Finding, Location, Problem
from wireshape.scan import scanner

_SECRETS = re.compile(r"WIRESHAPE_(?:\w*_)?(?:KEY|SECRET|PASSPHRASE)")
MAX_FILE_BYTES = 256_000_000


def scan(paths: Iterable[str], environment: Mapping[str, str]) -> Report:
    """Scan files and folders for whatever looks like a secret, and for those of an environment."""
    selection = files.select(paths, suffixes=None)
    known = secrets(environment)
    findings: list[Finding] = []
    problems: list[Problem] = list(selection.problems)
    scanned = 0
    for item in selection.inputs:
        problem = _scan(item, known, findings)
        scanned += problem is None
        problems += [problem] if problem else []
    return Report(command="scan", checked=(), findings=tuple(findings), problems=tuple(problems), scanned=scanned)


def secrets(environment: Mapping[str, str]) -> list[bytes]:
    """Give the secret values that are set in an environment."""
    return [os.fsencode(value) for name, value in environment.items() if value and _SECRETS.fullmatch(name)]


def _scan(item: Input, known: Iterable[bytes], findings: list[Finding]) -> Problem | None:
    """Scan one file: its findings, or why it could not be read."""
    try:
        data = item.read(MAX_FILE_BYTES)
    except InputError as error:
        return Problem(location=Location(file=item.name), reason=str(error))
    findings += _findings(data, item.name, known)
    return None


def _findings(data: bytes, name: str, known: Iterable[bytes]) -> list[Finding]:
    """Make findings of the leaks of a file; those alike are one, with a count."""
    alike: dict[tuple[str, str, str], list[scanner.Leak]] = {}
    for leak in scanner.scan(data, known):
        alike.setdefault((leak.rule, leak.kind, leak.how), []).append(leak)
    violations = [
        Violation(
            rule=rule,
            actual=(f"{leaks[0].shown} {how}".strip(),),
            count=len(leaks),
            position=_position(data, leaks[0].offset),
        )
        for (rule, _, how), leaks in alike.items()
    ]
    return build.made(violations, Subject(location=Location(file=name), noun="the file"))


def _position(data: bytes, offset: int) -> Position:
    """Give line and column, from 1; bytes that are no text count as one character each."""
    start = data.rfind(b"\n", 0, offset) + 1
    return Position(data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1)
