"""The report of a diff for a terminal: fields by endpoint, then what differs, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wireshape.findings.report import Compared, Matrix, Presence, Relation, Report
from wireshape.model import Finding
from wireshape.reports import View
from wireshape.reports.summary import summarize
from wireshape.reports.text.console import accepted, heading, note, plural, problems, show

SIGNS = {
    Presence.PRESENT: "●",
    Presence.OPTIONAL: "○",
    Presence.UNDOCUMENTED: "u",
    Presence.WITHDRAWN: "w",
    Presence.UNOBSERVED: "?",
    Presence.ABSENT: "·",
}


def print_report(out: Console, report: Report, view: View) -> None:
    """Print a diff; a quiet view leaves out the table, what is accepted and what needs no action as well."""
    given = next((each for each in report.compared if each.relation is Relation.GIVEN), None)
    if report.matrix and not given and not view.quiet:
        out.print(_table(report.matrix))
        # A contract shows every row.
        out.print("  ".join(f"{sign} {name}" for name, sign in SIGNS.items() if name is not Presence.UNOBSERVED), "\n")
    notes = [finding for finding in report.open if not given and not view.full(finding)]
    _findings(out, [f for f in report.open if f not in notes and (view.full(f) or not view.quiet)], given)
    problems(out, report.problems)
    if view.quiet:
        return
    accepted(out, report.findings, lambda each: str(_pair(each)))
    for finding in notes:
        note(out, finding.rule, str(_pair(finding)), f"{finding.path}: {finding.message}")
    out.print(_closing(report), soft_wrap=True)


class _Pair(NamedTuple):
    """What findings are grouped by: what was compared with what."""

    base: str
    current: str

    def __str__(self) -> str:
        return f"{self.base} → {self.current}"


def _pair(finding: Finding) -> _Pair:
    return _Pair(str(finding.base or ""), f"{finding.endpoint} {finding.mode}" if finding.mode else finding.endpoint)


def _findings(out: Console, shown: Iterable[Finding], given: Compared | None) -> None:
    """Print findings below the pair they are about, which has the names it was given."""
    for pair, findings in groupby(sorted(shown, key=_pair), key=_pair):
        members = list(findings)
        mode = members[0].mode or ""
        named = _Pair(given.base, given.current) if given else pair
        heading(out, f"{named} {mode}" if given and mode and not given.current.endswith(mode) else str(named))
        for finding in members:
            show(out, finding, given.current if given else None)
        out.print()


def _table(matrix: Matrix) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("field", overflow="fold")
    for column in matrix.columns:
        table.add_column("\n".join(column.split(".", 3)[:3]), justify="center", no_wrap=True)
    for path, cells in matrix.rows:
        style = "" if len(set(cells)) > 1 else "dim"
        table.add_row(Text(path, style), *(Text(SIGNS[cell], style) for cell in cells))
    return table


def _closing(report: Report) -> str:
    if not report.compared:
        return "nothing was compared"
    counts = summarize(report)
    fields = sum(compared.fields for compared in report.compared)
    said = [f"{plural(counts.compared, 'pair')} compared, {plural(fields, 'field')}"]
    if counts.levels:
        said += [*counts.levels, *([f"{counts.waived} accepted"] if counts.waived else [])]
    else:
        said += [f"no difference beyond the {counts.waived} accepted" if counts.waived else "no difference"]
    text = "; ".join(said)
    unobserved = sorted({path for compared in report.compared for path in compared.unobserved})
    if unobserved:
        text += f"\nnever seen with a row, so not compared: {', '.join(unobserved)}"
    return text
