"""What the reports for a terminal share: a console that writes to text, levels in their colours, indented lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import StringIO
from operator import attrgetter
from pathlib import PurePath
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from wireshape.findings.report import Checked, Verdict
from wireshape.model import ABSENT, Base, Finding, Level, Mode, Problem

_ROWS = re.compile(r"\[[0-9]+\]")
STYLES: dict[str, str] = {
    Verdict.BREAKING: "bold red",
    Verdict.RISKY: "yellow",
    Verdict.INFO: "cyan",
    Verdict.CLEAN: "green",
    Verdict.ACCEPTED: "green",
    Verdict.ERROR: "green",
    Verdict.UNCHECKED: "magenta",
}
LEVEL_WIDTH = max(map(len, Level)) + 4
INDENT = " " * LEVEL_WIDTH
_MOST_PLACES = 5
"""Further places of a finding that are shown; JSON has more of them."""
UNTOLD = "?"
"""Stands for what a body alone does not tell of its mode."""


def open_console(*, color: bool, width: int) -> Console:
    """Give a console that collects what is printed, for a terminal of that width in columns."""
    return Console(
        file=StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
    )


def collected(out: Console) -> str:
    """Give what was printed, without blanks at the ends of lines."""
    assert isinstance(out.file, StringIO)  # noqa: S101 - open_console made it so
    return "".join(f"{line.rstrip()}\n" for line in out.file.getvalue().splitlines())


def heading(out: Console, text: str) -> None:
    """Print what the findings below it are about."""
    out.print(Text(text, "bold"), soft_wrap=True)


def show(out: Console, finding: Finding, file: str | None = None) -> None:
    """Print one finding: level, rule, path and row, the place, then what is wrong and what would be right.

    file is the one the heading speaks of: a place in another one is printed with its name.
    """
    head = Text.assemble((f"  {finding.level:<{LEVEL_WIDTH - 2}}", STYLES[finding.level]), (finding.rule, "bold"))
    head.append(f"  {finding.path}" if finding.path else "")
    head.append(f" ×{finding.count}" if finding.count > 1 else "")
    if rows := "".join(_ROWS.findall(finding.sample)):
        head.append(f"  (first {rows})" if finding.count > 1 else f"  ({rows})", "dim")
    for number, line in enumerate(head.wrap(out, out.width)):
        out.print(Text.assemble(INDENT, line) if number else line, soft_wrap=True)
    if place := _place(finding, file):  # one that is broken over two lines opens nowhere
        out.print(Text.assemble(INDENT, (place, "dim")), soft_wrap=True)
    further = [str(location) for location in finding.also[:_MOST_PLACES]]
    behind = len(finding.also) - len(further)
    for each in [*further, *([f"and {plural(behind, 'place')} more"] if behind else [])]:
        out.print(Text.assemble(INDENT, (each, "dim")), soft_wrap=True)
    words = _words(finding)
    said = [f"{words.base} {finding.expected}"] if finding.expected else []
    said += [f"{words.current} {finding.actual}"] if finding.actual not in {None, ABSENT} else []
    indented(out, f"{finding.message}: {words.between.join(said)}" if said else finding.message)


def _place(finding: Finding, file: str | None) -> str:
    """Give where a finding stands as a terminal and an editor open it."""
    location = finding.location
    elsewhere = file and location.file != file and location.file not in {finding.endpoint, str(finding.base)}
    return str(location) if location.line or elsewhere else ""


class _Words(NamedTuple):
    """What stands before either side of a finding, and between them."""

    base: str
    current: str
    between: str


def _words(finding: Finding) -> _Words:
    if not finding.base:
        return _Words("expected", "got", ", ")
    if finding.edition:
        return _Words(f"{_edition(finding.base, finding.location.file)} has", "here", "; ")
    return _Words("was", "is", "; ")


def _edition(base: Base, file: str) -> str:
    """Name another edition: by its language alone where it is in the same file."""
    language = base.language or ""
    return language if base.name == file else f"{PurePath(base.name).name} {language}"


def indented(out: Console, text: str) -> None:
    """Print text below a level, wrapped to the width that is left."""
    for line in Text(text).wrap(out, max(out.width - LEVEL_WIDTH, LEVEL_WIDTH)):
        out.print(Text.assemble(INDENT, line), soft_wrap=True)


def accepted(out: Console, findings: Iterable[Finding], about: Callable[[Finding], str]) -> None:
    """Say what is accepted, subject by subject: the rule, the reason, and the paths or lines it holds for."""
    subjects: dict[str, dict[str, list[str]]] = {}
    for finding in filter(attrgetter("waiver"), findings):
        reasons = subjects.setdefault(about(finding), {})
        where = finding.path or (f"line {finding.location.line}" if finding.location.line else "")
        reasons.setdefault(f"{finding.rule}, {finding.waiver}", []).append(where)
    for subject in sorted(subjects):
        out.print(Text.assemble((Verdict.ACCEPTED.ljust(LEVEL_WIDTH), "dim"), subject), soft_wrap=True)
        for reason, places in subjects[subject].items():
            said = ", ".join(dict.fromkeys(filter(None, places)))
            indented(out, f"{reason}: {said}" if said else reason)
    if subjects:
        out.print()


def note(out: Console, rule: str, about: str, said: str) -> None:
    """Print something that needs no action."""
    out.print(Text.assemble((Level.INFO.ljust(LEVEL_WIDTH), STYLES[Level.INFO]), (rule, "bold"), f"  {about}"))
    indented(out, said)


def problems(out: Console, found: Iterable[Problem]) -> None:
    """Print what could not be checked, and why."""
    label = Verdict.UNCHECKED.ljust(LEVEL_WIDTH), STYLES[Verdict.UNCHECKED]
    for problem in found:
        out.print(Text.assemble(label, f"{problem.location}: {problem.reason}"), soft_wrap=True)


def verdict_name(entry: Checked) -> str:
    """Name the verdict: what is found only for information leaves an answer clean."""
    return Verdict.CLEAN if entry.verdict is Verdict.INFO else entry.verdict


def mode_name(entry: Checked) -> str:
    """Name the mode, with a ? for what neither the recording nor the body tells; an error has none."""
    if entry.mode or not entry.fits:
        return entry.mode or f"({entry.answer})"
    fits = [Mode.parse(mode) for mode in entry.fits]
    margins = list(dict.fromkeys(mode.margin for mode in fits))
    positions = list(dict.fromkeys(mode.position for mode in fits))
    if len(margins) * len(positions) != len(fits):
        return " or ".join(entry.fits)
    margin = margins[0] if len(margins) == 1 else UNTOLD
    return str(Mode(margin=margin, position=positions[0] if len(positions) == 1 else UNTOLD))


def plural(count: int, noun: str) -> str:
    """Give a count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
