"""The account of the loopback exchange: one made-up state per mode, and the answer of every endpoint made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import orjson

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.flatten import Schema
from wireshape.model import Endpoint, Mode

Json = dict[str, Any]

_MAINTENANCE = Decimal("0.004")


def bundled() -> Json:
    """Read the bundled account states: per product, and per margin mode where the product has them."""
    states: Json = orjson.loads(Path(__file__).with_name("accounts.json").read_bytes())
    return states


@dataclass(frozen=True, kw_only=True, slots=True)
class MockAccount:
    """An account that answers for every endpoint in every mode, with amounts that add up.

    `flat` has no open position and no order, `inactive` neither these nor any balance, may not trade, and answers empty
    totals (https://github.com/JKorf/Binance.Net/issues/1520); `symbols` adds so many symbols without a position.
    `sides` are the rows of a symbol in hedge mode, `evidence` the statuses of the contract's fields that an answer has.
    """

    states: Json = field(default_factory=bundled, repr=False)
    flat: bool = False
    inactive: bool = False
    symbols: int = 0
    sides: tuple[str, ...] = ("LONG", "SHORT")
    evidence: frozenset[str] = frozenset({"documented", "undocumented"})

    def payload(self, catalog: Catalog, endpoint: Endpoint, mode: Mode) -> Json:
        """Give the answer of one endpoint in a mode, without an envelope, in the order of its contract."""
        body = self.whole(endpoint.product, mode)
        if endpoint.positions != "all-symbols":
            body["positions"] = [row for row in body["positions"] if row["positionAmt"] != "0"]
        schema = contracts.load(catalog, endpoint, mode).at((endpoint.payload,) if endpoint.payload else ())
        payload: Json = _project(schema, body, self.evidence)
        return payload

    def whole(self, product: str, mode: Mode) -> Json:
        """Give every field that any endpoint of a product answers, with the rows of all symbols."""
        state = self._state(product, mode)
        rows = [row for position in state["positions"] for row in self._rows(position, mode, product)]
        _place_orders(rows, state["assets"])
        assets = [_asset(each, rows) for each in state["assets"]]
        totals = _totals(mode, state["assets"], assets)
        if self.inactive:
            totals = dict.fromkeys(totals, "")
        return {**self._settings(state, mode), **totals, "assets": assets, "positions": rows}

    def config(self, product: str, mode: Mode) -> Json:
        """Give the settings and the mode of the account, as the operations for the mode answer."""
        settings = self._settings(self._state(product, mode), mode)
        del settings["feeBurn"]
        return {**settings, "dualSidePosition": mode.position == "hedge"}

    def _state(self, product: str, mode: Mode) -> Json:
        state: Json = self.states[product]
        state = state[mode.margin] if mode.margin else state
        assets, positions = state["assets"], state["positions"]
        if self.inactive:
            assets = [{**each, "wallet": "0.00000000", "time": 0} for each in assets]
        if self.flat or self.inactive:
            assets = [_without(each, {"orders"}) for each in assets]
            positions = [_without(each, {"long", "short"}) for each in positions]
        more = list(_filler(product, self.symbols))
        if product == "coinm":
            assets = [*assets, *({"asset": each["margin"], "wallet": "0.00000000", "time": 0} for each in more)]
        return {**state, "assets": assets, "positions": [*positions, *more]}

    def _settings(self, state: Json, mode: Mode) -> Json:
        return {
            "feeTier": state.get("tier", 0), "feeBurn": True,
            "canTrade": not self.inactive, "canDeposit": True, "canWithdraw": True,
            "updateTime": 0, "multiAssetsMargin": mode.margin == "multi-assets", "tradeGroupId": -1,
        }  # fmt: skip

    def _rows(self, position: Json, mode: Mode, product: str) -> Iterator[Json]:
        names = ("BOTH",) if mode.position == "one-way" else self.sides
        for name in names:
            held = {"BOTH": ("long", "short"), "LONG": ("long",), "SHORT": ("short",)}[name]
            if name == "BOTH" and len(names) > 1:
                held = ()
            amount = next((position[side] for side in held if side in position), "0")
            yield _valued(position, name, amount, product)


def _project(schema: Schema, value: Any, evidence: frozenset[str]) -> Any:
    """Keep the fields a contract has with that evidence, in its order."""
    if isinstance(value, list):
        return [_project(schema.get("items", {}), item, evidence) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _project(field, value[name], evidence)
        for name, field in schema["properties"].items()
        if name in value and field.get("x-evidence", {}).get("status", "documented") in evidence
    }


def _without(state: Json, names: set[str]) -> Json:
    return {name: value for name, value in state.items() if name not in names}


def _filler(product: str, count: int) -> Iterator[Json]:
    """Make up symbols without a position, for an answer of every symbol of the market."""
    for number in range(count):
        base = "Z" + "".join(chr(65 + number // 26**place % 26) for place in range(3))
        if product == "coinm":
            yield {"symbol": f"{base}USD_PERP", "size": "10", "leverage": "20", "max": "500", "margin": base}
        else:
            yield {"symbol": f"{base}USDT", "leverage": "20", "max": "25000"}


def _valued(position: Json, side: str, amount: str, product: str) -> Json:
    """Give one row with every field any endpoint has."""
    held = Decimal(amount)
    mark, entry = Decimal(position.get("mark", "1")), Decimal(position.get("entry", "1"))
    if product == "coinm":
        size = held * Decimal(position["size"])
        value, profit = size / mark, size / entry - size / mark
    else:
        value, profit = held * mark, held * (mark - entry)
    isolated = Decimal(position.get("isolated", "0")) if held else Decimal(0)
    leverage = Decimal(position["leverage"]) or Decimal(1)
    margin = _or_zero(abs(value) / leverage)
    zero = "0.0" if product == "usdm" else "0.00000000"
    return {
        "symbol": position["symbol"], "initialMargin": margin, "maintMargin": _or_zero(abs(value) * _MAINTENANCE),
        "unrealizedProfit": _places(profit), "positionInitialMargin": margin, "openOrderInitialMargin": "0",
        "leverage": position["leverage"], "isolated": "isolated" in position,
        "entryPrice": position["entry"] if held else zero, "breakEvenPrice": position["entry"] if held else zero,
        "maxNotional": position["max"], "bidNotional": "0", "askNotional": "0", "maxQty": position["max"],
        "positionSide": side, "positionAmt": amount, "notional": _or_zero(value), "notionalValue": _or_zero(value),
        "isolatedWallet": _or_zero(isolated), "isolatedMargin": _places(isolated + profit if isolated else Decimal(0)),
        "updateTime": position["time"] if held else 0, "margin": position.get("margin", "USDT"),
    }  # fmt: skip


def _place_orders(rows: list[Json], assets: list[Json]) -> None:
    """Add the margin of an asset's open orders to the first open position in it."""
    for state in assets:
        carrier = next((r for r in rows if r["margin"] == state["asset"] and r["positionAmt"] != "0"), None)
        if "orders" in state and carrier:
            carrier["openOrderInitialMargin"] = state["orders"]
            carrier["initialMargin"] = _places(Decimal(carrier["initialMargin"]) + Decimal(state["orders"]))


def _asset(state: Json, rows: list[Json]) -> Json:
    """Give one asset with every field, summed up from its positions."""
    mine = [row for row in rows if row["margin"] == state["asset"]]
    cross = [row for row in mine if not row["isolated"]]
    wallet, profit = Decimal(state["wallet"]), _total(mine, "unrealizedProfit")
    held, orders = _total(mine, "positionInitialMargin"), Decimal(state.get("orders", "0")) if mine else Decimal(0)
    backing = wallet - _total(mine, "isolatedWallet")
    free = backing + _total(cross, "unrealizedProfit") - _total(cross, "positionInitialMargin") - orders
    return {
        "asset": state["asset"], "walletBalance": _places(wallet), "unrealizedProfit": _places(profit),
        "marginBalance": _places(wallet + profit), "maintMargin": _places(_total(mine, "maintMargin")),
        "initialMargin": _places(held + orders), "positionInitialMargin": _places(held),
        "openOrderInitialMargin": _places(orders),
        "crossWalletBalance": _places(backing), "crossUnPnl": _places(_total(cross, "unrealizedProfit")),
        "availableBalance": _places(free), "maxWithdrawAmount": _places(min(free, backing)), "marginAvailable": True,
        "updateTime": state["time"],
    }  # fmt: skip


def _totals(mode: Mode, states: list[Json], assets: list[Json]) -> Json:
    """Give the account totals: of the USDT asset, or of all assets in USD, which share one available balance."""
    names = {
        "totalInitialMargin": "initialMargin", "totalMaintMargin": "maintMargin", "totalWalletBalance": "walletBalance",
        "totalUnrealizedProfit": "unrealizedProfit", "totalMarginBalance": "marginBalance",
        "totalPositionInitialMargin": "positionInitialMargin", "totalOpenOrderInitialMargin": "openOrderInitialMargin",
        "totalCrossWalletBalance": "crossWalletBalance", "totalCrossUnPnl": "crossUnPnl",
        "availableBalance": "availableBalance", "maxWithdrawAmount": "maxWithdrawAmount",
    }  # fmt: skip
    if mode.margin != "multi-assets":
        usdt = next((each for each in assets if each["asset"] == "USDT"), {})
        return {name: usdt[field] for name, field in names.items() if field in usdt}
    rates = {state["asset"]: Decimal(state["usd"]) for state in states}
    summed = {
        name: _places(sum((Decimal(each[field]) * rates[each["asset"]] for each in assets), Decimal(0)))
        for name, field in names.items()
    }
    for each in assets:
        each["availableBalance"] = _places(Decimal(summed["availableBalance"]) / rates[each["asset"]])
        each["maxWithdrawAmount"] = min(each["availableBalance"], each["crossWalletBalance"], key=Decimal)
    return summed


def _total(rows: list[Json], field: str) -> Decimal:
    """Sum a field of rows."""
    return sum((Decimal(row[field]) for row in rows), Decimal(0))


def _places(amount: Decimal) -> str:
    """Write an amount with eight places, cut as the exchange cuts."""
    return f"{amount.quantize(Decimal('1e-8'), ROUND_DOWN) + 0:f}"


def _or_zero(amount: Decimal) -> str:
    """Write an amount with eight places, and none as plain 0."""
    return _places(amount) if amount else "0"
