"""A disguised answer is as good a specimen as the true one, and gives none of its amounts away."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import cases, interaction, recordings
from composed_accounts import composed, decimal
from specimens import expected
from wireshape import resources
from wireshape.catalog import contracts, endpoints
from wireshape.catalog.field import Field
from wireshape.check import engines
from wireshape.check.run import check
from wireshape.diff import shape
from wireshape.disguise import amounts, members
from wireshape.disguise.answers import Disguise
from wireshape.disguise.members import Role
from wireshape.disguise.privacy import Privacy
from wireshape.jsontext.scalars import leaves
from wireshape.model import Finding, Interaction, Location
from wireshape.scan import scanner

KNOWN = endpoints.load()
MEMBERS = members.load(resources.SCHEMAS)
LEAN = "usdm.rest.v3.account"
SEED = b"a seed of the tests"
_FEW_DIGITS = 7
LEVELS = pytest.mark.parametrize("privacy", list(Privacy))


def _bare(endpoint: str, body: bytes, mode: str | None = None) -> Interaction:
    known = KNOWN.get(endpoint)
    stated = KNOWN.mode(known, mode) if mode else None
    place = Location(file="body")
    return Interaction(endpoint=known, mode=stated, origin=None, status=None, body=body, location=place)


def _kept(item: Interaction) -> tuple[Finding, ...]:
    """Find what a disguise keeps: it draws sizes and prices apart."""
    return check([replace(item, disguised=True)], KNOWN).findings


def _findings(item: Interaction) -> list[tuple[str, str, int]]:
    return sorted((finding.rule, finding.path, finding.count) for finding in _kept(item))


def _amounts(body: bytes) -> list[tuple[str, amounts.Amount]]:
    found = [leaf for leaf in leaves(body.decode()) if leaf.name in MEMBERS.ranges]
    return [(leaf.name, amount) for leaf in found if (amount := amounts.parse(leaf.text))]


def _form(amount: amounts.Amount) -> tuple[object, ...]:
    notation = amount.notation
    return notation.negative, notation.places, notation.letter, bool(amount.size)


def _shape(value: Any) -> dict[str, Field]:
    fields = {path: replace(seen, values=None) for path, seen in shape.of_bodies("", [value]).fields.items()}
    # The one member that may become 0, which has no form, or cease to be.
    return {
        path: replace(seen, forms=frozenset()) if path.endswith("feeTier") else seen for path, seen in fields.items()
    }


def _require_faithful(item: Interaction, other: bytes) -> None:
    """Hold a disguised answer against the true one: finding by finding, form by form, amount by amount."""
    item = replace(item, request_id=None)  # the id of the frame is made up as well
    assert _findings(replace(item, body=other)) == _findings(item)
    assert _shape(json.loads(other)) == _shape(json.loads(item.body))
    left, right = _amounts(item.body), _amounts(other)
    assert Counter((name, _form(amount)) for name, amount in left) == Counter(
        (name, _form(each)) for name, each in right
    )
    # Amounts of few digits may be drawn again by chance.
    long = {amount.size for _, amount in left if len(str(amount).strip("-0.").replace(".", "")) > _FEW_DIGITS}
    assert not long & {amount.size for _, amount in right}


@LEVELS
@pytest.mark.parametrize("recording", recordings(), ids=str)
def test_a_bundled_recording_stays_what_it_is(recording: Path, privacy: Privacy) -> None:
    item = interaction(recording)
    other = Disguise(SEED, privacy=privacy)(item.endpoint, item.body)
    assert other == Disguise(SEED, privacy=privacy)(item.endpoint, item.body)
    if not item.body.startswith(b"<"):
        _require_faithful(item, other)
    if not item.expects_error:
        assert other != Disguise(privacy=privacy)(item.endpoint, item.body)
        assert item.mode
        assert engines.reference(contracts.load(KNOWN, item.endpoint, item.mode), json.loads(other)) == []


SPECIMENS = [each for each in expected("checks") if each.values[0].suffix == ".json"]


@pytest.mark.parametrize(("file", "wanted"), SPECIMENS)
@LEVELS
@pytest.mark.parametrize("seed", [b"1", b"2", b"3"])
def test_a_specimen_stays_what_it_is(file: Path, wanted: dict[str, Any], seed: bytes, privacy: Privacy) -> None:
    item = _bare(wanted["endpoint"], file.read_bytes(), wanted.get("mode"))
    other = Disguise(seed, privacy=privacy)(item.endpoint, item.body)
    _require_faithful(item, other)
    assert scanner.scan(other) == []


@settings(deadline=None)
@given(composed(), st.binary(min_size=1, max_size=9), st.sampled_from(["single-asset.one-way", None]))
def test_any_account_stays_what_it_is(account: dict[str, Any], seed: bytes, mode: str | None) -> None:
    item = _bare(LEAN, json.dumps(account).encode(), mode)
    for privacy in Privacy:
        _require_faithful(item, Disguise(seed, privacy=privacy)(item.endpoint, item.body))


@pytest.mark.parametrize("slip", [-3, -2, -1, 1, 2, 3])
def test_a_sum_that_is_off_by_a_unit_is_off_by_no_more(slip: int) -> None:
    wallet, profit = 2372469206417, 4327150000
    row = {"walletBalance": decimal(wallet), "unrealizedProfit": decimal(profit)}
    account = {"assets": [{"asset": "BTC", **row, "marginBalance": decimal(wallet + profit + slip)}], "positions": []}
    item = _bare(LEAN, json.dumps(account).encode())
    assert ("invariant-broken" in {rule for rule, _, _ in _findings(item)}) == (abs(slip) > 1)
    _require_faithful(item, Disguise()(item.endpoint, item.body))


@LEVELS
def test_mirrors_agree_over_one_run(privacy: Privacy) -> None:
    disguise = Disguise(privacy=privacy)
    account = json.loads(interaction("usdm/rest/v3/account/multi-assets.hedge.loopback.yaml").body)
    rest = disguise(KNOWN.get(LEAN), json.dumps(account).encode())
    (mirror,) = KNOWN.get(LEAN).mirrors
    framed = disguise(KNOWN.get(mirror), json.dumps({"id": 7, "status": 200, "result": account}).encode())
    assert json.loads(framed) == {"id": 1, "status": 200, "result": json.loads(rest)}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("480.12", "480.12000000", True),
        ("480.12000000", "480.12", False),
        ("2.8E-4", "2.8E-4", True),
        ("2.8E-4", "0.00028", False),
    ],
)
def test_an_amount_that_is_written_in_two_ways_keeps_both(one: str, other: str, *, same: bool) -> None:
    disguise = Disguise(SEED)
    made = []
    for text in (one, other):
        body = json.dumps({"assets": [{"asset": "USDT", "walletBalance": text}], "positions": []}).encode()
        made.append(json.loads(disguise(KNOWN.get(LEAN), body))["assets"][0]["walletBalance"])
    before, after = ([amounts.parse(text) for text in texts] for texts in ((one, other), made))
    assert [amount and _form(amount) for amount in after] == [amount and _form(amount) for amount in before]
    assert len({amount and amount.size for amount in after}) == (1 if same else 2)


def test_every_member_of_every_contract_is_named() -> None:
    for endpoint in KNOWN.endpoints:
        every = [contracts.load(KNOWN, endpoint, mode) for mode in endpoint.modes]
        for contract in (*every, contracts.error_contract(KNOWN, endpoint)):
            for path, schema in contract.leaves().items():
                name = [step for step in path if isinstance(step, str)][-1]
                assert schema["type"] == "boolean" or name in MEMBERS.roles, name


def _disguised(privacy: Privacy, **row: Any) -> dict[str, Any]:
    body = {"assets": [{"asset": "USDT", **row}], "positions": []}
    disguise = Disguise(SEED, privacy=privacy)
    made: dict[str, Any] = json.loads(disguise(KNOWN.get(LEAN), json.dumps(body).encode()))["assets"][0]
    return made


@pytest.mark.parametrize("case", cases("disguise"))
def test_member(case: dict[str, Any]) -> None:
    after = _disguised(Privacy(case.get("privacy", "account")), **{case["member"]: case["value"]})[case["member"]]
    if case["becomes"] == "itself":
        assert after == case["value"]
    elif case["becomes"] == "another":
        assert type(after) is type(case["value"])
        assert after != case["value"]
        assert shape.forms_of([after]) == shape.forms_of([case["value"]])
    else:
        assert after == case["becomes"]


def test_every_role_has_members() -> None:
    assert set(MEMBERS.roles.values()) == set(Role)
