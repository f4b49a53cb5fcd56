"""Both engines say the same of everything, and nothing that a body may hold makes a check raise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook import bare, cases, interaction, prepared, recordings
from strategies import VALUES, paths_of
from wireshape.catalog import contracts, endpoints
from wireshape.check import engines
from wireshape.check.failures import REQUIRED, Failure
from wireshape.check.run import check
from wireshape.findings.report import Report
from wireshape.jsontext import paths
from wireshape.model import Interaction

KNOWN = endpoints.load()
SMALL = [str(recording) for recording in recordings() if len(interaction(recording).body) < 10_000]


def _verdict(report: Report) -> Any:
    return [replace(finding, expected=None, message="") for finding in report.findings], report.checked, report.problems


def _same(item: Interaction) -> None:
    assert _verdict(check([item], KNOWN, "fast")) == _verdict(check([item], KNOWN, "reference"))


@pytest.mark.parametrize("recording", recordings(), ids=str)
def test_engines_agree_on_recordings(recording: Any) -> None:
    item = interaction(recording)
    _same(item)
    _same(replace(item, mode=None))


@pytest.mark.parametrize("case", cases("check"))
def test_engines_agree_on_cases_in_every_mode(case: dict[str, Any]) -> None:
    item = prepared(case)
    for mode in item.endpoint.modes:
        _same(replace(item, mode=mode))


@pytest.mark.parametrize("case", cases("forms"))
def test_engines_agree_on_forms(case: dict[str, Any]) -> None:
    item = interaction("usdm/rest/v2/account/single-asset.one-way.loopback.yaml")
    value = json.loads(item.body)
    value["assets"][0]["walletBalance"] = value["feeTier"] = value["updateTime"] = case["data"]
    value["positions"][0]["symbol"] = value["positions"][1]["positionSide"] = case["data"]
    _same(replace(item, body=json.dumps(value).encode()))


@st.composite
def mutants(draw: st.DrawFn) -> Interaction:
    """A recorded body with a few values replaced, dropped, doubled or added."""
    item = interaction(draw(st.sampled_from(SMALL)))
    try:
        value = json.loads(item.body)
    except ValueError:
        value = None
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(paths_of(value)))
        if not path:
            value = draw(VALUES | st.just(value))
            continue
        parent = paths.at(value, path[:-1])
        match draw(st.sampled_from(["replace", "drop", "add"])):
            case "replace":
                parent[path[-1]] = draw(VALUES)
            case "drop":
                del parent[path[-1]]
            case _ if isinstance(parent, list):
                parent.append(draw(VALUES))
            case _:
                parent[draw(st.text(max_size=8))] = draw(VALUES)
    mode = draw(st.sampled_from([None, *item.endpoint.modes]))
    return replace(item, body=json.dumps(value).encode(), mode=mode)


@given(mutants())
def test_engines_agree_on_damaged_answers(item: Interaction) -> None:
    _same(item)


@given(mutants(), st.integers(0, 10_000), st.binary(max_size=6))
def test_no_bytes_make_a_check_raise(item: Interaction, at: int, junk: bytes) -> None:
    at %= len(item.body) + 1
    body = item.body[:at] + junk + item.body[at + len(junk) :]
    report = check([bare(item, body)], KNOWN)
    assert len(report.checked) == 1
    assert all(finding.location.line and finding.location.column for finding in report.findings)


def test_deep_nesting_is_told_alike_by_both_engines() -> None:
    item = interaction("usdm/rest/v3/account/single-asset.one-way.loopback.yaml")
    for depth, readable in ((100, True), (127, True), (129, False), (1000, False), (100_000, False)):
        deep = b"[" * depth + b"]" * depth
        body = replace(item, body=item.body.replace(b"{", b'{"deep":' + deep + b",", 1))
        _same(body)
        (finding,) = check([body], KNOWN).findings
        assert finding.rule == ("field-undocumented" if readable else "body-not-json")


def test_each_engine_judges_by_its_own_means() -> None:
    # fast reads the flat schema, reference the files: what they share is the contract, not the code.
    contract = contracts.load(KNOWN, KNOWN.endpoints[0], KNOWN.endpoints[0].modes[0])
    missing = [Failure((name,), REQUIRED) for name in contract.schema["required"]]
    assert engines.fast(contract, {}) == engines.reference(contract, {}) == missing
