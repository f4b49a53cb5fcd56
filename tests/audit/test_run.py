"""The audit: every rule by small pages that fire it and pages that do not, other markup, and bad input."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from auditing import page, report
from casebook import cases, put
from wireshape.cli.main import cli
from wireshape.model import Finding


def _found(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {"rule": finding.rule, "path": finding.sample, "line": place.line, "column": place.column}


@pytest.mark.parametrize("case", cases("audit"))
def test_case(case: dict[str, Any]) -> None:
    found = report(case)
    assert [_found(finding) for finding in found.findings] == case["findings"]
    assert [problem.reason for problem in found.problems] == case.get("problems", [])


@pytest.mark.parametrize("case", cases("audit"))
def test_the_caret_is_below_the_place_that_is_named(case: dict[str, Any]) -> None:
    texts = {each["page"]: page(each).source for each in (*case.get("base", ()), *case["pages"])}
    for finding in report(case).findings:
        assert finding.source
        line, column = finding.location.line, finding.location.column
        assert line
        assert column
        whole = texts[finding.location.file].text.split("\n")[line - 1]
        assert finding.source.caret is not None
        there = whole[column - 1 : column].strip()
        shown = finding.source.line[finding.source.caret :]
        assert not there or shown.startswith((there, "\\u")), finding


FORMATS = ["fenced.en.md", "pasted.en.txt", "docusaurus.en.html", "one-line.en.txt"]


@pytest.mark.parametrize(("older", "newer"), list(permutations(FORMATS, 2)))
def test_other_markup_is_no_change(older: str, newer: str) -> None:
    found = report({"pages": [{"page": newer, "replace": []}], "base": [{"page": older, "replace": []}]})
    assert (found.findings, found.problems) == ((), ())


def _run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["audit", *map(str, args)], prog_name="wireshape", env={"COLUMNS": "80"})


@pytest.mark.parametrize("case", cases("command-lines/audit"))
def test_input(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in case["files"].items():
        put(tmp_path / name, content)
    run = _run(*case["args"])
    assert run.exit_code == case["exit"], run.output
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    for line in case["lines"]:
        assert line in run.output


def test_a_finding_says_every_place(tmp_path: Path) -> None:
    rows = ",\n".join(f'  {{"asset": "{name}", "newField": "1"}}' for name in "ABC")
    page_file = tmp_path / "page.md"
    page_file.write_text(f'GET `/fapi/v3/account`\n\n```json\n{{"assets": [\n{rows}\n]}}\n```\n', "utf-8")
    found = json.loads(_run(page_file, "--format", "json").stdout)["findings"]
    (unknown,) = (finding for finding in found if finding["rule"] == "example-field-unknown")
    assert (unknown["count"], unknown["location"]["line"]) == (3, 5)
    assert [place["line"] for place in unknown["also"]] == [6, 7]
    assert "page.md:7:30\n" in _run(page_file).output
    (missing,) = (finding for finding in found if finding["path"] == "assets[].walletBalance")
    assert [place["line"] for place in missing["also"]] == [6, 7]
