"""The JSON report, version 1, as schemas/report.schema.json describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import orjson

from wireshape.findings.report import Matrix, Report
from wireshape.findings.watched import Watched
from wireshape.model import Finding, Problem
from wireshape.reports import View
from wireshape.reports.summary import summarize

VERSION = 1


def render(report: Report, view: View) -> str:
    """Write a report as indented JSON."""
    del view
    return orjson.dumps(_document(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _document(report: Report) -> dict[str, Any]:
    return {
        "version": VERSION,
        "command": report.command,
        "summary": asdict(summarize(report)),
        "checked": [asdict(entry) for entry in report.checked],
        "findings": [_finding(finding) for finding in report.findings],
        "problems": [_problem(problem) for problem in report.problems],
        "compared": [asdict(pair) for pair in report.compared],
        "matrix": _matrix(report.matrix) if report.matrix else None,
        "coverage": [asdict(each) for each in report.coverage],
        **({"watched": _watched(report.watched, report.findings)} if report.watched else {}),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    fields = {name: getattr(finding, name) for name in Finding.__slots__ if name != "hashes"}
    source = asdict(finding.source) if finding.source else None
    base = None if finding.base is None else str(finding.base)
    also = [asdict(location) for location in finding.also]
    shown = {"level": finding.level.value, "base": base, "location": asdict(finding.location), "source": source}
    return {**fields, **shown, "also": also}


def _watched(watched: Watched, findings: Sequence[Finding]) -> dict[str, Any]:
    numbers = {event.id: number for number, event in enumerate(watched.of(findings)) if event}
    events = [
        {"id": each.id, "date": each.date, "witness": each.witness, "finding": numbers.get(each.id)}
        for each in watched.events
    ]
    counts = {each.name: getattr(watched, each.name) for each in fields(watched)}
    return {**counts, "events": events, "notes": [_problem(note) for note in watched.notes]}


def _matrix(matrix: Matrix) -> dict[str, Any]:
    rows = [{"path": row.path, "marks": row.cells} for row in matrix.rows]
    return {"columns": matrix.columns, "rows": rows}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "reason": problem.reason,
        "code": problem.code,
        "exit_code": int(problem.exit_code),
        "location": asdict(problem.location),
    }
