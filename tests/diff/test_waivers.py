"""Accepted drift: what a waiver waives, when it no longer does, and that every report says the same of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from casebook import cases, put
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.diff import lineage, waivers
from wireshape.diff.waivers import Waiver
from wireshape.findings.report import Report
from wireshape.model import Finding, Level
from wireshape.reports import FORMATS, View, render

DAY = date(2026, 11, 20)
LINEAGE = lineage.compare(endpoints.load())
LOST = Waiver(
    rule="field-removed",
    base="usdm.rest.v2.account",
    current="usdm.rest.v3.account",
    mode="*",
    path="positions[].leverage",
    reason="moved to symbolConfig",
    citation="the change log",
    owner="somebody",
    expires=None,
    accepted="2026-01-01",
)
GONE = replace(LOST, path="positions[].neverThere", reason="nothing of the kind")


def _applied(*entries: Waiver, whole: bool = True) -> Report:
    return waivers.apply(LINEAGE, entries, DAY, whole=whole)


def _waived(report: Report) -> set[str]:
    return {finding.path for finding in report.findings if finding.waiver}


def _about(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def test_a_waiver_waives_its_finding_and_no_other() -> None:
    assert _waived(_applied(LOST)) == {"positions[].leverage"}
    assert _waived(_applied(replace(LOST, base="usdm.ws.v1.account.status"))) == set()
    assert _waived(_applied(replace(LOST, rule="field-added"))) == set()


def test_a_star_in_the_path_stands_for_anything_and_nothing_else_does() -> None:
    assert "positions[].isolated" in _waived(_applied(replace(LOST, path="positions[].*")))
    assert _waived(_applied(replace(LOST, path="positions[]?leverage"))) == set()
    assert _waived(_applied(replace(LOST, path="leverage"))) == set()
    assert _waived(_applied(replace(LOST, path="*"))) > {"feeTier", "assets[].marginAvailable"}


def test_a_mode_waives_the_findings_of_that_mode() -> None:
    ws = replace(LOST, base="usdm.ws.v1.account.status", current="usdm.ws.v2.account.status", path="*marginAvailable")
    for pattern, count in (("single-asset.*", 2), ("single-asset.hedge", 1), ("multi-assets.*", 0), ("*", 2)):
        report = _applied(replace(ws, mode=pattern))
        assert sum(1 for finding in report.findings if finding.waiver) == count, pattern


@pytest.mark.parametrize(("expires", "waives"), [("2026-11-20", True), ("2026-11-19", False), (None, True)])
def test_a_waiver_waives_to_the_end_of_its_last_day(expires: str | None, waives: bool) -> None:  # noqa: FBT001
    report = _applied(replace(LOST, expires=expires))
    assert bool(_waived(report)) is waives
    assert bool(_about(report, "waiver-expired")) is not waives
    assert report.exit_code(Level.BREAKING) == 1


def test_a_waiver_that_matches_nothing_is_stale_in_a_whole_lineage_alone() -> None:
    assert [finding.path for finding in _about(_applied(LOST, GONE), "waiver-stale")] == [GONE.path]
    assert _about(_applied(GONE, whole=False), "waiver-stale") == []


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same_of_a_waived_a_new_and_a_stale_entry(form: str) -> None:
    ledger = waivers.load(waivers.LEDGER)
    new = [waiver for waiver in ledger if waiver.path != "feeTier"]
    report = waivers.apply(LINEAGE, [*new, GONE], DAY, whole=True)
    text = render(report, form, View(width=200))
    waived = len(_waived_findings(report))
    assert waived == len(LINEAGE.findings) - 2
    if form == "json":
        document = json.loads(text)
        found = {(f["rule"], f["path"]) for f in document["findings"] if not f["waiver"]}
        assert (document["summary"]["waived"], document["summary"]["breaking"]) == (waived, 2)
        assert sum(1 for finding in document["findings"] if finding["waiver"]) == waived
    else:
        text = text.replace("\\", "")
        lines = [line for line in text.splitlines() if "(accepted: " not in line]
        pairs = [("field-removed", "feeTier"), ("waiver-stale", GONE.path)]
        found = {pair for pair in pairs if any(all(word in line for word in pair) for line in lines)}
        found |= {pair for pair in pairs if pair[0] in text and f"{pair[1]}: " in text}
        counts = {"accepted": waived} if form == "text" else {"waived": waived}
        for name, count in (counts | {"breaking": 2, "info": 1}).items():
            assert re.search(rf"\b{count} {name}\b|\b{name}: {count}\b", text), name
    assert found == {("field-removed", "feeTier"), ("waiver-stale", GONE.path)}


def _waived_findings(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.waiver]


@given(st.text("ab.*[]", max_size=8), st.text("ab.[]", max_size=8))
def test_patterns_match_as_stars_do(pattern: str, path: str) -> None:
    finding = replace(LINEAGE.findings[0], path=path, mode=None)
    waiver = replace(LOST, rule=finding.rule, base=str(finding.base or ""), current=finding.endpoint, path=pattern)
    assert waiver.matches(finding) is _matches(pattern, path)


def _matches(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _matches(pattern[1:], text) or bool(text and _matches(pattern, text[1:]))
    return bool(text) and text[0] == pattern[0] and _matches(pattern[1:], text[1:])


def _run(*args: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="wireshape", env={"COLUMNS": "160"})


def test_waive_writes_an_entry_that_the_next_diff_keeps(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    waivers.save(file, [waiver for waiver in waivers.load(waivers.LEDGER) if waiver.path != "positions[].leverage"])
    ledger = ["--waivers", str(file)]
    assert _run("diff", *ledger).exit_code == 1
    told = ["--reason", "known", "--citation", "a page", "--owner", "me", "--expires", "2099-01-01"]
    for side, other in (
        ("usdm.rest.v2.account", "usdm.rest.v3.account"),
        ("usdm.ws.v1.account.status", "usdm.ws.v2.account.status"),
    ):
        run = _run("waive", "field-removed", side, other, "positions[].leverage", *told, *ledger)
        assert (run.exit_code, run.output) == (0, "accepted 1 finding\n")
    assert _run("diff", *ledger).exit_code == 0
    assert waivers.load(file)[-1].expires == "2099-01-01"
    assert waivers.load(file)[-1].accepted == waivers.today().isoformat()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            ["field-removed", "usdm.rest.v2.account", "usdm.rest.v3.account", "assets[].asset"],
            "no finding field-removed",
        ),
        (["field-eaten", "usdm.rest.v2.account", "usdm.rest.v3.account", "feeTier"], "no rule 'field-eaten'"),
        (["field-removed", "a", "b", "feeTier", "--expires", "tomorrow"], "waive: entry 1: "),
        (
            ["field-removed", "a", "b", "feeTier", "--expires", "2026-02-30"],
            "expires is '2026-02-30', which is no date",
        ),
        ([LOST.rule, LOST.base, LOST.current, LOST.path, "--expires", "2020-01-01"], "2020-01-01 is over"),
        ([LOST.rule, LOST.base, LOST.current, LOST.path, "--reason", ""], "waive: entry 1: "),
        ([LOST.rule, LOST.base, LOST.current, LOST.path, "--reason", "a\udcff"], "waive: "),
    ],
)
def test_waive_refuses_what_waives_nothing(tmp_path: Path, args: list[str], words: str) -> None:
    file = tmp_path / "waivers.json"
    waivers.save(file, [])
    run = _run("waive", "--reason", "r", "--citation", "c", "--owner", "o", "--waivers", str(file), *args)
    assert run.exit_code == 2
    assert words in run.output
    assert waivers.load(file) == ()


def test_waive_again_renews_an_entry(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    waivers.save(file, [GONE, replace(LOST, expires="2020-01-01")])
    told = ["--reason", "still so", "--citation", "c", "--owner", "o", "--waivers", str(file)]
    run = _run("waive", LOST.rule, LOST.base, LOST.current, LOST.path, *told)
    assert run.exit_code == 0, run.output
    renewed = replace(LOST, reason="still so", citation="c", owner="o")
    assert waivers.load(file) == (GONE, renewed)


def test_a_ledger_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    told = ["--reason", "r", "--citation", "c", "--owner", "o", "--waivers", str(tmp_path / "no" / "w.json")]
    run = _run("waive", LOST.rule, LOST.base, LOST.current, LOST.path, *told)
    assert run.exit_code == 2
    assert run.output == "wireshape: w.json: No such file or directory\n"


def test_a_pattern_of_many_stars_costs_no_time() -> None:
    assert not replace(LOST, path="*" * 2000 + "Z").matches(replace(LINEAGE.findings[0], path="a" * 2000))


def test_waivers_lists_states_and_prunes_what_is_stale(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    waivers.save(file, [LOST, GONE, replace(LOST, path="feeTier", expires="2020-01-01")])
    listed = _run("waivers", "--waivers", str(file)).output
    states = [line[:9].strip() for line in listed.splitlines() if not line.startswith(" ")]
    assert states == ["in force", "stale", "expired"]
    assert "\\n" not in listed
    assert "\\n" not in _run("waivers").output
    assert _run("waivers", "--prune", "--waivers", str(file)).output == "removed 1 of 3\n"
    assert GONE not in waivers.load(file)
    assert len(waivers.load(file)) == 2


def test_the_shipped_ledger_cites_a_source_for_each_entry() -> None:
    for waiver in waivers.load(waivers.LEDGER):
        assert waiver.citation.startswith(("https://", "test data of ")), waiver


@pytest.mark.parametrize("case", cases("command-lines/diff"))
def test_input(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in case["files"].items():
        put(tmp_path / name, content)
    run = _run("diff", *case["args"])
    assert run.exit_code == case["exit"], run.output
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    for line in case["lines"]:
        assert line in run.output
