"""Accepted drift: what a waiver waives, when it no longer does, and that every report says the same of it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entries import GONE, LOST
from wireshape.catalog import endpoints
from wireshape.diff import lineage
from wireshape.findings import acceptance, ledger
from wireshape.findings.acceptance import Reach
from wireshape.findings.ledger import Ledger
from wireshape.findings.report import Report
from wireshape.findings.waivers import Waiver
from wireshape.model import Finding, Level
from wireshape.reports import FORMATS, View, render

DAY = date(2026, 11, 20)
LINEAGE = lineage.compare(endpoints.load())


def _row(entry: Waiver) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if value is not None or name == "expires"}


def _ledger(*entries: Waiver) -> Ledger:
    document = {"version": 1, "waivers": [_row(entry) for entry in entries]}
    return ledger.parse(json.dumps(document, indent=1).encode(), "my.json")


def _applied(*entries: Waiver, whole: bool = True) -> Report:
    return acceptance.apply(LINEAGE, _ledger(*entries), DAY, Reach(lineage=whole))


def _without(path: str) -> list[Waiver]:
    """Give the entries of the shipped ledger without a path."""
    found = [(each, [other for other in each.paths if other != path]) for each in ledger.load(ledger.LEDGER).waivers]
    return [replace(each, paths=tuple(rest)) for each, rest in found if rest]


def _waived(report: Report) -> set[str]:
    return {finding.path for finding in report.findings if finding.waiver}


def _about(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def test_a_waiver_waives_its_finding_and_no_other() -> None:
    assert _waived(_applied(LOST)) == {"positions[].leverage"}
    assert _waived(_applied(replace(LOST, base="usdm.ws.v1.account.status"))) == set()
    assert _waived(_applied(replace(LOST, rule="field-added"))) == set()


def test_a_star_in_the_path_stands_for_anything_and_nothing_else_does() -> None:
    assert "positions[].isolated" in _waived(_applied(replace(LOST, paths=("positions[].*",))))
    assert _waived(_applied(replace(LOST, paths=("positions[]?leverage",)))) == set()
    assert _waived(_applied(replace(LOST, paths=("leverage",)))) == set()
    assert _waived(_applied(replace(LOST, paths=("*",)))) > {"feeTier", "assets[].marginAvailable"}


def test_a_mode_waives_the_findings_of_that_mode() -> None:
    ws = replace(
        LOST, base="usdm.ws.v1.account.status", current="usdm.ws.v2.account.status", paths=("*marginAvailable",)
    )
    for pattern, count in (("single-asset.*", 2), ("single-asset.hedge", 1), ("multi-assets.*", 0), ("*", 2)):
        report = _applied(replace(ws, mode=pattern))
        assert sum(1 for finding in report.findings if finding.waiver) == count, pattern


@pytest.mark.parametrize(("expires", "waives"), [("2026-11-20", True), ("2026-11-19", False), (None, True)])
def test_a_waiver_waives_to_the_end_of_its_last_day(expires: str | None, waives: bool) -> None:  # noqa: FBT001
    report = _applied(replace(LOST, expires=expires))
    assert bool(_waived(report)) is waives
    assert bool(_about(report, "waiver-expired")) is not waives
    assert report.exit_code(Level.BREAKING) == 1


def test_one_waiver_waives_all_its_paths_and_is_stale_for_those_that_match_nothing() -> None:
    report = _applied(replace(LOST, paths=("feeTier", *GONE.paths, "positions[].leverage")))
    assert _waived(report) == {"feeTier", "positions[].leverage"}
    assert [finding.path for finding in _about(report, "waiver-stale")] == [*GONE.paths]


@pytest.mark.parametrize("rule", ["waiver-stale", "waiver-expired"])
def test_a_stale_or_expired_waiver_is_found_in_its_own_file_and_line(rule: str) -> None:
    text = """{"version": 1, "waivers": [
      {"rule": "field-removed", "base": "usdm.rest.v2.account", "current": "usdm.rest.v3.account", "mode": "*",
       "path": "feeTier", "reason": "r", "citation": "c", "owner": "o", "expires": null, "accepted": "2026-01-01"},
      {"rule": "field-removed", "base": "usdm.rest.v2.account", "current": "usdm.rest.v3.account", "mode": "*",
       "paths": ["canTrade",
                 "never"], "reason": "r", "citation": "c", "owner": "o", "expires": EXPIRES, "accepted": "2026-01-01"}
    ]}"""
    text = text.replace("EXPIRES", '"2026-11-19"' if rule == "waiver-expired" else "null")
    report = acceptance.apply(LINEAGE, ledger.parse(text.encode(), "ledgers/my.json"), DAY, Reach(lineage=True))
    found = [str(finding.location) for finding in _about(report, rule)]
    assert found == ["ledgers/my.json:5:18", "ledgers/my.json:6:18"][rule == "waiver-stale" :]


def test_a_path_of_the_form_before_lists_is_placed_at_its_entry() -> None:
    text = json.dumps({"version": 1, "waivers": [_of_one_path(GONE)]}, indent=1)
    accepted = ledger.parse(text.encode(), "my.json")
    assert accepted.waivers == (GONE,)
    (found,) = _about(acceptance.apply(LINEAGE, accepted, DAY, Reach(lineage=True)), "waiver-stale")
    assert str(found.location) == "my.json:4:3"


def _of_one_path(waiver: Waiver) -> dict[str, Any]:
    row = _row(waiver)
    (row["path"],) = row.pop("paths")
    return row


def test_the_shipped_ledger_has_no_two_entries_that_differ_by_their_paths_alone() -> None:
    entries = ledger.load(ledger.LEDGER).waivers
    assert len({replace(each, paths=()) for each in entries}) == len(entries)
    assert sum(len(each.paths) for each in entries) == len(
        {(replace(e, paths=()), p) for e in entries for p in e.paths}
    )


def test_the_shipped_ledger_cites_a_source_for_each_entry() -> None:
    for waiver in ledger.load(ledger.LEDGER).waivers:
        assert waiver.citation.startswith(("https://", "test data of ")), waiver


def test_a_pattern_of_many_stars_costs_no_time() -> None:
    assert not LOST.matches(replace(LINEAGE.findings[0], path="a" * 2000), "*" * 2000 + "Z")


def test_a_waiver_that_matches_nothing_is_stale_in_a_whole_lineage_alone() -> None:
    assert [finding.path for finding in _about(_applied(LOST, GONE), "waiver-stale")] == [*GONE.paths]
    assert _about(_applied(GONE, whole=False), "waiver-stale") == []


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same_of_a_waived_a_new_and_a_stale_entry(form: str) -> None:
    report = _applied(*_without("feeTier"), GONE)
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
        pairs = [("field-removed", "feeTier"), ("waiver-stale", GONE.paths[0])]
        found = {pair for pair in pairs if any(all(word in line for word in pair) for line in lines)}
        found |= {pair for pair in pairs if pair[0] in text and f"{pair[1]}: " in text}
        counts = {"accepted": waived} if form == "text" else {"waived": waived}
        for name, count in (counts | {"breaking": 2, "info": 1}).items():
            assert re.search(rf"\b{count} {name}\b|\b{name}: {count}\b", text), name
    assert found == {("field-removed", "feeTier"), ("waiver-stale", GONE.paths[0])}


def _waived_findings(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.waiver]


@given(st.text("ab.*[]", max_size=8), st.text("ab.[]", max_size=8))
def test_patterns_match_as_stars_do(pattern: str, path: str) -> None:
    finding = replace(LINEAGE.findings[0], path=path, mode=None)
    waiver = replace(LOST, rule=finding.rule, base=str(finding.base or ""), current=finding.endpoint)
    assert waiver.matches(finding, pattern) is _matches(pattern, path)


def _matches(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _matches(pattern[1:], text) or bool(text and _matches(pattern, text[1:]))
    return bool(text) and text[0] == pattern[0] and _matches(pattern[1:], text[1:])
