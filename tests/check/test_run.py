"""Every rule, by cases that fire it and cases that stay silent."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from casebook import CASES, cases, prepared
from wireshape.catalog import endpoints, invariants
from wireshape.check.engines import ENGINES
from wireshape.check.run import check
from wireshape.findings.report import Report


def _report(case: dict[str, Any], engine: str) -> Report:
    asked: dict[str, Any] = {name: date.fromisoformat(case[name]) for name in ("now", "as_of") if name in case}
    asked |= {"max_age": case["max_age"]} if "max_age" in case else {}
    return check([prepared(case)], endpoints.load(), engine, **asked)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", cases("check"))
def test_case(case: dict[str, Any], engine: str) -> None:
    report = _report(case, engine)
    (entry,) = report.checked
    found = [{name: getattr(finding, name) for name in wanted} for finding, wanted in _paired(report, case["findings"])]
    assert found == case["findings"]
    assert len(report.findings) == len(case["findings"])
    assert entry.mode == case.get("expect_mode", entry.mode)
    assert list(entry.fits) == case.get("expect_fits", list(entry.fits))
    assert entry.verdict == case.get("expect_verdict", entry.verdict)
    assert [entry.as_of, entry.as_of_source] == case.get("expect_as_of", [entry.as_of, entry.as_of_source])


def _paired(report: Report, wanted: list[dict[str, Any]]) -> Any:
    """Pair findings and expectations by rule and path; both sides may repeat a pair, in order."""
    left = list(report.findings)
    for each in wanted:
        match = next((f for f in left if (f.rule, f.path) == (each["rule"], each["path"])), None)
        assert match, f"{each} is not among {[(f.rule, f.path) for f in left]}"
        left.remove(match)
        yield match, each


def test_every_invariant_has_a_case_named_for_it() -> None:
    for invariant in invariants.load(endpoints.load().schemas):
        rule = "invariant-doubtful" if invariant.doubt else "invariant-broken"
        groups = json.loads((CASES / "check" / f"{rule}.json").read_text("utf-8"))
        named = {
            re.split(r"[:, ]", test["description"])[0]
            for group in groups
            for test in group["tests"]
            for finding in test["findings"]
            if finding["rule"] == rule
        }
        assert invariant.id in named


def test_a_bare_body_says_line_and_column() -> None:
    body = '{\n "positions": [],\n "assets": [{"asset": 5}]\n}'
    case = {"recording": "usdm/rest/v3/account/single-asset.one-way.loopback.yaml", "bare": True, "body": body}
    findings = {(f.rule, f.path): f.location for f in _report(case, "fast").findings}
    mistyped = findings["type-mismatch", "assets[].asset"]
    missing = findings["field-missing", "assets[].walletBalance"]
    assert (mistyped.line, mistyped.column) == (3, 23)
    assert (missing.line, missing.column) == (3, 13)


def test_modes_that_fail_differently_do_not_cancel_out() -> None:
    # BOTH breaks hedge and LONG breaks one-way; a body with one of each is clean in neither.
    rec = "usdm/rest/v3/account/single-asset.one-way.loopback.yaml"
    sides = [{"set": "positions[1].positionSide", "to": "LONG"}, {"remove": "positions[2]"}]
    report = _report({"recording": rec, "mode": None, "edits": sides}, "fast")
    assert {finding.rule for finding in report.findings if finding.level == "breaking"} == {"mode-mismatch"}
    assert report.checked[0].verdict == "breaking"
