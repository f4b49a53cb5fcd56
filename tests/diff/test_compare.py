"""Pairs of witnesses: recordings beside their contracts, and a change that is planted, found and placed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from casebook import bare, edited, interaction, recordings
from wireshape.catalog import endpoints
from wireshape.diff import compare as comparison
from wireshape.diff import witness
from wireshape.model import Level

KNOWN = endpoints.load()


@pytest.mark.parametrize("recording", [r for r in recordings() if not r.name.startswith("error")], ids=str)
def test_a_recording_is_what_its_contract_says(recording: Any) -> None:
    item = interaction(recording)
    assert item.mode
    contract = witness.of_contract(KNOWN, item.endpoint, [item.mode], "contract")
    answer = witness.observed(KNOWN, str(recording), [item])
    report = comparison.pair(KNOWN, contract, answer)
    assert {finding.rule for finding in report.findings} <= {"field-undocumented-known"}
    assert comparison.pair(KNOWN, answer, answer).findings == ()
    back = comparison.pair(KNOWN, answer, contract)
    assert [finding for finding in back.findings if finding.level is not Level.INFO] == []


V2, V3 = "usdm.rest.v2.account", "usdm.rest.v3.account"
W1, W2 = "usdm.ws.v1.account.status", "usdm.ws.v2.account.status"


@pytest.mark.parametrize(
    ("edit", "rule", "there"),
    [
        ({"set": "positions[417].adl", "to": 2}, "field-added", b"2}"),
        ({"set": "positions[417].entryPrice", "to": 0.0}, "type-changed", b"0.0,"),
        ({"set": "positions[417].updateTime", "to": "0"}, "type-changed", b'"0"'),
        ({"remove": "positions[417].maxNotional"}, "became-optional", b'{"symbol": "Z'),
        ({"set": "positions[417].maxNotional", "to": "2.5E4"}, "form-changed", b'"2.5E4"'),
        ({"set": "positions[417].leverage", "to": None}, "became-nullable", b"null,"),
        ({"set": "positions[417].positionSide", "to": "NET"}, "enum-value-added", b'"NET"'),
    ],
)
def test_a_planted_change_in_one_position_of_700_is_found_and_placed(
    edit: dict[str, Any], rule: str, there: bytes
) -> None:
    item = interaction("usdm/rest/v2/account/single-asset.one-way.all-symbols.loopback.yaml")
    changed = json.dumps(edited(json.loads(item.body), edit)).encode()
    base = witness.observed(KNOWN, "a", [item])
    (finding,) = comparison.pair(KNOWN, base, witness.observed(KNOWN, "b", [bare(item, changed)])).findings
    path = edit.get("set") or edit["remove"]
    assert (finding.rule, finding.sample, finding.count) == (rule, path, 1)
    assert finding.location.line == 1
    assert finding.location.column
    assert changed[finding.location.column - 1 :].startswith(there)


def test_envelopes_are_compared_where_both_sides_have_one() -> None:
    item = interaction("usdm/ws/v2/account.status/single-asset.one-way.loopback.yaml")
    value = json.loads(item.body)
    value["rateLimits"][0]["limit"] = "2400"
    changed = witness.observed(KNOWN, "b", [bare(item, json.dumps(value).encode())])
    contract = witness.of(KNOWN, f"contract:{W2}/single-asset.one-way")
    (finding,) = comparison.pair(KNOWN, contract, changed).findings
    assert (finding.rule, finding.path, finding.sample) == (
        "type-changed",
        "envelope.rateLimits[].limit",
        "envelope.rateLimits[0].limit",
    )
    rest = witness.of(KNOWN, f"contract:{V3}/single-asset.one-way")
    assert comparison.pair(KNOWN, rest, changed).findings == ()


def test_a_mode_is_not_made_up_for_answers_of_several() -> None:
    items = [interaction(r) for r in recordings() if "usdm/rest/v2" in str(r)]
    contract = witness.of(KNOWN, f"contract:{V2}/single-asset.one-way")
    report = comparison.pair(KNOWN, contract, witness.observed(KNOWN, "a folder", items))
    assert {finding.mode for finding in report.findings} == {None}
