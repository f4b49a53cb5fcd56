"""The JSON report, version 1, as schemas/report.schema.json describes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

import orjson

from wireshape.findings.report import Matrix, Report
from wireshape.model import Finding, Level, Problem

VERSION = 1


def render(report: Report, _: object) -> str:
    """Render a report as indented JSON with a line break at the end."""
    return orjson.dumps(document(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def document(report: Report) -> dict[str, Any]:
    """Give the report as JSON values."""
    return {
        "version": VERSION,
        "command": report.command,
        "summary": summary(report),
        "checked": [asdict(entry) for entry in report.checked],
        "findings": [_finding(finding) for finding in report.findings],
        "problems": [_problem(problem) for problem in report.problems],
        "compared": [asdict(pair) for pair in report.compared],
        "matrix": _matrix(report.matrix) if report.matrix else None,
        "coverage": [asdict(each) for each in report.coverage],
    }


def summary(report: Report) -> dict[str, int]:
    """Count answers by what became of them, and findings by level."""
    verdicts: Counter[str] = Counter()
    for entry in report.checked:
        verdicts[entry.verdict] += entry.count
    levels = Counter(finding.level for finding in report.findings if not finding.waiver)
    return {
        "checked": verdicts.total() - verdicts["unchecked"] - verdicts["error"],
        "clean": verdicts["clean"] + verdicts[Level.INFO],
        "errors": verdicts["error"],
        "unchecked": verdicts["unchecked"],
        "problems": len(report.problems),
        "skipped": report.skipped,
        "compared": len(report.compared),
        "scanned": report.scanned,
        "waived": sum(1 for finding in report.findings if finding.waiver),
        **{level.value: levels[level] for level in Level},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    fields = {name: getattr(finding, name) for name in Finding.__slots__}
    source = asdict(finding.source) if finding.source else None
    return {**fields, "level": finding.level.value, "location": asdict(finding.location), "source": source}


def _matrix(matrix: Matrix) -> dict[str, Any]:
    rows = [{"path": path, "marks": list(marks)} for path, marks in matrix.rows]
    return {"columns": list(matrix.columns), "rows": rows}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "reason": problem.reason,
        "code": problem.code,
        "exit_code": int(problem.exit_code),
        "location": asdict(problem.location),
    }
