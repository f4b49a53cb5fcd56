"""Attacks on recordings: each finds the wallet where all balances were multiplied by one factor, and none where drawn.

The attacks are listed in tools/wireshape/disguise/README.md. With WIRESHAPE_ACCOUNTS=800 in the environment, they are
made on 800 accounts; the suite takes some.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import attacks
from attacks import Attack, Knowledge
from random_accounts import KNOWN, NUMBER, RandomAccount, accounts
from weak_disguise import multiplied
from wireshape.disguise import answers
from wireshape.disguise.answers import Disguise
from wireshape.disguise.privacy import Privacy
from wireshape.exchange.account import MockAccount
from wireshape.model import Mode

LEAN = KNOWN.get("usdm.rest.v3.account")
CLOSE = Fraction(1, 1000)
KINDS = [
    pytest.param(attacks.common_divisor, 0, id="lattice, nothing known"),
    pytest.param(attacks.lattice_with_known, 1, id="lattice, one balance known"),
    pytest.param(attacks.lattice_with_known, 2, id="lattice, two balances known"),
    pytest.param(attacks.known_balances, 1, id="one balance known"),
    pytest.param(attacks.known_balances, 2, id="two balances known"),
    pytest.param(attacks.round_numbers, 0, id="round numbers"),
    pytest.param(attacks.margin_tables, 0, id="margin tables"),
    pytest.param(attacks.price_history, 0, id="price history"),
]
Published = Callable[[bytes], Any]


def _victim() -> RandomAccount:
    """Give an account that every attack knows something of: round balances, bracket margins, few steps."""
    row = {"leverage": "20", "max": "80000000", "time": 1_760_000_000_123}
    state = {
        "assets": [
            {"asset": "USDT", "wallet": "98765.43218767", "time": 1_760_000_000_123},
            {"asset": "USDC", "wallet": "5000.00000000", "time": 1_760_000_000_124},
            {"asset": "BNB", "wallet": "0.01849866", "time": 1_760_000_000_125},
        ],
        "positions": [
            {"symbol": "BTCUSDT", "long": "1.850", "entry": "64200.10", "mark": "65012.31371873", **row},
            {"symbol": "ETHUSDT", "short": "-0.149", "entry": "3120.55", "mark": "3098.21938719", **row},
            {"symbol": "SOLUSDT", "long": "0.230", "entry": "151.13", "mark": "148.70218871", **row},
            {"symbol": "XRPUSDT", "short": "-901.700", "entry": "2.1313", "mark": "2.30171397", **row},
        ],
    }
    account = MockAccount(states={"usdm": {"single-asset": state}})
    return RandomAccount(number=0, mode=Mode.parse("single-asset.one-way"), positions=4, account=account)


def _true(account: RandomAccount) -> Any:
    """Give what the account answers, with the maintenance margin of the published brackets in its first position."""
    payload = json.loads(account.body(LEAN))
    if payload["positions"]:
        notional = abs(Decimal(payload["positions"][0]["notional"]))
        payload["positions"][0]["maintMargin"] = (
            f"{notional * Decimal('0.005') - 50 if notional > 50000 else notional * Decimal('0.004'):.8f}"
        )
    return payload


def _knowledge(account: RandomAccount, true: Any, known: int) -> Knowledge:
    """Tell an attacker prices and balances, but none that is about the wallet itself."""
    wallet = attacks.wallet(true)
    told = {
        path: size for path, size in attacks.amounts(true).items() if wallet and abs(size / wallet - 1) > Fraction(1, 5)
    }
    chosen = random.Random(account.number).sample(sorted(told), min(known, len(told)))  # noqa: S311 - for a test
    return Knowledge(balances={path: told[path] for path in chosen}, prices=account.prices())


def _found(account: RandomAccount, published: Published, attack: Attack, known: int) -> bool:
    true = _true(account)
    guess = attack([published(json.dumps(true).encode())], _knowledge(account, true, known))
    return guess is not None and abs(guess / attacks.wallet(true) - 1) < CLOSE


def _weak(body: bytes) -> Any:
    return multiplied(json.loads(body))


def _drawn(number: int) -> Published:
    """Disguise amounts alone: who reads the true names and times knows more."""
    return lambda body: json.loads(Disguise(f"{number}".encode(), privacy=Privacy.BALANCES)(LEAN, body))


@pytest.mark.parametrize(("attack", "known"), KINDS)
def test_an_attack_undoes_a_common_factor_and_not_a_draw(attack: Attack, known: int) -> None:
    assert _found(_victim(), _weak, attack, known)
    assert not [number for number in range(10) if _found(_victim(), _drawn(number), attack, known)]


@pytest.mark.parametrize(("attack", "known"), KINDS)
def test_no_attack_recovers_a_wallet(attack: Attack, known: int) -> None:
    found = Counter(_found(account, _drawn(account.number), attack, known) for account in accounts(NUMBER))
    # Who guesses the magnitude within six orders, and nothing else, is within 0.1 % once in 7,000 times.
    assert found[True] <= 1 + NUMBER // 400


def test_two_recordings_a_day_apart_are_not_linked() -> None:
    recovered = linkable = 0
    for account in accounts(NUMBER):
        true = [_true(account), _true(account.a_day_later())]
        if attacks.linked(*true):
            assert attacks.linked(multiplied(true[0]), multiplied(true[1], Decimal("91.7003812774")))
            linkable += 1
        drawn = [_drawn(number)(json.dumps(each).encode()) for number, each in enumerate(true)]
        assert not attacks.linked(*drawn), account.number
        guess = attacks.common_divisor(drawn, Knowledge())
        recovered += guess is not None and abs(guess / attacks.wallet(true[0]) - 1) < CLOSE
    assert recovered <= 1 + NUMBER // 400
    assert linkable > NUMBER // 4


def test_averages_of_many_recordings_tell_nothing() -> None:
    # With a factor, however wide, the mean of the logarithms of some recordings would tell the magnitude.
    def mean(body: bytes) -> float:
        import math

        seen = [float(attacks.wallet(_drawn(number)(body))) for number in range(10)]
        return math.exp(sum(map(math.log, seen)) / len(seen))

    small, large = _victim(), _victim()
    state = json.loads(json.dumps(small.account.states))
    state["usdm"]["single-asset"]["assets"][0]["wallet"] = "4000098765.43218767"
    large = RandomAccount(number=1, mode=small.mode, positions=4, account=MockAccount(states=state))
    assert mean(json.dumps(_true(small)).encode()) == mean(json.dumps(_true(large)).encode())


def test_words_that_no_rule_knows_keep_no_digits() -> None:
    body = json.dumps({"note": "you hold 98765.43 USDT", "more": "1,234", "held": 1234}).encode()
    made = Disguise(b"seed")(LEAN, body).decode()
    assert not [part for part in ("98765", "1,234", "1234") if part in made]
    assert "you hold " in made


def test_what_is_no_json_keeps_no_digits_and_no_length() -> None:
    body = b'{"walletBalance": "5000.00000000", "notional": 1234567'
    made = {len(Disguise(bytes([seed]))(LEAN, body)) for seed in range(20)}
    assert len(made) > 1
    assert all(b"5000" not in Disguise(bytes([seed]))(LEAN, body) for seed in range(20))


def test_every_attack_of_the_threat_model_is_a_test() -> None:
    page = (Path(answers.__file__).parent / "README.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    written = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert named
    assert [name for name in named if f"def {name}(" not in written] == []
    attacks_of_page = page.split("## What they can try")[1].split("##")[0].splitlines()
    rows = [line for line in attacks_of_page if line.startswith("| ")][2:]
    assert len(rows) > 10
    assert [row for row in rows if "`test_" not in row] == []
