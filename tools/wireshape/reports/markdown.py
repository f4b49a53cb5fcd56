"""The report as Markdown, for a pull request or a page: the same content as the JSON report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wireshape.findings.report import Report
from wireshape.model import Finding
from wireshape.reports.json import summary


def render(report: Report, _: object) -> str:
    """Render a report as GitHub-flavoured Markdown."""
    counts = ", ".join(f"{name}: {count}" for name, count in summary(report).items() if count)
    blocks = [f"# wireshape {report.command}", counts or "nothing was seen"]
    if report.findings:
        blocks.append(
            _table(
                ("level", "rule", "where", "path", "times", "was or expected", "is", "message"),
                map(_row, report.findings),
            )
        )
    if report.checked:
        rows = (
            (c.verdict, c.endpoint, c.mode or " or ".join(c.fits), c.origin or "", c.file, c.count)
            for c in report.checked
        )
        blocks.append(_table(("verdict", "endpoint", "mode", "origin", "file", "times"), rows))
    if report.compared:
        pairs = (
            (c.relation, c.base, c.current, c.mode or "", c.verdict, ", ".join(c.unobserved)) for c in report.compared
        )
        blocks.append(_table(("relation", "base", "current", "mode", "verdict", "unobserved"), pairs))
    if report.matrix:
        blocks.append(_table(("field", *report.matrix.columns), ((path, *marks) for path, marks in report.matrix.rows)))
    if report.coverage:
        asked = (
            (c.endpoint, c.mode, "observed" if c.observed else "not observed", c.reason or "") for c in report.coverage
        )
        blocks.append(_table(("endpoint", "mode", "in this run", "why"), asked))
    if report.problems:
        blocks.append(
            _table(("unchecked", "reason"), ((problem.location, problem.reason) for problem in report.problems))
        )
    return "\n\n".join(blocks) + "\n"


def _row(finding: Finding) -> Sequence[object]:
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
        finding.expected or "",
        finding.actual or "",
        finding.message + waived + (f": {finding.source.line}" if finding.source else ""),
    )


def _table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    text = str(value).replace("\\", "\\\\")
    for special in "|*_<>`[]":
        text = text.replace(special, f"\\{special}")
    return text.replace("\n", " ")
