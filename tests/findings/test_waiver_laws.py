"""Waivers: laws of what an entry made from a finding accepts, and what stars do to it."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wireshape.findings.waivers import ANY, Waiver
from wireshape.model import Base, Finding, Level, Location

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
