"""The report of a scan for a terminal: what was found, file by file."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console

from wireshape.findings.report import Report
from wireshape.model import Finding
from wireshape.reports import View
from wireshape.reports.summary import summarize
from wireshape.reports.text.console import accepted, heading, plural, problems, show


def print_report(out: Console, report: Report, view: View) -> None:
    """Print a scan; a quiet view leaves out what is accepted."""
    shown = [finding for finding in report.open if view.full(finding) or not view.quiet]
    for file, findings in groupby(sorted(shown, key=_file), key=_file):
        heading(out, file)
        for finding in findings:
            show(out, finding)
        out.print()
    problems(out, report.problems)
    if not view.quiet:
        accepted(out, report.findings, _file)
        out.print(_closing(report), soft_wrap=True)


def _file(finding: Finding) -> str:
    return finding.location.file


def _closing(report: Report) -> str:
    if report.empty:
        return "nothing was scanned"
    counts = summarize(report)
    said = [f"{plural(counts.scanned, 'file')} scanned"]
    said += counts.levels or ["nothing found"] * bool(counts.scanned)
    said += [f"{counts.problems} not scanned"] if counts.problems else []
    said += [f"{counts.waived} accepted"] if counts.waived else []
    return "; ".join(said)
