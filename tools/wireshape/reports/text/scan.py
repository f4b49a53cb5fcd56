"""The report of a scan for a terminal."""

from __future__ import annotations

from wireshape.findings.report import Report
from wireshape.model import Level


def _scanned(report: Report, counts: dict[str, int]) -> str:
    said = [f"{report.scanned} {'file' if report.scanned == 1 else 'files'} scanned"]
    said += [f"{counts[level]} {level}" for level in Level if counts[level]] or ["nothing found"] * bool(report.scanned)
    said += [f"{counts['problems']} not scanned"] if counts["problems"] else []
    return "; ".join(said)
