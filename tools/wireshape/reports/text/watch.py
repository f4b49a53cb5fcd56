"""The report of a watch for a terminal: a line for each event, then one line that says what the run came to."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from wireshape.findings.report import Report
from wireshape.findings.watched import Watched, WatchedEvent
from wireshape.model import ABSENT, Finding, Level
from wireshape.reports import View
from wireshape.reports.summary import summarize
from wireshape.reports.text.console import LEVEL_WIDTH, STYLES, plural, problems

_NOTE = "note"


def print_report(out: Console, report: Report, view: View) -> None:
    """Print a watch."""
    watched = report.watched or Watched(pages=0, compared=0)
    for finding, event in zip(report.findings, watched.of(report.findings), strict=True):
        if view.full(finding) or not view.quiet:
            out.print(_line(finding, event, dated=not watched.looked), soft_wrap=True)
    problems(out, report.problems)
    if view.quiet:
        return
    for note in watched.notes:
        out.print(Text.assemble(_NOTE.ljust(LEVEL_WIDTH), f"{note.location}: {note.reason}"), soft_wrap=True)
    out.print(_closing(report, watched), soft_wrap=True)


def _line(finding: Finding, event: WatchedEvent | None, *, dated: bool) -> Text:
    """Say an event in one line: level, rule, what it is about, both sides, where it stands, and who announced it."""
    about = " ".join(part for part in (finding.endpoint, finding.mode, finding.edition) if part)
    was = f"was {finding.expected}" if finding.expected not in {None, ABSENT} else ""
    now = f"is {finding.actual}" if finding.actual not in {None, ABSENT} else ""
    times = f" ×{finding.count}" if finding.count > 1 else ""
    parts = [about, f"{finding.path}{times}", ", ".join(filter(None, (was, now))), str(finding.location)]
    parts += [event.witness or ""] if event else [finding.message]
    parts += [f"accepted: {finding.waiver}"] if finding.waiver else []
    line = Text(f"{event.date[:10]}  " if dated and event else "")
    line.append(finding.level.ljust(LEVEL_WIDTH), STYLES[finding.level])
    line.append(finding.rule, "bold")
    return line.append("".join(f"  {part}" for part in parts if part))


def _closing(report: Report, watched: Watched) -> str:
    counts = summarize(report)
    levels = [f"{getattr(counts, level)} {level}" for level in Level if getattr(counts, level)]
    levels += [f"{counts.waived} accepted"] if counts.waived else []
    events = plural(len(report.findings), "event")
    if not watched.looked:
        said = f"{events} since {watched.since}" if report.findings else f"nothing new since {watched.since}"
        return "; ".join([said, *levels])
    said = f"{events}: {_pages(watched)}" if report.findings else f"nothing new: {_pages(watched)}"
    if watched.first and watched.first == watched.pages and not report.findings:
        rest = watched.pages - watched.compared
        said = f"first capture of {plural(watched.first, 'page')}{f', {rest} with nothing to compare' if rest else ''}"
    if not watched.pages:
        said = "nothing was checked"
    return "; ".join([said, *levels, *([f"{counts.problems} not looked at"] if counts.problems else [])])


def _pages(watched: Watched) -> str:
    """Count the pages by what became of them."""
    counts = {
        "captured for the first time": watched.first,
        "new": watched.new,
        "changed": watched.changed,
        f"unchanged since {watched.since}": watched.unchanged,
        "gone": watched.gone,
        "with nothing to compare": watched.pages - watched.compared,
    }
    counted = [f"{count} {words}" for words, count in counts.items() if count]
    return ", ".join([plural(watched.pages, "page"), *counted])
