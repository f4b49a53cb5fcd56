"""The report of a check for a terminal: a table of what was checked, then what is wrong, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePath

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wireshape.findings.report import Checked, Coverage, Report
from wireshape.model import Finding, Level
from wireshape.reports import View
from wireshape.reports.json import summary
from wireshape.reports.text import audit, diff
from wireshape.reports.text.console import (
    INDENT,
    STYLES,
    UNTOLD,
    collected,
    heading,
    indented,
    mode_name,
    note,
    open_console,
    plural,
    show,
    unchecked,
)
from wireshape.reports.text.scan import _scanned


def render(report: Report, view: View) -> str:
    """Render a report; quiet leaves out all but findings shown in full, and problems."""
    console = open_console(color=view.color, width=view.width)
    if report.command == "audit":
        audit.print_audit(console, report, view)
    elif report.compared:
        diff.print_drift(console, report, view)
    else:
        _print_check(console, report, view)
    return collected(console)


def _print_check(console: Console, report: Report, view: View) -> None:
    if report.checked and not view.quiet:
        console.print(_table(report.checked), "")
    full = sorted(filter(view.full, report.findings), key=_place)
    for (file, endpoint, mode), findings in groupby(full, key=_place):
        heading(console, f"{file}  {endpoint}{f' {mode}' if mode else ''}")
        for finding in findings:
            show(console, finding)
        console.print()
    if not view.quiet:
        _notes(console, [finding for finding in report.findings if not view.full(finding)])
    for problem in report.problems:
        unchecked(console, problem)
    if report.coverage and not view.quiet:
        _coverage(console, report.coverage)
    if not view.quiet:
        console.print(_closing(report), soft_wrap=True)


def _table(checked: Sequence[Checked]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    with_files = any(entry.origin is None for entry in checked)
    for name in ("verdict", "endpoint", "mode", "file" if with_files else "origin"):
        table.add_column(name, overflow="fold", no_wrap=name != "file")
    for entry in checked:
        verdict = "clean" if entry.verdict == Level.INFO else entry.verdict
        times = f" ×{entry.count}" if entry.count > 1 else ""
        last = PurePath(entry.file).name if with_files else entry.origin
        table.add_row(Text(verdict + times, STYLES[verdict]), entry.endpoint, mode_name(entry), Text(last or ""))
    return table


def _place(finding: Finding) -> tuple[str, str, str]:
    entry = finding.location.entry
    file = finding.location.file if entry in {None, 1} else f"{finding.location.file}#{entry}"
    return file, finding.endpoint, finding.mode or ""


def _notes(console: Console, findings: Iterable[Finding]) -> None:
    """Say each note once, however many files it is in."""
    notes: dict[tuple[str, str], dict[str, int]] = {}
    for finding in findings:
        counts = notes.setdefault((finding.rule, finding.endpoint), {})
        text = finding.path or finding.message
        counts[text] = counts.get(text, 0) + finding.count
    for (rule, endpoint), counts in notes.items():
        said = ", ".join(f"{text} ×{count}" if count > 1 else text for text, count in counts.items())
        note(console, rule, endpoint, said)
    if notes:
        console.print()


def _coverage(console: Console, coverage: Iterable[Coverage]) -> None:
    """Print in which modes which endpoints answered, and why not in others; those alike share their lines."""
    modes: dict[tuple[str, str], list[str]] = {}
    for each in coverage:
        modes.setdefault((each.reason or "", each.endpoint), []).append(each.mode)
    endpoints: dict[tuple[str, str], list[str]] = {}
    for (reason, endpoint), names in modes.items():
        endpoints.setdefault((reason, ", ".join(names)), []).append(endpoint)
    for (reason, said), names in sorted(endpoints.items()):
        head = f"not observed  {said}: {reason}" if reason else f"observed  {said}"
        for number, line in enumerate(
            Text(head, "dim" if reason else "green").wrap(console, console.width - len(INDENT))
        ):
            console.print(Text.assemble(INDENT if number else "", line), soft_wrap=True)
        indented(console, ", ".join(names))
    console.print()


def _closing(report: Report) -> str:
    counts = summary(report)
    if report.command == "scan":
        return _scanned(report, counts)
    said = [f"{plural(counts['checked'], 'answer')} checked, {counts['clean']} clean"]
    said += [f"{counts[level]} {level}" for level in Level if counts[level]]
    said += [f"{counts['errors']} errors as recorded"] if counts["errors"] else []
    said += [f"{counts['unchecked']} unchecked, being errors"] if counts["unchecked"] else []
    said += [f"{counts['problems']} not checked"] if counts["problems"] else []
    said += [f"{counts['skipped']} skipped: not in the catalogue"] if counts["skipped"] else []
    if not report.checked and not report.problems:
        said[0] = "nothing was checked"
    text = "; ".join(said)
    if any(UNTOLD in mode_name(entry) for entry in report.checked):
        text += f"\n{UNTOLD} marks what a body alone does not tell of its mode; --mode does"
    return text
