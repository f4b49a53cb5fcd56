"""New amounts do not depend on the true ones, only on how these are written and on what holds among them.

This is the promise all others follow from: where two accounts are written alike and the same rules hold, one seed makes
the same recording of both, so that no recording can tell which of them it is of.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from composed_accounts import composed, decimal
from random_accounts import KNOWN, NUMBER, accounts
from wireshape.disguise.answers import Disguise
from wireshape.disguise.privacy import Privacy
from wireshape.model import Endpoint

LEAN = KNOWN.get("usdm.rest.v3.account")


def _require_independent(endpoint: Endpoint, body: bytes) -> None:
    """Hold the recording of an account against that of another one which is written alike: a disguise of the first."""
    another = Disguise(b"another account", privacy=Privacy.BALANCES)(endpoint, body)
    one, other = (Disguise(b"seed", privacy=Privacy.BALANCES)(endpoint, each) for each in (body, another))
    assert one == other


@pytest.mark.parametrize("product", ["usdm", "coinm"])
def test_accounts_that_are_written_alike_have_one_recording(product: str) -> None:
    for account in accounts(NUMBER, product):
        for endpoint in account.endpoints():
            _require_independent(endpoint, account.body(endpoint))


@settings(deadline=None)
@given(composed())
def test_composed_accounts_that_are_written_alike_have_one_recording(account: dict[str, object]) -> None:
    _require_independent(LEAN, json.dumps(account).encode())


def test_small_and_large_accounts_have_one_recording() -> None:
    def recording(wallet: str, free: str) -> bytes:
        row = {"asset": "USDT", "walletBalance": wallet, "crossWalletBalance": wallet, "availableBalance": free}
        return Disguise(b"seed")(LEAN, json.dumps({"assets": [row], "positions": []}).encode())

    small = recording("0.01000000", "0.00700000")
    assert small == recording("98765432.10000000", "12.34567891")
    assert small == recording("5000.00000000", "5000.00000001")
    assert small != recording("5000.00000000", "0.00000000")


def test_what_a_sum_is_off_by_does_not_show() -> None:
    # Products are cut to eight places: the remainders of the true amounts would be left in a sum that is off as before.
    def recording(wallet: int, profit: int, rest: int) -> bytes:
        total = wallet + profit + rest
        amounts = {"walletBalance": wallet, "unrealizedProfit": profit, "marginBalance": total}
        row = {name: decimal(units) for name, units in amounts.items()} | {"asset": "USDT"}
        return Disguise(b"seed")(LEAN, json.dumps({"assets": [row], "positions": []}).encode())

    made = {recording(2372469206417, 4327150000, rest) for rest in (-1, 1)}
    assert len(made | {recording(5, 7, 1)}) == 1
    assert recording(5, 7, 0) == recording(2372469206417, 4327150000, 0)


def test_an_exponent_does_not_show() -> None:
    def recording(wallet: str) -> bytes:
        row = {"asset": "USDT", "walletBalance": wallet, "crossWalletBalance": wallet, "marginBalance": wallet}
        return Disguise(b"seed")(LEAN, json.dumps({"assets": [row], "positions": []}).encode())

    assert recording("2.8E-4") == recording("9.1E-9")
    assert recording("1.25E8") == recording("9.99E33")


def test_the_place_of_a_round_number_does_not_show() -> None:
    for seed in range(20):
        body = json.dumps({"assets": [{"asset": "USDT", "walletBalance": "5000.00000000"}], "positions": []}).encode()
        made = json.loads(Disguise(bytes([seed]))(LEAN, body))["assets"][0]["walletBalance"]
        assert not made.endswith("0000")
