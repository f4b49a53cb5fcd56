"""What the exchange lists fits the account it serves: symbols, assets, and steps that its amounts are multiples of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from casebook import cases
from loopback import PROTOCOL, call, calls, get, settings
from wireshape import exchange
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.exchange import markets
from wireshape.exchange.account_kinds import KINDS

MODES = [str(mode) for mode in PROTOCOL.catalog.answering[0].modes]
LISTS = calls(Transport.REST, Purpose.EXCHANGE_INFO)
NOW = 1_760_000_000_000


def _filters(symbol: dict[str, Any]) -> dict[str, Any]:
    return {each["filterType"]: each for each in symbol["filters"]}


@pytest.mark.parametrize("target", LISTS, ids=lambda target: target.product)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_lists_what_the_account_has(kind: str, mode: str, target: Call) -> None:
    whole = next(
        each for each in PROTOCOL.calls
        if each.endpoint and (each.product, each.transport) == (target.product, "rest")
        and each.endpoint.positions == "all-symbols"
    )  # fmt: skip
    with exchange.running(settings(mode=mode, account=KINDS[kind].account)) as server:
        listed = httpx.get(server.rest + target.operation.path).json()
        account = get(server, whole).json()
    assets = {each["asset"] for each in account["assets"]}
    symbols = {each["symbol"]: each for each in listed["symbols"]}
    assert list(symbols) == list(dict.fromkeys(row["symbol"] for row in account["positions"]))
    assert len(symbols) == len(listed["symbols"])
    assert {each["marginAsset"] for each in symbols.values()} <= assets
    assert target.product == "coinm" or {each["asset"] for each in listed["assets"]} == assets
    for row in account["positions"]:
        steps = _filters(symbols[row["symbol"]])
        assert Decimal(row["positionAmt"]) % Decimal(steps["LOT_SIZE"]["stepSize"]) == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("target", LISTS, ids=lambda target: target.product)
def test_a_symbol_is_put_together_from_what_it_says_of_itself(target: Call, mode: str) -> None:
    with exchange.running(settings(mode=mode, limit=77)) as server:
        listed = httpx.get(server.rest + target.operation.path).json()
    assert listed["rateLimits"][0]["limit"] == 77
    for symbol in listed["symbols"]:
        assert symbol["pair"] == symbol["baseAsset"] + symbol["quoteAsset"]
        assert symbol["symbol"].startswith(symbol["pair"])
        assert symbol["marginAsset"] == symbol["baseAsset" if target.product == "coinm" else "quoteAsset"]
        assert (symbol["contractType"] == "PERPETUAL") == (symbol["deliveryDate"] == 4133404800000)
        steps = _filters(symbol)
        assert Decimal(steps["PRICE_FILTER"]["tickSize"]) == Decimal(1).scaleb(-symbol["pricePrecision"])
        assert Decimal(steps["LOT_SIZE"]["stepSize"]) == Decimal(1).scaleb(-symbol["quantityPrecision"])
        for low, high in (("minPrice", "maxPrice"), ("minQty", "maxQty")):
            bounds = [each for each in steps.values() if low in each]
            assert all(0 < Decimal(each[low]) < Decimal(each[high]) for each in bounds)


@pytest.mark.parametrize("case", cases("markets"))
def test_a_symbol_says_what_it_is(case: dict[str, Any]) -> None:
    account = {"assets": [{"asset": "USDT"}], "positions": [case["row"]]}
    (symbol,) = markets.exchange_info(case["product"], account, 2400, NOW)["symbols"]
    assert {name: symbol[name] for name in case["listed"]} == case["listed"]


def test_the_later_of_two_deliveries_is_the_next_quarter() -> None:
    rows = [{"symbol": "BTCUSD_270326"}, {"symbol": "BTCUSD_261225"}, {"symbol": "ETHUSD_270326"}]
    account = {"assets": [], "positions": rows}
    listed = markets.exchange_info("coinm", account, 2400, NOW)["symbols"]
    assert [each["contractType"] for each in listed] == ["NEXT_QUARTER", "CURRENT_QUARTER", "CURRENT_QUARTER"]


def test_what_has_no_name_is_not_listed() -> None:
    account = {"assets": [{"asset": 5}, {}], "positions": [{"symbol": None}, {}]}
    listed = markets.exchange_info("usdm", account, 2400, NOW)
    assert (listed["assets"], listed["symbols"]) == ([], [])


def test_clients_can_start_without_a_key() -> None:
    with exchange.running(settings()) as server:
        for purpose in (Purpose.PING, Purpose.TIME, Purpose.EXCHANGE_INFO):
            for target in calls(Transport.REST, purpose):
                assert httpx.get(server.rest + target.operation.path).status_code == 200
        assert httpx.get(server.rest + call("usdm.rest.ping").operation.path).json() == {}
