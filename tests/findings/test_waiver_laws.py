"""Waivers: laws of what an entry made from a finding accepts, and what stars do to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from wireshape.findings import acceptance, ledger, waive
from wireshape.findings.acceptance import Reach
from wireshape.findings.report import Report
from wireshape.findings.waive import Selection
from wireshape.findings.waivers import ANY, Grounds, Waiver
from wireshape.model import Base, Finding, Level, Location

PAGE_FINDING = Finding(
    rule="field-removed",
    level=Level.BREAKING,
    endpoint="current",
    mode=None,
    path="a",
    message="",
    expected=None,
    actual=None,
    location=Location(file="current"),
    sample="a",
)
GROUNDS = Grounds(reason="made up", citation="made up", owner="nobody", expires=None, accepted="2020-01-01")
WORDS = st.text("ab.[]é", min_size=1, max_size=6)
FINDINGS = st.builds(
    lambda path, base, mode: Finding(
        rule="field-removed",
        level=Level.BREAKING,
        endpoint="current",
        mode=mode,
        path=path,
        message="",
        expected=None,
        actual=None,
        location=Location(file="current"),
        sample=path,
        base=base,
    ),
    WORDS,
    st.builds(lambda name: Base(name=name), WORDS),
    st.none() | WORDS,
)


def _accepting(finding: Finding) -> Waiver:
    """Give the waiver that accepts a finding, and nothing beyond it."""
    return Waiver(
        rule=finding.rule,
        base=str(finding.base),
        current=finding.endpoint,
        mode=finding.mode or ANY,
        paths=(finding.path,),
        reason="made up",
        citation="made up",
        owner="nobody",
        expires=None,
        accepted="2020-01-01",
    )


@given(FINDINGS)
def test_a_finding_is_accepted_by_a_waiver_made_from_it(finding: Finding) -> None:
    assert _accepting(finding).matches(finding, finding.path)


@given(FINDINGS, st.data())
def test_a_star_in_the_place_of_any_part_accepts_it_as_well(finding: Finding, data: st.DataObject) -> None:
    def starred(text: str) -> str:
        start = data.draw(st.integers(0, len(text)))
        return text[:start] + ANY + text[data.draw(st.integers(start, len(text))) :]

    waiver = _accepting(finding)
    wider = replace(waiver, base=starred(str(waiver.base)), mode=starred(waiver.mode))
    assert wider.matches(finding, starred(finding.path))
    assert replace(waiver, base=ANY, mode=ANY).matches(finding, ANY)


@given(FINDINGS, FINDINGS)
def test_without_a_star_no_other_finding_is_accepted(finding: Finding, other: Finding) -> None:
    waiver = _accepting(finding)
    same = (finding.base, finding.path) == (other.base, other.path) and finding.mode in {None, other.mode}
    assert waiver.matches(other, finding.path) is same


@given(FINDINGS, st.text(max_size=8), st.text(max_size=8))
def test_no_pattern_raises_and_only_a_star_is_special(finding: Finding, pattern: str, path: str) -> None:
    wanted = re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path, re.DOTALL) is not None
    assert _accepting(finding).matches(replace(finding, path=path), pattern) is wanted


def _of_page(finding: Finding, count: int) -> Finding:
    return replace(finding, base=None, edition="en", location=Location(file=f"pages/{finding.path}.md"), count=count)


def _report(*findings: Finding) -> Report:
    return Report(command="audit", checked=(), findings=findings, problems=())


def _accepted(report: Report, now: Report) -> Report:
    """Accept all of one report, and give what that leaves of another."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.json"
        waive.accept_all(file, report, Selection(), GROUNDS)
        return acceptance.apply(now, ledger.load(file), date(2026, 1, 1), Reach())


@example([_of_page(replace(PAGE_FINDING, mode=mode), 1) for mode in ("hedge", None, "hedge")])
@given(st.lists(st.builds(_of_page, FINDINGS, st.integers(1, 3)), min_size=1, max_size=5))
def test_what_is_accepted_of_a_page_leaves_nothing_open_and_one_more_is_new(findings: list[Finding]) -> None:
    report = _report(*findings)
    assert _accepted(report, report).open == []
    for finding in findings:
        assert _accepted(report, _report(*findings, replace(finding, count=1))).open


@given(st.lists(FINDINGS | st.builds(_of_page, FINDINGS, st.just(1)), min_size=1, max_size=5), FINDINGS)
def test_no_finding_of_another_place_is_accepted(findings: list[Finding], other: Finding) -> None:
    def place(each: Finding) -> tuple[object, ...]:
        return each.base, each.path, each.mode, each.location.file

    is_known = any(place(each)[:2] == place(other)[:2] and each.mode in {None, other.mode} for each in findings)
    assert bool(_accepted(_report(*findings), _report(other)).open) is not is_known
