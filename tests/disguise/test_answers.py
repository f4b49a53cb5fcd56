"""A disguised answer is as good a specimen as the true one, and gives none of its amounts away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook import cases, interaction, recordings
from specimens import expected
from wireshape import resources
from wireshape.catalog import contracts, endpoints
from wireshape.check import engines
from wireshape.check.run import check
from wireshape.diff import shape
from wireshape.disguise import amounts
from wireshape.disguise.answers import Disguise
from wireshape.jsontext.scalars import leaves
from wireshape.model import Field, Interaction, Location
from wireshape.scan import scanner

KNOWN = endpoints.load()
ROWS = json.loads((resources.SCHEMAS / "disguise.json").read_text("utf-8"))
KINDS = {name: row["kind"] for row in ROWS["amounts"] for name in row["members"]}
LEAN = "usdm.rest.v3.account"
SEED = b"a seed of the tests"


def _bare(endpoint: str, body: bytes, mode: str | None = None) -> Interaction:
    known = KNOWN.get(endpoint)
    stated = KNOWN.mode(known, mode) if mode else None
    place = Location(file="body")
    return Interaction(endpoint=known, mode=stated, origin=None, status=None, body=body, location=place)


def _findings(item: Interaction) -> list[tuple[str, str, int]]:
    return sorted((finding.rule, finding.path, finding.count) for finding in check([item], KNOWN).findings)


def _amounts(body: bytes) -> list[tuple[str, amounts.Amount]]:
    found = [leaf for leaf in leaves(body.decode()) if leaf.name in KINDS]
    return [(KINDS[leaf.name], amount) for leaf in found if (amount := amounts.parse(leaf.text))]


def _form(amount: amounts.Amount) -> tuple[object, ...]:
    return amount.negative, amount.places, amount.mark, bool(amount.size)


def _shape(value: Any) -> dict[str, Field]:
    return {path: replace(seen, values=None) for path, seen in shape.of_bodies("", [value]).fields.items()}


def _require_faithful(item: Interaction, other: bytes) -> None:
    """Hold a disguised answer against the true one: form by form, finding by finding, amount by amount."""
    assert _findings(replace(item, body=other)) == _findings(item)
    before, after = json.loads(item.body), json.loads(other)
    assert _shape(after) == _shape(before)
    left, right = _amounts(item.body), _amounts(other)
    told = {amount.size for _, amount in left if amounts.is_identifying(amount.size)}
    assert not told & {amount.size for _, amount in right}
    pairs: dict[tuple[str, Fraction], set[Fraction]] = {}
    for (kind, mine), (_, theirs) in zip(left, right, strict=True):
        assert _form(mine) == _form(theirs)
        pairs.setdefault((kind, mine.size), set()).add(theirs.size)
    assert all(len(sizes) == 1 for sizes in pairs.values())


@pytest.mark.parametrize("recording", recordings(), ids=str)
def test_a_bundled_recording_stays_what_it_is(recording: Path) -> None:
    item = interaction(recording)
    other = Disguise(SEED)(item.endpoint, item.body)
    assert other == Disguise(SEED)(item.endpoint, item.body)
    if not item.body.startswith(b"<"):
        _require_faithful(item, other)
    if not item.expects_error:
        assert other != Disguise()(item.endpoint, item.body)
        assert engines.reference(contracts.load(KNOWN, item.endpoint, item.mode), json.loads(other)) == []


# An amount or a number of another type than its contract has is masked, not disguised.
SPECIMENS = [
    each
    for each in expected("checks")
    if each.values[0].suffix == ".json"
    and "type-mismatch" not in {finding["rule"] for finding in each.values[1]["findings"]}
]


@pytest.mark.parametrize(("file", "wanted"), SPECIMENS)
@pytest.mark.parametrize("seed", [b"1", b"2", b"3"])
def test_a_specimen_stays_what_it_is(file: Path, wanted: dict[str, Any], seed: bytes) -> None:
    item = _bare(wanted["endpoint"], file.read_bytes(), wanted.get("mode"))
    other = Disguise(seed)(item.endpoint, item.body)
    _require_faithful(item, other)
    assert scanner.scan(other) == []


def _text(units: int, places: int = 8) -> str:
    digits = str(abs(units)).zfill(places + 1)
    return ("-" if units < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _position(
    draw: st.DrawFn, number: int, amount: st.SearchStrategy[int], write: Callable[[int], str]
) -> dict[str, Any]:
    sign = draw(st.sampled_from([1, -1]))
    return {
        "symbol": f"S{number}USDT",
        "positionSide": "BOTH",
        "positionAmt": _text(sign * draw(st.integers(1, 10**5)), 3),
        "notional": write(sign * draw(amount)),
        "isolatedWallet": write(draw(amount)),
        "initialMargin": write(draw(amount)),
        "updateTime": draw(st.integers(1_500_000_000_000, 1_800_000_000_000)),
    }


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, Any]:
    """Compose an account in which everything adds up."""
    places = draw(st.sampled_from([8, 8, 8, 2, 13]))
    amount = st.integers(0, 10 ** draw(st.integers(0, places + 5)))

    def write(units: int) -> str:
        return _text(units, places)

    positions = [_position(draw, number, amount, write) for number in range(draw(st.integers(0, 4)))]
    assets = []
    for name in ("USDT", "USDC", "BTC"):
        isolated = [int(row["isolatedWallet"].replace(".", "")) for row in positions] if name == "USDT" else [0]
        cross, profit, bound, orders, free = (
            draw(amount),
            draw(amount) - draw(amount),
            *(draw(amount) for _ in range(3)),
        )
        wallet = cross + sum(isolated)
        assets.append(
            {
                "asset": name,
                "walletBalance": write(wallet),
                "unrealizedProfit": write(profit),
                "marginBalance": write(wallet + profit),
                "positionInitialMargin": write(bound),
                "openOrderInitialMargin": write(orders),
                "initialMargin": write(bound + orders),
                "maintMargin": write(draw(amount)),
                "crossWalletBalance": write(cross),
                "availableBalance": write(free),
                "maxWithdrawAmount": write(draw(st.integers(0, free))),
                "updateTime": draw(st.sampled_from([0, 1_700_000_000_001])),
            }
        )
    usdt = assets[0]
    totals = {"totalWalletBalance": "walletBalance", "totalMaintMargin": "maintMargin"}
    totals |= {"totalMarginBalance": "marginBalance", "availableBalance": "availableBalance"}
    return {**{total: usdt[field] for total, field in totals.items()}, "assets": assets, "positions": positions}


@given(accounts(), st.binary(min_size=1, max_size=9), st.sampled_from(["single-asset.one-way", None]))
def test_any_account_stays_what_it_is(account: dict[str, Any], seed: bytes, mode: str | None) -> None:
    item = _bare(LEAN, json.dumps(account).encode(), mode)
    other = Disguise(seed)(item.endpoint, item.body)
    _require_faithful(item, other)
    after = json.loads(other)
    for mine, theirs in zip(account["assets"], after["assets"], strict=True):
        names = [name for name in mine if KINDS.get(name) == "balance"]
        for one in names:
            for two in names:
                if Fraction(mine[one]) <= Fraction(mine[two]):
                    assert Fraction(theirs[one]) <= Fraction(theirs[two]), (one, two)


@pytest.mark.parametrize("slip", [-3, -2, -1, 1, 2, 3])
def test_a_sum_that_is_off_by_a_unit_is_off_by_no_more(slip: int) -> None:
    wallet, profit = 2372469206417, 4327150000
    row = {"walletBalance": _text(wallet), "unrealizedProfit": _text(profit)}
    account = {"assets": [{"asset": "BTC", **row, "marginBalance": _text(wallet + profit + slip)}], "positions": []}
    item = _bare(LEAN, json.dumps(account).encode())
    assert ("invariant-broken" in {rule for rule, _, _ in _findings(item)}) == (abs(slip) > 2)
    _require_faithful(item, Disguise()(item.endpoint, item.body))


def test_mirrors_agree_over_one_run() -> None:
    disguise = Disguise()
    account = json.loads(interaction("usdm/rest/v3/account/multi-assets.hedge.loopback.yaml").body)
    rest = disguise(KNOWN.get(LEAN), json.dumps(account).encode())
    (mirror,) = KNOWN.get(LEAN).mirrors
    framed = disguise(KNOWN.get(mirror), json.dumps({"id": 7, "status": 200, "result": account}).encode())
    assert json.loads(framed) == {"id": 1, "status": 200, "result": json.loads(rest)}


def test_every_member_of_every_contract_is_named() -> None:
    named = {name for row in ROWS["amounts"] for name in row["members"]}
    named |= {name for group in ("times", "identities", "texts", "constants", "kept") for name in ROWS[group]}
    for endpoint in KNOWN.endpoints:
        every = [contracts.load(KNOWN, endpoint, mode) for mode in endpoint.modes]
        for contract in (*every, contracts.error_contract(KNOWN, endpoint)):
            for path, schema in contract.leaves().items():
                name = [step for step in path if isinstance(step, str)][-1]
                assert schema["type"] == "boolean" or name in named, name


def _disguised(**members: Any) -> dict[str, Any]:
    body = {"assets": [{"asset": "USDT", **members}], "positions": []}
    row: dict[str, Any] = json.loads(Disguise(SEED)(KNOWN.get(LEAN), json.dumps(body).encode()))["assets"][0]
    return row


@pytest.mark.parametrize("case", cases("disguise"))
def test_member(case: dict[str, Any]) -> None:
    after = _disguised(**{case["member"]: case["value"]})[case["member"]]
    if case["becomes"] == "itself":
        assert after == case["value"]
    elif case["becomes"] == "another":
        assert type(after) is type(case["value"])
        assert after != case["value"]
    else:
        assert after == case["becomes"]


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        (b'{"walletBalance":"23724.69206417","asse', b"23724"),
        (b"<html>request ip: 8.8.4.4</html>", b"8.8.4.4"),
        (b'{"code":-2015,"msg":"Invalid API-key, IP, request ip: 8.8.4.4"}', b"8.8.4.4"),
        (b'{"assets":[{"walletBalance":"1.2345","walletBalance":"5.4321"}]}', b"1.2345"),
        (b'\xef\xbb\xbf{"totalWalletBalance":"23724.69206417"}', b"23724"),
        (b"\xff\xfe\x00 23724.69206417", b"23724"),
        (b'{"totalWalletBalance":23724.69206417}', b"23724"),
        (b'{"totalWalletBalance":"23.724,69"}', b"23.724"),
    ],
)
def test_what_is_no_account_gives_nothing_away(body: bytes, gone: bytes) -> None:
    assert gone not in Disguise()(KNOWN.get(LEAN), body)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: json.dumps({"walletBalance": text}).encode()))
def test_any_bytes_are_disguised(body: bytes) -> None:
    Disguise(SEED)(KNOWN.get(LEAN), body)
