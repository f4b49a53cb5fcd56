"""Accounts drawn at random, made by the state machinery of the loopback exchange, in every mode."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wireshape.catalog import endpoints
from wireshape.exchange.account import MockAccount
from wireshape.model import Endpoint, Interaction, Location, Mode

Json = dict[str, Any]
KNOWN = endpoints.load()
NUMBER = int(os.environ.get("WIRESHAPE_ACCOUNTS", "12"))
"""How many accounts a test draws; 800 is the whole of it."""
MAX_POSITIONS = 5

_COINS = ("BTC", "ETH", "BNB", "SOL", "XRP", "DOGE", "ADA", "LINK", "AVAX", "LTC", "1000PEPE")
_OTHERS = ("USDC", "BNB", "BTC", "ETH", "FDUSD", "LDUSDT", "U")
_LEVERAGES = ("1", "2", "3", "5", "10", "20", "25", "50", "75", "100", "125")
_NOTIONALS = ("5000", "25000", "50000", "250000", "1000000", "10000000", "80000000", "480000000")
_FIRST, _LAST = 1_690_000_000_000, 1_790_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomAccount:
    """An account in a mode: what it answers, how many positions it has open, and what only its owner knows."""

    number: int
    mode: Mode
    positions: int
    account: MockAccount

    def body(self, endpoint: Endpoint) -> bytes:
        """Give the answer of an endpoint, in its envelope."""
        payload: Any = self.account.payload(KNOWN, endpoint, self.mode)
        if endpoint.payload:
            payload = {"id": "8f9b2c1d", "status": 200, endpoint.payload: payload}
        return json.dumps(payload, ensure_ascii=False).encode()

    def interaction(self, endpoint: Endpoint) -> Interaction:
        """Give that answer as check reads it."""
        return Interaction(
            endpoint=endpoint,
            mode=self.mode,
            origin=None,
            status=None,
            body=self.body(endpoint),
            location=Location(file=f"account {self.number}"),
        )

    def a_day_later(self) -> RandomAccount:
        """Give the account a day later: prices have moved, what it holds has not."""
        drawn = random.Random(f"later {self.number}")  # noqa: S311 - accounts for a test
        states = json.loads(json.dumps(self.account.states))
        for product in states.values():
            for state in [product] if "positions" in product else product.values():
                for row in state["positions"]:
                    if "mark" in row:
                        row["mark"] = f"{Decimal(row['mark']) * Decimal(drawn.uniform(0.95, 1.05)):.8f}"
        return replace(self, account=replace(self.account, states=states))

    def prices(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Give entry and mark price by symbol, which public candles tell."""
        states = list(self.account.states.values())
        rows = [
            row
            for state in states
            for each in ([state] if "positions" in state else state.values())
            for row in each["positions"]
        ]
        return {row["symbol"]: (Fraction(row["entry"]), Fraction(row["mark"])) for row in rows if "mark" in row}

    def endpoints(self) -> list[Endpoint]:
        """List the endpoints that can be asked in its mode."""
        return [endpoint for endpoint in KNOWN.endpoints if self.mode in endpoint.modes]


def accounts(number: int, product: str = "usdm", seed: int = 1) -> Iterator[RandomAccount]:
    """Draw accounts of 0 to 5 open positions, one mode of a product after the other."""
    modes = [mode for endpoint in KNOWN.endpoints if endpoint.product == product for mode in endpoint.modes]
    modes = list(dict.fromkeys(modes))
    for index in range(number):
        drawn = random.Random(f"{seed} {product} {index}")  # noqa: S311 - accounts for a test
        open_positions = index // len(modes) % (MAX_POSITIONS + 1)
        mode = modes[index % len(modes)]
        yield _account(index, mode, open_positions, product, drawn)


def _account(number: int, mode: Mode, positions: int, product: str, drawn: random.Random) -> RandomAccount:
    state = _coin_margined(positions, drawn) if product == "coinm" else _state(positions, mode, drawn)
    states = {product: {mode.margin: state} if mode.margin else state}
    evidence = frozenset({"documented", *(["undocumented"] if drawn.random() < 0.5 else [])})
    account = MockAccount(
        states=states, symbols=3 if product == "usdm" and drawn.random() < 0.5 else 0, evidence=evidence
    )
    return RandomAccount(number=number, mode=mode, positions=positions, account=account)


def _state(positions: int, mode: Mode, drawn: random.Random) -> Json:
    names = ["USDT", *drawn.sample(_OTHERS, drawn.randint(0, 4))]
    rates = {name: _decimal(drawn, 0.99, 1.01, 8) for name in names} | {"BTC": "65012.30000000", "ETH": "2502.11000000"}
    assets: list[Json] = [
        {
            "asset": name,
            "wallet": _decimal(drawn, 50, 2_000_000, 8) if name == "USDT" or drawn.random() < 0.5 else "0.00000000",
            "usd": rates[name],
            "time": drawn.randint(_FIRST, _LAST),
        }
        for name in names
    ]
    if drawn.random() < 0.4:
        assets[0]["orders"] = _decimal(drawn, 1, 500, 8)
    quotes = ["USDT", *(["USDC"] if "USDC" in names else [])]
    rows = [_position(f"{coin}{drawn.choice(quotes)}", mode, drawn) for coin in drawn.sample(_COINS, positions + 2)]
    for row in rows:
        row["margin"] = "USDC" if row["symbol"].endswith("USDC") else "USDT"
    for row in rows[positions:]:
        row.pop("long", None)
        row.pop("short", None)
    return {"tier": drawn.randint(0, 9), "assets": assets, "positions": rows}


def _position(symbol: str, mode: Mode, drawn: random.Random) -> Json:
    entry = _decimal(drawn, 0.05, 70_000, drawn.choice([1, 2, 4, 5]))
    mark = f"{Decimal(entry) * Decimal(drawn.uniform(0.8, 1.25)):.8f}"
    size = _decimal(drawn, 0.01, 200, 3)
    side = drawn.choice(["long", "short"])
    row = {
        "symbol": symbol,
        side: size if side == "long" else f"-{size}",
        "entry": entry,
        "mark": mark,
        "leverage": drawn.choice(_LEVERAGES),
        "max": drawn.choice(_NOTIONALS),
        "time": drawn.randint(_FIRST, _LAST),
    }
    if mode.margin == "single-asset" and drawn.random() < 0.4:
        row["isolated"] = _decimal(drawn, 5, 40, 8)
    return row


def _coin_margined(positions: int, drawn: random.Random) -> Json:
    coins = drawn.sample(_COINS[:-1], max(positions, 1) + 1)
    assets = [
        {"asset": coin, "wallet": _decimal(drawn, 0.01, 50, 8), "time": drawn.randint(_FIRST, _LAST)} for coin in coins
    ]
    rows: list[Json] = []
    for index, coin in enumerate(coins):
        side = drawn.choice(["long", "short"])
        contracts = drawn.randint(1, 400)
        entry = _decimal(drawn, 0.5, 70_000, 8)
        row: Json = {
            "symbol": f"{coin}USD_{drawn.choice(['PERP', '261225', '270326'])}",
            "size": "100" if coin == "BTC" else "10",
            "leverage": drawn.choice(["0", *_LEVERAGES]),
            "max": drawn.choice(["50", "500", "1000000", "9223372036854775807"]),
            "margin": coin,
        }
        if index < positions:
            row |= {side: str(contracts if side == "long" else -contracts), "entry": entry}
            row |= {
                "mark": f"{Decimal(entry) * Decimal(drawn.uniform(0.8, 1.25)):.8f}",
                "time": drawn.randint(_FIRST, _LAST),
            }
        rows.append(row)
    return {"tier": drawn.randint(0, 9), "assets": assets, "positions": rows}


def _decimal(drawn: random.Random, low: float, high: float, places: int) -> str:
    """Draw a decimal, every magnitude as likely as any other."""
    value = low * (high / low) ** drawn.random()
    return f"{max(Decimal(value), Decimal(10) ** -places):.{places}f}"
