"""Composes the bundled recordings: one account state per mode, cut to what each endpoint's contract has.

Run it as `python tools/compose_recordings.py`. It rewrites cassettes/ from accounts.json (amounts, positions) and
recordings.json (which endpoint and mode, of what origin). Every amount follows from the state, so that the
invariants hold; none was observed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from wireshape import catalog, contracts
from wireshape.flatten import Schema
from wireshape.model import Endpoint, Mode, Origin
from wireshape.sources import recording
from wireshape.sources.cassette import WS
from wireshape.sources.recording import Exchange

HERE = Path(__file__).parent
MAINTENANCE = Decimal("0.004")
Json = dict[str, Any]


def main(out: Path) -> None:
    """Write every recording of recordings.json below a folder."""
    accounts = json.loads((HERE / "accounts.json").read_text("utf-8"))
    plan = json.loads((HERE / "recordings.json").read_text("utf-8"))
    known = catalog.load()
    for row in plan["recordings"]:
        endpoint = known.get(row["endpoint"])
        mode = Mode.parse(row["mode"]) if "mode" in row else None
        folder = out.joinpath(*endpoint.id.split(".", 3))
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{row.get('name', mode)}.{row['origin']['kind']}.yaml"
        answer = row["error"] if mode is None else compose(accounts, endpoint, mode, row)
        exchange = exchanged(endpoint, answer, plan["hosts"], row)
        origin = Origin(**{"recorded_at": plan["recorded_at"], **row["origin"]})
        recording.write(folder / name, [exchange], origin, mode, note=row.get("note"), error=mode is None)


def compose(accounts: Json, endpoint: Endpoint, mode: Mode, row: Json) -> Json:
    """Give the answer of one endpoint for the account state of a mode, with the fields the recording may have."""
    account = accounts[endpoint.product]
    account = account[mode.margin] if mode.margin else account
    positions = [] if row.get("flat") else [*account["positions"], *filler(row.get("symbols", 0))]
    every = [side for position in positions for side in sides(position, mode, endpoint.product, row)]
    if endpoint.product == "usdm":
        place_orders(every, account["assets"])
    assets = [asset(state, every) for state in account["assets"]]
    body = {
        "feeTier": account.get("tier", 0), "feeBurn": True, "canTrade": True, "canDeposit": True, "canWithdraw": True,
        "updateTime": 0, "multiAssetsMargin": mode.margin == "multi-assets", "tradeGroupId": -1,
        **totals(mode, account["assets"], assets), "assets": assets,
        "positions": [p for p in every if endpoint.positions == "all-symbols" or p["positionAmt"] != "0"],
    }  # fmt: skip
    contract = contracts.load(catalog.load(), endpoint, mode)
    wanted = set(row.get("evidence", ["documented"]))
    framed = {"id": "8f9b2c1d", "status": 200, "result": body, "rateLimits": [dict(RATE_LIMIT)]}
    cut: Json = project(contract.schema, framed if endpoint.payload else body, wanted)
    if row.get("no-rate-limits"):
        del cut["rateLimits"]
    return cut


RATE_LIMIT = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400, "count": 20}


def project(schema: Schema, value: Any, evidence: set[str]) -> Any:
    """Keep the fields a contract has with that evidence, in its order."""
    if isinstance(value, list):
        return [project(schema.get("items", {}), item, evidence) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: project(field, value[name], evidence)
        for name, field in schema["properties"].items()
        if name in value and field.get("x-evidence", {}).get("status", "documented") in evidence
    }


def filler(count: int) -> Iterator[Json]:
    """Make up flat symbols for an answer of every symbol of the market."""
    for number in range(count):
        letters = "".join(chr(65 + number // 26**place % 26) for place in range(3))
        yield {"symbol": f"Z{letters}USDT", "leverage": "20", "max": "25000"}


def sides(position: Json, mode: Mode, product: str, row: Json) -> Iterator[Json]:
    """Give the rows of one symbol: BOTH, or LONG and SHORT, or for COIN-M what the recording says."""
    names = ["BOTH"] if mode.position == "one-way" else row.get("sides", ["LONG", "SHORT"])
    for name in names:
        held = {"BOTH": ("long", "short"), "LONG": ("long",), "SHORT": ("short",)}[name]
        if name == "BOTH" and len(names) > 1:
            held = ()
        amount = next((position[side] for side in held if side in position), "0")
        yield valued(position, name, amount, product)


def valued(position: Json, side: str, amount: str, product: str) -> Json:
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
    margin = short(abs(value) / leverage)
    zero = "0.0" if product == "usdm" else "0.00000000"
    return {
        "symbol": position["symbol"], "initialMargin": margin, "maintMargin": short(abs(value) * MAINTENANCE),
        "unrealizedProfit": places(profit), "positionInitialMargin": margin, "openOrderInitialMargin": "0",
        "leverage": position["leverage"], "isolated": bool(isolated),
        "entryPrice": position["entry"] if held else zero, "breakEvenPrice": position["entry"] if held else zero,
        "maxNotional": position["max"], "bidNotional": "0", "askNotional": "0", "maxQty": position["max"],
        "positionSide": side, "positionAmt": amount, "notional": short(value), "notionalValue": short(value),
        "isolatedWallet": short(isolated), "isolatedMargin": places(isolated + profit if isolated else Decimal(0)),
        "updateTime": position["time"] if held else 0, "margin": position.get("margin", "USDT"),
    }  # fmt: skip


def place_orders(rows: list[Json], assets: list[Json]) -> None:
    """Let the first open position of an asset carry the margin of the asset's open orders."""
    for state in assets:
        carrier = next((r for r in rows if r["margin"] == state["asset"] and r["positionAmt"] != "0"), None)
        if "orders" in state and carrier:
            carrier["openOrderInitialMargin"] = state["orders"]
            carrier["initialMargin"] = places(Decimal(carrier["initialMargin"]) + Decimal(state["orders"]))


def asset(state: Json, rows: list[Json]) -> Json:
    """Give one asset with every field, summed up from its positions."""
    mine = [row for row in rows if row["margin"] == state["asset"]]
    cross = [row for row in mine if not row["isolated"]]
    wallet, profit = Decimal(state["wallet"]), total(mine, "unrealizedProfit")
    held, orders = total(mine, "positionInitialMargin"), Decimal(state.get("orders", "0")) if mine else Decimal(0)
    backing = wallet - total(mine, "isolatedWallet")
    free = backing + total(cross, "unrealizedProfit") - total(cross, "positionInitialMargin") - orders
    return {
        "asset": state["asset"], "walletBalance": places(wallet), "unrealizedProfit": places(profit),
        "marginBalance": places(wallet + profit), "maintMargin": places(total(mine, "maintMargin")),
        "initialMargin": places(held + orders), "positionInitialMargin": places(held),
        "openOrderInitialMargin": places(orders),
        "crossWalletBalance": places(backing), "crossUnPnl": places(total(cross, "unrealizedProfit")),
        "availableBalance": places(free), "maxWithdrawAmount": places(min(free, backing)), "marginAvailable": True,
        "updateTime": state["time"],
    }  # fmt: skip


def totals(mode: Mode, states: list[Json], assets: list[Json]) -> Json:
    """Give the account totals: of the USDT asset alone, or of all assets in USD, then as one pool for each of them."""
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
        name: places(sum((Decimal(each[field]) * rates[each["asset"]] for each in assets), Decimal(0)))
        for name, field in names.items()
    }
    for each in assets:
        each["availableBalance"] = places(Decimal(summed["availableBalance"]) / rates[each["asset"]])
    return summed


def exchanged(endpoint: Endpoint, answer: Any, hosts: Json, row: Json) -> Exchange:
    """Put an answer behind the request that would have asked for it, without key or signature."""
    url = hosts[endpoint.product][endpoint.transport] + endpoint.operation.path
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    if endpoint.payload:
        frame = {"id": "8f9b2c1d", "method": endpoint.operation.method, "params": {"timestamp": 1760000000999}}
        return Exchange(
            method=WS,
            url=url,
            body=json.dumps(frame).encode(),
            answer=text.encode(),
            status=101,
            reason="Switching Protocols",
        )
    asked = f"{url}?timestamp=1760000000999"
    return Exchange(method=endpoint.operation.method, url=asked, answer=text.encode(), **row.get("http", {}))


def total(rows: list[Json], field: str) -> Decimal:
    """Sum a field of rows."""
    return sum((Decimal(row[field]) for row in rows), Decimal(0))


def places(amount: Decimal) -> str:
    """Write an amount with eight places, cut as the exchange cuts."""
    return f"{amount.quantize(Decimal('1e-8'), ROUND_DOWN) + 0:f}"


def short(amount: Decimal) -> str:
    """Write an amount with eight places, or plain 0."""
    return places(amount) if amount else "0"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "cassettes")
