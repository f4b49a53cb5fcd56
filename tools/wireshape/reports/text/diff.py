"""The report of a diff for a terminal: fields by endpoint, then what differs, pair by pair."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wireshape.findings.report import Matrix, Report
from wireshape.model import Finding, Level
from wireshape.reports import View
from wireshape.reports.text.console import LEVEL_WIDTH, heading, indented, note, show, unchecked

MARKS = {
    "present": "●",
    "optional": "○",
    "undocumented": "u",
    "withdrawn": "w",
    "unobserved": "?",
    "absent": "·",
}
_LINEAGE = 2


def print_drift(console: Console, report: Report, view: View) -> None:
    """Print a diff; quiet leaves out the table, what is waived and what needs no action."""
    whole = report.matrix is not None and len(report.matrix.columns) > _LINEAGE
    if report.matrix and whole and not view.quiet:
        console.print(_table(report.matrix))
        console.print("  ".join(f"{mark} {name}" for name, mark in MARKS.items() if name != "unobserved"), "\n")
    open_findings = [finding for finding in report.findings if not finding.waiver]
    notes = [finding for finding in open_findings if not view.full(finding) and whole]
    shown = [f for f in open_findings if f not in notes and (view.full(f) or not view.quiet)]
    given = None if whole else report.compared[0]
    for (base, current), findings in groupby(sorted(shown, key=_pair), key=_pair):
        members = list(findings)
        mode = members[0].mode or ""
        named = f"{given.base} → {given.current}" if given else f"{base} → {current}"
        heading(console, f"{named} {mode}" if given and mode and not given.current.endswith(mode) else named)
        for finding in members:
            show(console, finding, given.current if given else None)
        console.print()
    for problem in report.problems:
        unchecked(console, problem)
    if not view.quiet:
        _accepted(console, [finding for finding in report.findings if finding.waiver])
        for finding in notes:
            note(console, finding.rule, " → ".join(_pair(finding)), f"{finding.path}: {finding.message}")
        console.print(_closing(report), soft_wrap=True)


def _accepted(console: Console, findings: list[Finding]) -> None:
    """Say what is waived, pair by pair: the reason, and the paths it holds for."""
    for (base, current), of_pair in groupby(sorted(findings, key=_pair), key=_pair):
        console.print(Text.assemble(("accepted".ljust(LEVEL_WIDTH), "dim"), f"{base} → {current}"), soft_wrap=True)
        reasons: dict[str, list[str]] = {}
        for finding in of_pair:
            reasons.setdefault(f"{finding.rule}, {finding.waiver}", []).append(finding.path)
        for reason, paths in reasons.items():
            indented(console, f"{reason}: {', '.join(dict.fromkeys(paths))}")
    if findings:
        console.print()


def _pair(finding: Finding) -> tuple[str, str]:
    current = f"{finding.endpoint} {finding.mode}" if finding.mode else finding.endpoint
    return str(finding.base or ""), current


def _table(matrix: Matrix) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("field", overflow="fold")
    for column in matrix.columns:
        table.add_column("\n".join(column.split(".", 3)[:3]), justify="center", no_wrap=True)
    for path, marks in matrix.rows:
        style = "" if len(set(marks)) > 1 else "dim"
        table.add_row(Text(path, style), *(Text(MARKS[mark], style) for mark in marks))
    return table


def _closing(report: Report) -> str:
    levels = Counter(finding.level for finding in report.findings if not finding.waiver)
    waived = sum(1 for finding in report.findings if finding.waiver)
    fields = sum(compared.fields for compared in report.compared)
    pairs = "pair" if len(report.compared) == 1 else "pairs"
    said = [f"{len(report.compared)} {pairs} compared, {fields} fields"]
    said += [f"{levels[level]} {level}" for level in Level if levels[level]] or [
        "no difference that is not accepted" if waived else "no difference"
    ]
    said += [f"{waived} accepted"] if waived else []
    text = "; ".join(said)
    unobserved = sorted({path for compared in report.compared for path in compared.unobserved})
    if unobserved:
        text += f"\nnever seen with a row, so not compared: {', '.join(unobserved)}"
    return text
