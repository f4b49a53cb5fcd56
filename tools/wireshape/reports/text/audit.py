"""The report of an audit for a terminal: the examples as a table, then what is wrong, page by page and line by line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePath
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from wireshape.findings.report import AnswerKind, Checked, Report, Verdict
from wireshape.model import Excerpt, Finding
from wireshape.reports import View
from wireshape.reports.summary import summarize
from wireshape.reports.text.console import (
    INDENT,
    STYLES,
    accepted,
    heading,
    mode_name,
    plural,
    problems,
    show,
    verdict_name,
)

_BAR = "| "
_READ = "read"
"""The verdict of an example that was held against no contract, and has nothing wrong with it."""


def print_report(out: Console, report: Report, view: View) -> None:
    """Print an audit."""
    if report.checked and not view.quiet:
        _print_examples(out, report.checked)
    _print_findings(out, [finding for finding in report.open if view.full(finding) or not view.quiet], view)
    problems(out, report.problems)
    if not view.quiet:
        accepted(out, report.findings, lambda each: "  ".join(_subject(each)))
        out.print(_closing(report), soft_wrap=True)


def _print_findings(out: Console, shown: Sequence[Finding], view: View) -> None:
    """Print findings below the example they are about; the examples of a page in the order of their first finding."""
    first: dict[_Subject, int] = {}
    for finding in shown:
        first[_subject(finding)] = min(first.get(_subject(finding), sys.maxsize), finding.location.line or 0)
    ordered = sorted(shown, key=lambda finding: (finding.location.file, first[_subject(finding)], *_order(finding)))
    for subject, findings in groupby(ordered, key=_subject):
        line = "  ".join(subject)
        for each in [line] if len(line) <= out.width else subject:
            heading(out, each)
        for _, together in groupby(findings, key=lambda finding: (finding.location, view.full(finding))):
            # What several findings say of one place is shown below the last of them.
            for _, alike in groupby(together, key=lambda finding: (finding.rule, finding.message)):
                finding = _as_one(list(alike))
                show(out, finding, subject.file)
            if finding.source and view.full(finding):
                _excerpt(out, finding.source)
        out.print()


def _as_one(alike: Sequence[Finding]) -> Finding:
    """Make one block of several fields that lack the same thing at one place."""
    first = alike[0]
    if len(alike) == 1:
        return first
    message = f"{first.message}: {', '.join(finding.path for finding in alike)}"
    return replace(first, path=f"{len(alike)} fields", message=message, expected=None, actual=None, sample="")


class _Subject(NamedTuple):
    """What findings are grouped by: the page, and the endpoint, language and mode of the example."""

    file: str
    example: str


def _subject(finding: Finding) -> _Subject:
    example = " ".join(filter(None, (finding.endpoint, finding.edition, finding.mode)))
    return _Subject(finding.location.file, example)


def _order(finding: Finding) -> tuple[str, int, int]:
    return _subject(finding).example, finding.location.line or 0, finding.location.column or 0


def _print_examples(out: Console, checked: Sequence[Checked]) -> None:
    """Print a row for each example below the name of its page."""
    head = ("verdict", "endpoint", "edition", "mode", "line")
    rows = [(entry, _row(entry)) for entry in checked]
    widths = [max(map(len, column)) for column in zip(head, *(row for _, row in rows), strict=True)]
    out.print(Text("  ".join(map(str.ljust, head, widths)), "bold"), soft_wrap=True)
    for file, examples in groupby(rows, key=lambda row: row[0].file):
        out.print(Text(PurePath(file).name, "dim"), soft_wrap=True)
        for _, row in examples:
            line = Text("  ".join(map(str.ljust, row, widths)))
            line.stylize(STYLES.get(row[0], ""), 0, len(row[0]))
            out.print(line, soft_wrap=True)
    out.print()


def _row(entry: Checked) -> tuple[str, ...]:
    mode = mode_name(entry) if entry.fits or entry.answer is AnswerKind.REQUEST else entry.mode or ""
    verdict = verdict_name(entry)
    verdict = verdict if entry.in_catalogue or verdict != Verdict.CLEAN else _READ
    return verdict, entry.endpoint, entry.edition or "", mode, str(entry.line)


def _excerpt(out: Console, source: Excerpt) -> None:
    """Print a source line, cut to the width left, with a caret below the place."""
    room = max(out.width - len(INDENT) - len(_BAR), 20)
    line, caret = source.line, source.caret
    if caret is not None and cell_len(line[: caret + 1]) > room * 2 // 3:
        cut = caret - room // 3
        line, caret = "…" + line[cut + 1 :], caret - cut
    while cell_len(line) > room:
        line = line[: len(line) - max((cell_len(line) - room) // 2, 1) - 1] + "…"
    out.print(Text(f"{INDENT}{_BAR}{line}", "dim"), soft_wrap=True)
    if caret is not None:
        out.print(Text(f"{INDENT}{_BAR}{' ' * cell_len(line[:caret])}^", "dim"), soft_wrap=True)


def _closing(report: Report) -> str:
    counts = summarize(report)
    outside = [entry for entry in report.checked if not entry.in_catalogue]
    clean = counts.clean - sum(verdict_name(entry) == Verdict.CLEAN for entry in outside)
    said = [f"{plural(len(report.checked), 'example')} read, {clean} clean", *counts.levels]
    said += [f"{len(outside)} held against no contract (not in the catalogue)"] if outside else []
    said += [f"{counts.waived} accepted"] if counts.waived else []
    said += [f"{counts.problems} not checked"] if counts.problems else []
    return "nothing was checked" if report.empty else "; ".join(said)
