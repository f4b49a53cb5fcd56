"""The report for a terminal: a table of what was checked, then what is wrong, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import groupby
from pathlib import PurePath

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wireshape.model import ABSENT, Checked, Finding, Level, Mode, Report
from wireshape.reports.json import summary

_STYLES = {"breaking": "bold red", "risky": "yellow", "info": "cyan", "clean": "green", "unchecked": "magenta"}
_LEVEL_WIDTH = max(map(len, Level)) + 4
_INDENT = " " * _LEVEL_WIDTH
_UNTOLD = "?"


def render(report: Report, *, color: bool, width: int, quiet: bool) -> str:
    """Render a report at a width in columns; quiet leaves out all but findings that matter and problems."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, color_system="standard" if color else None, highlight=False
    )
    if report.checked and not quiet:
        console.print(_table(report.checked), "")
    weighty = [finding for finding in report.findings if finding.level is not Level.INFO]
    for (file, endpoint, mode), findings in groupby(sorted(weighty, key=_place), key=_place):
        console.print(Text(f"{file}  {endpoint}{f' {mode}' if mode else ''}", "bold"), soft_wrap=True)
        for finding in findings:
            _finding(console, finding)
        console.print()
    if not quiet:
        _notes(console, [finding for finding in report.findings if finding.level is Level.INFO])
    for problem in report.problems:
        console.print(
            Text.assemble(
                (f"{'unchecked':<{_LEVEL_WIDTH}}", _STYLES["unchecked"]), f"{problem.location}: {problem.reason}"
            ),
            soft_wrap=True,
        )
    if not quiet:
        console.print(_closing(report), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _table(checked: Sequence[Checked]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    with_files = any(entry.origin is None for entry in checked)
    for name in ("verdict", "endpoint", "mode", "file" if with_files else "origin"):
        table.add_column(name, overflow="fold", no_wrap=name != "file")
    for entry in checked:
        verdict = "clean" if entry.verdict == Level.INFO else entry.verdict
        times = f" ×{entry.count}" if entry.count > 1 else ""
        last = PurePath(entry.file).name if with_files else entry.origin
        table.add_row(Text(verdict + times, _STYLES[verdict]), entry.endpoint, _mode(entry), last)
    return table


def _mode(entry: Checked) -> str:
    """Name the mode, with a ? for what neither the recording nor the body tells; an error has none."""
    if entry.mode or not entry.fits:
        return entry.mode or f"({entry.answer})"
    fits = [Mode.parse(mode) for mode in entry.fits]
    margins = list(dict.fromkeys(mode.margin for mode in fits))
    positions = list(dict.fromkeys(mode.position for mode in fits))
    if len(margins) * len(positions) != len(fits):
        return " or ".join(entry.fits)
    margin = margins[0] if len(margins) == 1 else _UNTOLD
    return str(Mode(margin=margin, position=positions[0] if len(positions) == 1 else _UNTOLD))


def _place(finding: Finding) -> tuple[str, str, str]:
    entry = finding.location.entry
    file = finding.location.file if entry in {None, 1} else f"{finding.location.file}#{entry}"
    return file, finding.endpoint, finding.mode or ""


def _finding(console: Console, finding: Finding) -> None:
    head = Text.assemble((f"  {finding.level:<{_LEVEL_WIDTH - 2}}", _STYLES[finding.level]), (finding.rule, "bold"))
    head.append(f"  {finding.path}" if finding.path else "")
    head.append(f" ×{finding.count}" if finding.count > 1 else "")
    location = finding.location
    where = [f"at {location.line}:{location.column}"] if location.line else []
    where += [f"first {finding.sample}"] if finding.count > 1 else []
    head.append(f"  ({', '.join(where)})" if where else "", "dim")
    said = [f"expected {finding.expected}"] if finding.expected else []
    said += [f"got {finding.actual}"] if finding.actual not in {None, ABSENT} else []
    console.print(head, soft_wrap=True)
    _indented(console, f"{finding.message}: {', '.join(said)}" if said else finding.message)


def _indented(console: Console, text: str) -> None:
    for line in Text(text).wrap(console, max(console.width - _LEVEL_WIDTH, _LEVEL_WIDTH)):
        console.print(Text.assemble(_INDENT, line), soft_wrap=True)


def _notes(console: Console, findings: Iterable[Finding]) -> None:
    """Say each note once, however many files it is in."""
    notes: dict[tuple[str, str], dict[str, int]] = {}
    for finding in findings:
        counts = notes.setdefault((finding.rule, finding.endpoint), {})
        text = finding.path or finding.message
        counts[text] = counts.get(text, 0) + finding.count
    for (rule, endpoint), counts in notes.items():
        said = ", ".join(f"{text} ×{count}" if count > 1 else text for text, count in counts.items())
        note = Text.assemble((f"info {' ' * (_LEVEL_WIDTH - 5)}", _STYLES["info"]), (rule, "bold"), f"  {endpoint}\n")
        console.print(note, end="")
        _indented(console, said)
    if notes:
        console.print()


def _closing(report: Report) -> str:
    counts = summary(report)
    answers = "answer" if counts["checked"] == 1 else "answers"
    said = [f"{counts['checked']} {answers} checked, {counts['clean']} clean"]
    said += [f"{counts[level]} {level}" for level in Level if counts[level]]
    said += [f"{counts['unchecked']} unchecked, being errors"] if counts["unchecked"] else []
    said += [f"{counts['problems']} unreadable"] if counts["problems"] else []
    said += [f"{counts['skipped']} skipped: not in the catalogue"] if counts["skipped"] else []
    if not report.checked and not report.problems:
        said[0] = "nothing was checked"
    text = "; ".join(said)
    if any(_UNTOLD in _mode(entry) for entry in report.checked):
        text += f"\n{_UNTOLD} marks what a body alone does not tell of its mode; --mode does"
    return text
