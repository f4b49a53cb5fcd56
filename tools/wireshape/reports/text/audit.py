"""The report of an audit for a terminal: the examples as a table, then what is wrong, page by page and line by line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePath

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from wireshape.findings.report import Checked, Report
from wireshape.model import Excerpt, Finding, Level
from wireshape.reports import View
from wireshape.reports.json import summary
from wireshape.reports.text.console import INDENT, STYLES, heading, mode_name, plural, show, unchecked

_BAR = "| "


def print_audit(console: Console, report: Report, view: View) -> None:
    """Print an audit; quiet leaves out all but findings shown in full, and problems."""
    if report.checked and not view.quiet:
        _print_examples(console, report.checked)
    shown = [finding for finding in report.findings if view.full(finding) or not view.quiet]
    first: dict[tuple[str, str], int] = {}
    for finding in shown:
        first[_heading(finding)] = min(first.get(_heading(finding), sys.maxsize), finding.location.line or 0)
    ordered = sorted(shown, key=lambda finding: (finding.location.file, first[_heading(finding)], *_order(finding)))
    for (file, about), findings in groupby(ordered, key=_heading):
        one_line = len(file) + len(about) + 2 <= console.width
        for line in (f"{file}  {about}",) if one_line else (file, about):
            heading(console, line)
        for _, together in groupby(findings, key=lambda finding: (finding.location, view.full(finding))):
            # What several findings say of one place is shown below the last of them.
            for _, alike in groupby(together, key=lambda finding: (finding.rule, finding.message)):
                finding = _as_one(list(alike))
                show(console, finding, file)
            if finding.source and view.full(finding):
                _excerpt(console, finding.source)
        console.print()
    for problem in report.problems:
        unchecked(console, problem)
    if not view.quiet:
        console.print(_closing(report), soft_wrap=True)


def _as_one(alike: Sequence[Finding]) -> Finding:
    """Make one block of several fields that lack the same thing at one place."""
    first = alike[0]
    if len(alike) == 1:
        return first
    message = f"{first.message}: {', '.join(finding.path for finding in alike)}"
    return replace(first, path=f"{len(alike)} fields", message=message, expected=None, actual=None, sample="")


def _order(finding: Finding) -> tuple[str, int, int]:
    return _heading(finding)[1], finding.location.line or 0, finding.location.column or 0


def _heading(finding: Finding) -> tuple[str, str]:
    mode = f" {finding.mode}" if finding.mode else ""
    return finding.location.file, f"{finding.endpoint} {finding.edition}{mode}"


def _print_examples(console: Console, checked: Sequence[Checked]) -> None:
    """Print a row for each example below the name of its page."""
    head = ("verdict", "endpoint", "edition", "mode", "line")
    rows = [(entry, _row(entry)) for entry in checked]
    widths = [max(map(len, column)) for column in zip(head, *(row for _, row in rows), strict=True)]
    console.print(Text("  ".join(map(str.ljust, head, widths)), "bold"), soft_wrap=True)
    for file, examples in groupby(rows, key=lambda row: row[0].file):
        console.print(Text(PurePath(file).name, "dim"), soft_wrap=True)
        for _, row in examples:
            line = Text("  ".join(map(str.ljust, row, widths)))
            line.stylize(STYLES[row[0]], 0, len(row[0]))
            console.print(line, soft_wrap=True)
    console.print()


def _row(entry: Checked) -> tuple[str, ...]:
    verdict = "clean" if entry.verdict == Level.INFO else entry.verdict
    mode = mode_name(entry) if entry.fits or entry.answer == "request" else entry.mode or ""
    return verdict, entry.endpoint, entry.edition or "", mode, str(entry.line)


def _excerpt(console: Console, source: Excerpt) -> None:
    """Print a source line, cut to the width left, with a caret below the place."""
    room = max(console.width - len(INDENT) - len(_BAR), 20)
    line, caret = source.line, source.caret
    if caret is not None and cell_len(line[: caret + 1]) > room * 2 // 3:
        cut = caret - room // 3
        line, caret = "…" + line[cut + 1 :], caret - cut
    while cell_len(line) > room:
        line = line[: len(line) - max((cell_len(line) - room) // 2, 1) - 1] + "…"
    console.print(Text(f"{INDENT}{_BAR}{line}", "dim"), soft_wrap=True)
    if caret is not None:
        console.print(Text(f"{INDENT}{_BAR}{' ' * cell_len(line[:caret])}^", "dim"), soft_wrap=True)


def _closing(report: Report) -> str:
    counts = summary(report)
    said = [f"{plural(len(report.checked), 'example')} read, {counts['clean']} clean"]
    said += [f"{counts[level]} {level}" for level in Level if counts[level]]
    said += [f"{counts['problems']} not checked"] if counts["problems"] else []
    return "; ".join(said) if report.checked or report.problems else "nothing was checked"
