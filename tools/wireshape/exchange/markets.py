"""The symbols and assets that the exchange lists: those of the account, with precisions that fit its amounts.

The shape is that of https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Exchange-Information
and its counterpart for COIN-M; what no account tells is in markets.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

_NEVER = 4_133_404_800_000
"""The delivery date of a perpetual contract."""

_DIGITS = 5
"""How many digits of a price follow the first one."""

_LEAST, _MOST = 2, 8
"""The precision of a price that is not known, and the finest there is."""

_MULTIPLES = 10_000_000
"""The largest price and quantity, in steps."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """What the name of a symbol tells; `delivery` is in ms, or None for a perpetual."""

    symbol: str
    pair: str
    base: str
    quote: str
    delivery: int | None


def exchange_info(product: str, account: Json, weight: int, now: int) -> Json:
    """List the symbols and assets of an account with all its positions; `weight` is the limit per minute."""
    market = _markets()[product]
    info = market["info"]
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": weight}
    listed = {**info, "rateLimits": [limit, *info["rateLimits"]], "serverTime": now}
    if "asset" in market:
        listed["assets"] = [
            {"asset": each["asset"], "marginAvailable": each.get("marginAvailable", True), **market["asset"]}
            for each in account["assets"]
            if isinstance(each.get("asset"), str)
        ]
    return {**listed, "symbols": list(_symbols(market, account))}


@cache
def _markets() -> Json:
    markets: Json = orjson.loads(Path(__file__).with_name("markets.json").read_bytes())
    return markets


def _symbols(market: Json, account: Json) -> Iterator[Json]:
    rows: dict[str, list[Json]] = {}
    for row in account["positions"]:
        if isinstance(row.get("symbol"), str):
            rows.setdefault(row["symbol"], []).append(row)
    quotes = set(market["quotes"])
    if "sizes" not in market:
        quotes |= {each["asset"] for each in account["assets"] if isinstance(each.get("asset"), str)}
    contracts = [_contract(symbol, quotes) for symbol in rows]
    for contract in contracts:
        yield _symbol(market, contract, _type(contract, contracts), rows[contract.symbol])


def _contract(symbol: str, quotes: Iterable[str]) -> Contract:
    """Read `BTCUSDT`, `BTCUSDT_261225`, `BTCUSD_PERP`; a quote asset that is not known is none of the name."""
    pair, _, expiry = symbol.partition("_")
    quote = max((each for each in quotes if pair.endswith(each) and pair != each), key=len, default="")
    base = pair.removesuffix(quote)
    return Contract(symbol=symbol, pair=pair, base=base, quote=quote or base, delivery=_delivery(expiry))


def _delivery(expiry: str) -> int | None:
    """Give 8:00 UTC of a day written yymmdd in ms, None where it is none."""
    try:
        day = datetime.strptime(f"{expiry} 08", "%y%m%d %H").replace(tzinfo=UTC)
    except ValueError:
        return None
    return round(day.timestamp() * 1000)


def _type(contract: Contract, contracts: Iterable[Contract]) -> str:
    if contract.delivery is None:
        return "PERPETUAL"
    others = (other.delivery for other in contracts if other.pair == contract.pair and other.delivery)
    return "CURRENT_QUARTER" if contract.delivery == min(others) else "NEXT_QUARTER"


def _symbol(market: Json, contract: Contract, kind: str, rows: list[Json]) -> Json:
    price, places = _price_places(rows), _quantity_places(rows, market["places"])
    sizes: Mapping[str, int] = market.get("sizes", {})
    size = {"contractSize": sizes.get(contract.base, sizes[""])} if sizes else {}
    return {
        "symbol": contract.symbol, "pair": contract.pair, "contractType": kind,
        "deliveryDate": contract.delivery or _NEVER, **size, "marginAsset": contract.base if sizes else contract.quote,
        "baseAsset": contract.base, "quoteAsset": contract.quote, "pricePrecision": price, "quantityPrecision": places,
        **market["symbol"], "filters": [*_step_filters(price, places), *market["filters"]],
    }  # fmt: skip


def _step_filters(price: int, places: int) -> Iterator[Json]:
    tick, step = Decimal(1).scaleb(-price), Decimal(1).scaleb(-places)
    yield {
        "filterType": "PRICE_FILTER",
        "minPrice": f"{tick:f}",
        "maxPrice": f"{tick * _MULTIPLES:f}",
        "tickSize": f"{tick:f}",
    }
    for name in ("LOT_SIZE", "MARKET_LOT_SIZE"):
        yield {"filterType": name, "minQty": f"{step:f}", "maxQty": f"{step * _MULTIPLES:f}", "stepSize": f"{step:f}"}


def _price_places(rows: list[Json]) -> int:
    """Give as many places as keep six digits of the symbol's price."""
    price = next(filter(None, map(_price, rows)), None)
    return _LEAST if price is None else min(max(_DIGITS - price.adjusted(), 0), _MOST)


def _price(row: Json) -> Decimal | None:
    entry = _decimal(row.get("entryPrice"))
    amount, value = _decimal(row.get("positionAmt")), _decimal(row.get("notional"))
    return entry or (abs(value / amount) if amount and value else None)


def _quantity_places(rows: list[Json], default: int) -> int:
    amounts = [amount for row in rows if (amount := _decimal(row.get("positionAmt")))]
    places = [-exponent for each in amounts if isinstance(exponent := each.as_tuple().exponent, int)]
    return min(max(0, *places), _MOST) if places else default


def _decimal(text: object) -> Decimal | None:
    """Read an amount; None where it is none, as a recorded answer may hold anything."""
    try:
        amount = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None
