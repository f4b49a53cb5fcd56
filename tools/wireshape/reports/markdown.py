"""The report as Markdown, for a pull request or a page: the same content as the JSON report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from wireshape.findings.report import Report
from wireshape.model import Finding
from wireshape.reports import View
from wireshape.reports.summary import summarize

# Markup; entities; what GitHub makes a link, a mention, a reference or a formula.
_ACTIVE = re.compile(r"[\\|*_<>`\[\]~&@$\n]|#(?=[0-9])|:(?=//)|(?i:(?<=\bwww)\.)")
# An element between its parts ends a mention or a reference, which GitHub looks for in the finished page.
_INERT = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "@": "&#64;<wbr>",
    "#": "&#35;<wbr>",
    "$": "<span>$</span>",
    ":": "&#58;",
    ".": "&#46;",
    "\n": " ",
}


def render(report: Report, view: View) -> str:
    """Write a report as GitHub-flavoured Markdown."""
    del view
    counts = ", ".join(f"{name}: {count}" for name, count in asdict(summarize(report)).items() if count)
    return "\n\n".join([f"# wireshape {report.command}", counts or "nothing was seen", *_tables(report)]) + "\n"


def _tables(report: Report) -> Iterator[str]:
    """Yield a table for each part of a report that is not empty."""
    if report.findings:
        names = ("level", "rule", "where", "path", "times", "was or expected", "is", "message")
        yield table(names, map(_finding, report.findings))
    if report.checked:
        rows = (
            (c.verdict, c.endpoint, c.mode or " or ".join(c.fits), c.origin, c.as_of, c.file, c.count)
            for c in report.checked
        )
        yield table(("verdict", "endpoint", "mode", "origin", "as of", "file", "times"), rows)
    if report.compared:
        pairs = ((c.relation, c.base, c.current, c.mode, c.verdict, ", ".join(c.unobserved)) for c in report.compared)
        yield table(("relation", "base", "current", "mode", "verdict", "unobserved"), pairs)
    if report.matrix:
        yield table(("field", *report.matrix.columns), ((row.path, *row.cells) for row in report.matrix.rows))
    if report.coverage:
        asked = ((c.endpoint, c.mode, "observed" if c.observed else "not observed", c.reason) for c in report.coverage)
        yield table(("endpoint", "mode", "in this run", "why"), asked)
    if report.problems:
        yield table(("unchecked", "reason"), ((problem.location, problem.reason) for problem in report.problems))


def _finding(finding: Finding) -> Sequence[object]:
    where = f"{finding.base} → {finding.endpoint}" if finding.base else finding.endpoint
    mode = "".join(f" {part}" for part in (finding.edition, finding.mode) if part)
    waived = f" (accepted: {finding.waiver})" if finding.waiver else ""
    place = "" if finding.location.file == finding.endpoint else f", {finding.location}"
    return (
        finding.level,
        finding.rule,
        f"{where}{mode}{place}".removeprefix(", "),
        finding.path,
        finding.count,
        finding.expected,
        finding.actual,
        finding.message + waived + (f": {finding.source.line}" if finding.source else ""),
    )


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table whose cells are plain text, whatever they hold."""
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(map(plain, line))} |" for line in lines)


def plain(value: object) -> str:
    """Write what Markdown shows as these characters, whatever they are; nothing for None."""
    return _ACTIVE.sub(_inert, "" if value is None else str(value))


def _inert(match: re.Match[str]) -> str:
    """Write what Markdown or its host would act on as the character it is."""
    found = match[0]
    return _INERT.get(found) or f"\\{found}"
