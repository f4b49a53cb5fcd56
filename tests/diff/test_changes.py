"""Shapes and their differences: cases for each rule, laws that hold for all, and the lineage as it is documented."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import CASES, SHARED, bare, cases, edited, interaction, recordings
from wireshape.catalog import endpoints
from wireshape.diff import compare as comparison
from wireshape.diff import shape, witness
from wireshape.diff.changes import compare
from wireshape.diff.shape import Shape
from wireshape.findings import describe, rules
from wireshape.model import Field, Level

KNOWN = endpoints.load()
FUZZ = settings(max_examples=200, deadline=None)


def _shape(told: dict[str, Any]) -> Shape:
    if "contract" in told:
        return shape.of_contract("a contract", told["contract"], told.get("membership"))
    return shape.of_bodies("answers", told["bodies"])


@pytest.mark.parametrize("case", cases("diff"))
def test_case(case: dict[str, Any]) -> None:
    found = compare(_shape(case["base"]), _shape(case["current"])).changes
    wanted = case["changes"]
    assert sorted((c.kind, c.path) for c in found) == sorted((c["kind"], c["path"]) for c in wanted)
    by_place = {(change.kind, change.path): change for change in found}
    for each in wanted:
        change = by_place[each["kind"], each["path"]]
        words = {side: describe.operands((getattr(change, side),), ()) for side in ("base", "current")}
        seen = {"kind": change.kind, "path": change.path, "rename": change.rename, **words}
        assert {name: seen[name] for name in each} == each


def test_every_rule_has_a_case_that_fires_and_one_that_stays_silent() -> None:
    for rule in (rule.id for rule in rules.load().values() if rule.family == "diff"):
        (group,) = json.loads((CASES / "diff" / f"{rule}.json").read_text("utf-8"))
        fires = [rule in {change["kind"] for change in test["changes"]} for test in group["tests"]]
        assert any(fires), rule
        assert not all(fires), rule


leaves = st.none() | st.booleans() | st.integers(-5, 2**45) | st.floats(allow_nan=False) | st.text(max_size=4)
leaves |= st.sampled_from(["0", "1.5", "-2.8E-4", "", "BOTH", "7", 0, 1, True, 1.0])
payloads = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=20,
)
bodies = st.lists(st.dictionaries(st.sampled_from("abcd"), payloads, max_size=4), min_size=1, max_size=3)
exact_fields = st.builds(
    Field,
    types=st.frozensets(st.sampled_from(["string", "integer", "null"]), min_size=1),
    forms=st.frozensets(st.sampled_from(["fixed", "integer", "text"])),
    required=st.booleans(),
    values=st.none() | st.frozensets(st.sampled_from("AB"), min_size=1),
    evidence=st.sampled_from(["documented", "undocumented", "withdrawn"]),
)
exact = st.builds(
    Shape,
    name=st.just("a contract"),
    exact=st.just(value=True),
    fields=st.dictionaries(st.sampled_from(["a", "b", "p", "p[]", "p[].a", "p[].b"]), exact_fields),
    membership=st.sampled_from([None, "all-symbols", "open-symbols"]),
)
observed = st.builds(lambda found: shape.of_bodies("answers", found), bodies)


@FUZZ
@given(exact | observed)
def test_nothing_differs_from_itself(known: Shape) -> None:
    assert compare(known, known).changes == ()


@FUZZ
@given(bodies, st.randoms())
def test_the_order_of_answers_does_not_matter(found: list[Any], random: Any) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert compare(shape.of_bodies("a", found), shape.of_bodies("b", shuffled)).changes == ()


@FUZZ
@given(st.tuples(exact, exact) | st.tuples(observed, observed))
def test_swapping_sides_swaps_what_is_lost_and_gained(sides: tuple[Shape, Shape]) -> None:
    base, current = sides
    pairs = {"field-removed": "field-added", "membership-changed": "membership-changed"}
    pairs |= {"enum-value-added": "enum-value-removed", "evidence-changed": "evidence-changed"}
    there = {(change.kind, change.path) for change in compare(base, current).changes}
    back = {(change.kind, change.path) for change in compare(current, base).changes}
    for kind, opposite in pairs.items():
        assert {path for k, path in there if k == kind} == {path for k, path in back if k == opposite}, kind


@FUZZ
@given(st.lists(exact, min_size=1, max_size=3))
def test_merging_is_symmetric_and_associative(shapes: list[Shape]) -> None:
    whole = shape.merged("all", shapes)
    for order in permutations(shapes):
        assert shape.merged("all", order).fields == whole.fields
    if len(shapes) == 3:
        left = shape.merged("left", shapes[:2])
        assert shape.merged("all", [left, shapes[2]]).fields == whole.fields


@FUZZ
@given(bodies)
def test_an_answer_differs_in_nothing_from_itself_and_its_parts_only_in_presence(found: list[Any]) -> None:
    whole = shape.of_bodies("all", found)
    for each in found:
        kinds = {change.kind for change in compare(whole, shape.of_bodies("one", [each])).changes}
        assert kinds <= {"field-removed", "became-required"}


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


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, other people's data that is not committed")
@pytest.mark.parametrize(
    ("name", "contract", "expected"),
    [
        (
            "anon__fapi-v2-account__hedge-mainnet-2024-10.json",
            f"{V2}/single-asset.hedge",
            {"positions[].breakEvenPrice": 1, "positions[].notional": 1, "positions[].isolatedWallet": 1},
        ),
        (
            "roq-binance-futures__ws-account.status__1.json",
            f"{W1}/single-asset.one-way",
            {"feeBurn": 1, "positions[].breakEvenPrice": 2, "positions[].notional": 2, "positions[].isolatedWallet": 2},
        ),
        ("zenhive-bourse__dapi-v1-account__1.json", "coinm.rest.v1.account/hedge", {"positions[].isolatedWallet": 96}),
        ("zenhive-bourse__fapi-v3-account__1.json", f"{V3}/multi-assets.one-way", {}),
    ],
)
def test_real_answers_have_each_undocumented_field_once(name: str, contract: str, expected: dict[str, int]) -> None:
    endpoint = KNOWN.get(contract.partition("/")[0])
    answer = witness.of(KNOWN, str(SHARED / "corpus" / "responses" / name), endpoint)
    report = comparison.pair(KNOWN, witness.of(KNOWN, f"contract:{contract}"), answer)
    assert {finding.rule for finding in report.findings} <= {"field-undocumented-known"}
    assert {finding.path: finding.count for finding in report.findings} == expected


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


def test_words_of_a_field_say_what_is_special() -> None:
    named = Field(types=frozenset(["string"]), values=frozenset(["B", "A"]))
    assert describe.operands((named,), ()) == '"A" or "B"'
    optional = Field(types=frozenset(["null", "string"]), required=False)
    assert describe.operands((optional,), ()) == "null or string, optional"
