"""Symbols and assets are drawn from what everybody knows: consistently, of the same form, and in another order."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.disguise import members
from wireshape.disguise.answers import Disguise
from wireshape.disguise.draws import Draws
from wireshape.disguise.names import Names, Symbol, SymbolParser
from wireshape.disguise.privacy import Privacy

KNOWN = endpoints.load()
PUBLIC = members.load(resources.SCHEMAS).public
LEAN = KNOWN.get("usdm.rest.v3.account")
CODES = {*PUBLIC.coins, *PUBLIC.multiplied}


@pytest.fixture
def names() -> Names:
    return Names(Draws(b"seed"), PUBLIC)


@pytest.mark.parametrize(
    ("symbol", "form"),
    [
        ("BTCUSDT", r"[A-Z0-9]+USDT"),
        ("ETHUSDC", r"[A-Z0-9]+(?:USDC|BUSD|FDUSD|USD1)"),
        ("BTCUSD_PERP", r"[A-Z0-9]+USD_PERP"),
        ("BTCUSDT_261225", r"[A-Z0-9]+USDT_2[0-9]{5}"),
        ("BTCUSDT_20261225", r"[A-Z0-9]+USDT_[0-9]{8}"),
        ("1000SATSUSDT", r"(?:1000|1000000|1M)[A-Z]+USDT"),
        ("币安人生USDT", "[\u4e00-\u9fff]{4}USDT"),
        ("btcusdt", r"[a-z]{7}"),
        ("btcUSDT", r"[a-z]{3}USDT"),
        ("BTC/USDT:USDT", r"[A-Z]{3}/[A-Z]{4}:USDT"),
        ("USDT", r"USDT"),
        ("", r""),
    ],
)
def test_a_symbol_keeps_its_form(names: Names, symbol: str, form: str) -> None:
    made = names.symbol(symbol)
    assert re.fullmatch(form, made), made
    assert made == names.symbol(symbol)
    assert symbol in {"", "USDT"} or made != symbol


def test_an_asset_and_the_symbols_of_it_have_one_name(names: Names) -> None:
    assert names.symbol("BTCUSD_PERP") == f"{names.asset('BTC')}USD_PERP"
    assert names.symbol("ETHUSDC") == names.asset("ETH") + names.asset("USDC")
    assert names.asset("USDT") == "USDT"
    assert names.asset("BTC") in PUBLIC.coins


def test_names_are_replaced_wherever_words_speak_of_them() -> None:
    row = {"symbol": "BTCUSDT", "pair": "BTCUSD", "marginAsset": "LDUSDT", "note": "BTCUSDT_261225 is OPEN, BTC"}
    body = {"first": "BTCUSDT", "assets": [{"asset": "LDUSDT"}], "positions": [row], "msg": "no BTCUSDT"}
    text = Disguise(b"seed")(LEAN, json.dumps(body).encode()).decode()
    made = json.loads(text)
    (row,), coin = made["positions"], made["positions"][0]["symbol"].removesuffix("USDT")
    assert made["first"] == row["symbol"] == f"{coin}USDT"
    assert (row["pair"], row["marginAsset"]) == (f"{coin}USD", made["assets"][0]["asset"])
    assert re.fullmatch(rf"{coin}USDT_\d+ is OPEN, {coin}", row["note"])
    assert made["msg"] == f"no {coin}USDT"
    assert "BTC" not in text
    kept = Disguise(b"seed", privacy=Privacy.BALANCES)(LEAN, b'{"asset": "BTC", "msg": "no BTCUSDT"}')
    assert json.loads(kept) == {"asset": "BTC", "msg": "no BTCUSDT"}


def test_a_text_that_is_no_json_keeps_no_public_name() -> None:
    body = b'{"assets":[{"asset":"BNB","walletBalance":"1.5"}],"positions":[{"symbol":"1000SATSUSDT","ent'
    made = Disguise(b"seed")(LEAN, body)
    assert not [name for name in (b"BNB", b"SATS") if name in made]
    assert b"BNB" in Disguise(b"seed", privacy=Privacy.BALANCES)(LEAN, body)


def test_different_names_stay_different(names: Names) -> None:
    true = [f"{code}USDT" for code in CODES] + [f"Z{number:04}USDT" for number in range(600)]
    made = {names.symbol(symbol) for symbol in true}
    assert len(made) == len(true)
    assert {symbol for symbol in made if not symbol.endswith("USDT")} == set()


def test_more_names_than_there_are_end(names: Names) -> None:
    letters = [chr(65 + number) for number in range(26)]
    made = {names.asset(code) for code in [*(f"Z{number:04}" for number in range(2 * len(CODES))), *letters]}
    assert len(made) == 2 * len(CODES) + 26


@pytest.mark.parametrize(
    ("text", "symbol", "settlement"),
    [
        ("USDCUSDT", Symbol(base="USDC", quote="USDT", suffix=""), "USDT"),
        ("BTCFDUSD", Symbol(base="BTC", quote="FDUSD", suffix=""), "FDUSD"),
        ("ETHUSD_261225", Symbol(base="ETH", quote="USD", suffix="_261225"), "ETH"),
        ("ETHUSDT_261225", Symbol(base="ETH", quote="USDT", suffix="_261225"), "USDT"),
        ("ETHBTC", None, None),
    ],
)
def test_a_symbol_is_taken_apart(text: str, symbol: Symbol | None, settlement: str | None) -> None:
    parser = SymbolParser(PUBLIC)
    assert parser.parse(text) == symbol
    assert parser.settlement(text) == settlement


def _account(symbols: list[str], layout: dict[str, Any]) -> bytes:
    sides = ("LONG", "SHORT")
    rows = [{"symbol": each, "positionSide": side, "code": n} for n, each in enumerate(symbols) for side in sides]
    return json.dumps({"assets": [{"asset": "USDT"}], "positions": rows}, **layout).encode()


@pytest.mark.parametrize("layout", [{}, {"indent": 1}, {"separators": (",", ":")}])
def test_rows_are_shuffled_and_sides_stay_together(layout: dict[str, Any]) -> None:
    symbols = [f"{coin}USDT" for coin in PUBLIC.coins[:60]]
    body = _account(symbols, layout)
    seen = set()
    for seed in range(5):
        made = Disguise(bytes([seed]))(LEAN, body)
        rows = json.loads(made)["positions"]
        assert [row["positionSide"] for row in rows] == ["LONG", "SHORT"] * 60
        assert [row["symbol"] for row in rows[::2]] == [row["symbol"] for row in rows[1::2]]
        assert re.sub(rb'"[^"]*"|[0-9]+', b"", made) == re.sub(rb'"[^"]*"|[0-9]+', b"", body)
        seen.add(tuple(row["code"] for row in rows[::2]))
    assert len(seen) == 5
    assert tuple(range(60)) not in seen


def test_a_second_row_of_an_asset_stays_the_second() -> None:
    first, second = {"asset": "USDT", "walletBalance": "1.5"}, {"asset": "USDT", "walletBalance": ""}
    others = [{"asset": coin} for coin in PUBLIC.coins[:20]]
    body = json.dumps({"assets": [first, *others, second]}).encode()
    for seed in range(10):
        made = json.loads(Disguise(bytes([seed]))(LEAN, body))["assets"]
        assert [row["walletBalance"] != "" for row in made if row["asset"] == "USDT"] == [True, False]


def test_the_rows_of_a_short_array_stay_in_order() -> None:
    body = _account([f"{coin}USDT" for coin in PUBLIC.coins[:12]], {})
    for seed in range(10):
        rows = json.loads(Disguise(bytes([seed]))(LEAN, body))["positions"]
        assert [row["code"] for row in rows[::2]] == list(range(12))
