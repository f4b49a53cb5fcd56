"""Attacks on a disguise: what the public tables of the exchange, or words and odd bodies, could give away."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from wireshape.catalog import endpoints
from wireshape.disguise.answers import Disguise
from wireshape.findings import redaction

KNOWN = endpoints.load()
LEAN = "usdm.rest.v3.account"


def test_maintenance_margins_do_not_give_the_factor_of_balances_away() -> None:
    # The published table: 0.4 % of the notional, from 50,000 on 0.5 % less 50. Under any common factor two positions of
    # different tiers tell the fixed amount, and with it every balance.
    notionals = [Decimal(20000), Decimal(120000)]
    margins = [Decimal(80), Decimal(550)]
    rows = [{"notional": f"{n:.8f}", "maintMargin": f"{m:.8f}"} for n, m in zip(notionals, margins, strict=True)]
    body = json.dumps({"assets": [{"walletBalance": "98765.43210000"}], "positions": rows}).encode()
    for _ in range(20):
        made = json.loads(Disguise()(KNOWN.get(LEAN), body))
        balance = Decimal(made["assets"][0]["walletBalance"])
        lesser, larger = [{name: Decimal(value) for name, value in row.items()} for row in made["positions"]]
        ratio = lesser["maintMargin"] / lesser["notional"] / Decimal("0.004")
        fixed = larger["notional"] * Decimal("0.005") * ratio - larger["maintMargin"]
        guessed = balance / (fixed / 50 / ratio) if fixed else Decimal(0)
        assert abs(guessed - Decimal("98765.4321")) > 1


def test_words_that_no_rule_knows_keep_no_digits() -> None:
    body = json.dumps({"note": "you hold 98765.43 USDT", "more": "1,234", "held": 1234}).encode()
    made = Disguise()(KNOWN.get(LEAN), body).decode()
    assert not [part for part in ("98765", "1,234", "1234") if part in made]
    assert "you hold " in made


def test_what_is_no_json_keeps_no_digits() -> None:
    # By chance a number may be drawn again: what must not be is that a number is more often itself than any other.
    body = b'{"positionAmt": "15", "notional": 1234567'
    made = [Disguise(bytes([seed]))(KNOWN.get(LEAN), body).decode() for seed in range(60)]
    numbers = [re.findall(r"[0-9]+", each) for each in made]
    for kept, drawn in zip(("15", "1234567"), zip(*numbers, strict=True), strict=True):
        assert len(set(drawn)) > 30
        assert drawn.count(kept) <= 3


def test_factors_differ_from_run_to_run_and_from_kind_to_kind() -> None:
    body = json.dumps({"assets": [{"walletBalance": "1000.00000000", "maintMargin": "1000.00000000"}]}).encode()
    seen = {Disguise()(KNOWN.get(LEAN), body) for _ in range(20)}
    assert len(seen) == 20
    for each in seen:
        row = json.loads(each)["assets"][0]
        assert float(row["maintMargin"]) < float(row["walletBalance"])
    assert redaction.MASK not in "".join(each.decode() for each in seen)
