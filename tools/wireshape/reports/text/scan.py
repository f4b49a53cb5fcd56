"""The report of a scan for a terminal: what was found, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from wireshape.findings.report import Report
from wireshape.model import Finding
from wireshape.reports import View
from wireshape.reports.summary import summarize
from wireshape.reports.text.console import LEVEL_WIDTH, heading, indented, plural, problems, show


def print_report(out: Console, report: Report, view: View) -> None:
    """Print a scan; a quiet view leaves out what is accepted."""
    open_findings = [finding for finding in report.findings if not finding.waiver]
    shown = [finding for finding in open_findings if view.full(finding) or not view.quiet]
    for file, findings in groupby(sorted(shown, key=_file), key=_file):
        heading(out, file)
        for finding in findings:
            show(out, finding)
        out.print()
    problems(out, report.problems)
    if not view.quiet:
        _accepted(out, [finding for finding in report.findings if finding.waiver])
        out.print(_closing(report), soft_wrap=True)


def _accepted(out: Console, findings: Sequence[Finding]) -> None:
    """Say what is accepted, file by file: the rule, the reason, and the line of each."""
    for file, of_file in groupby(sorted(findings, key=_file), key=_file):
        out.print(Text.assemble(("accepted".ljust(LEVEL_WIDTH), "dim"), file), soft_wrap=True)
        reasons: dict[str, list[str]] = {}
        for finding in of_file:
            reasons.setdefault(f"{finding.rule}, {finding.waiver}", []).append(str(finding.location.line))
        for reason, lines in reasons.items():
            indented(out, f"{reason}: line {', '.join(dict.fromkeys(lines))}")
    if findings:
        out.print()


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
