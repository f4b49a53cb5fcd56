"""The report of a check for a terminal: a table of what was checked, then what is wrong, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import PurePath
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wireshape.findings.report import Checked, Coverage, DateSource, Report
from wireshape.model import Finding, ToldBy
from wireshape.reports import View
from wireshape.reports.summary import summarize
from wireshape.reports.text.console import (
    INDENT,
    STYLES,
    UNTOLD,
    accepted,
    heading,
    indented,
    mode_name,
    note,
    plural,
    problems,
    show,
    verdict_name,
)

_SOURCES = {
    DateSource.RECORDING: "the day of the recording",
    DateSource.OPTION: "the day that --as-of names",
    DateSource.TODAY: "today",
    DateSource.LIFE: "the nearest day on which the endpoint answered",
}


_TOLD = {ToldBy.NAME: "the name of the file", ToldBy.SHAPE: "the fields"}


def print_report(out: Console, report: Report, view: View) -> None:
    """Print a check, or a live run with what it observed."""
    if report.checked and not view.quiet:
        out.print(_table(report.checked), "")
    full = sorted(filter(view.full, report.open), key=_subject)
    for subject, findings in groupby(full, key=_subject):
        heading(out, subject.heading)
        for finding in findings:
            show(out, finding)
        out.print()
    if not view.quiet:
        _notes(out, [finding for finding in report.open if not view.full(finding)])
        accepted(out, report.findings, lambda each: _subject(each).heading)
    problems(out, report.problems)
    if view.quiet:
        return
    if report.coverage:
        _coverage(out, report.coverage)
    out.print(_closing(report), soft_wrap=True)


def _table(checked: Sequence[Checked]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    with_files = any(entry.origin is None for entry in checked)
    for name in ("verdict", "endpoint", "mode", "file" if with_files else "origin"):
        table.add_column(name, overflow="fold", no_wrap=name != "file")
    for entry in checked:
        verdict = verdict_name(entry)
        times = f" ×{entry.count}" if entry.count > 1 else ""
        last = PurePath(entry.file).name if with_files else entry.origin
        table.add_row(Text(verdict + times, STYLES[verdict]), entry.endpoint, mode_name(entry), Text(last or ""))
    return table


class _Subject(NamedTuple):
    """What findings are grouped by: the file, with the number of the interaction after the first."""

    file: str
    endpoint: str
    mode: str

    @property
    def heading(self) -> str:
        """What stands above the findings."""
        return f"{self.file}  {self.endpoint} {self.mode}".rstrip()


def _subject(finding: Finding) -> _Subject:
    entry = finding.location.entry
    file = finding.location.file if entry in {None, 1} else f"{finding.location.file}#{entry}"
    return _Subject(file, finding.endpoint, finding.mode or "")


def _notes(out: Console, findings: Iterable[Finding]) -> None:
    """Say each note once, however many files it is in."""
    notes: dict[tuple[str, str], dict[str, int]] = {}
    for finding in findings:
        counts = notes.setdefault((finding.rule, finding.endpoint), {})
        text = finding.path or finding.message
        counts[text] = counts.get(text, 0) + finding.count
    for (rule, endpoint), counts in notes.items():
        said = ", ".join(f"{text} ×{count}" if count > 1 else text for text, count in counts.items())
        note(out, rule, endpoint, said)
    if notes:
        out.print()


def _coverage(out: Console, coverage: Iterable[Coverage]) -> None:
    """Print in which modes which endpoints answered, and why not in others; those alike share their lines."""
    modes: dict[tuple[str, str], list[str]] = {}
    for each in coverage:
        modes.setdefault((each.reason or "", each.endpoint), []).append(each.mode)
    endpoints: dict[tuple[str, str], list[str]] = {}
    for (reason, endpoint), names in modes.items():
        endpoints.setdefault((reason, ", ".join(names)), []).append(endpoint)
    for (reason, said), names in sorted(endpoints.items()):
        head = f"not observed  {said}: {reason}" if reason else f"observed  {said}"
        lines = Text(head, "dim" if reason else "green").wrap(out, out.width - len(INDENT))
        for number, line in enumerate(lines):
            out.print(Text.assemble(INDENT if number else "", line), soft_wrap=True)
        indented(out, ", ".join(names))
    out.print()


def _days(checked: Iterable[Checked]) -> Iterator[str]:
    """Yield as of which days answers are judged that are not judged as of today, and where these days come from."""
    today = datetime.now(UTC).date().isoformat()
    days: dict[DateSource, set[str]] = {}
    for entry in checked:
        if entry.as_of and entry.as_of_source and entry.as_of != today:
            days.setdefault(entry.as_of_source, set()).add(entry.as_of)
    for source, known in days.items():
        first, last = min(known), max(known)
        yield f"judged as of {_SOURCES[source]}, {first if first == last else f'{first} to {last}'}"


def _told(checked: Sequence[Checked]) -> Iterator[str]:
    """Yield what told the endpoint of answers whose recording and call name none."""
    for by, what in _TOLD.items():
        if count := sum(entry.count for entry in checked if entry.told_by is by):
            yield f"endpoint of {plural(count, 'answer')} told by {what}; if it is another, pass --endpoint ID"


def _closing(report: Report) -> str:
    counts = summarize(report)
    said = [f"{plural(counts.checked, 'answer')} checked, {counts.clean} clean", *counts.levels]
    said = ["nothing was checked"] if report.empty else said
    said += [f"{counts.waived} accepted"] if counts.waived else []
    said += [plural(counts.errors, "expected error")] if counts.errors else []
    said += [f"{counts.unchecked} not checked (error responses)"] if counts.unchecked else []
    said += [f"{counts.problems} not checked"] if counts.problems and not report.empty else []
    said += [f"{counts.skipped} skipped (not in the catalogue)"] if counts.skipped else []
    text = "\n".join([*_told(report.checked), *_days(report.checked), "; ".join(said)])
    if any(UNTOLD in mode_name(entry) for entry in report.checked):
        text += f"\n{UNTOLD} is what the body does not tell of the mode; --mode names it"
    return text
