"""Random accounts keep every finding, sound or with faults in them, and agree with themselves over one run."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest

from faulty_answers import faulty
from random_accounts import KNOWN, NUMBER, RandomAccount, accounts
from wireshape import resources
from wireshape.check.run import check
from wireshape.disguise import members, reading
from wireshape.disguise.answers import Disguise
from wireshape.disguise.privacy import Privacy
from wireshape.model import Endpoint, Finding, Interaction

MEMBERS = members.load(resources.SCHEMAS)
PRODUCTS = pytest.mark.parametrize("product", ["usdm", "coinm"])


def _kept(item: Interaction) -> tuple[Finding, ...]:
    """Find what a disguise keeps: it draws sizes and prices apart."""
    return check([replace(item, disguised=True)], KNOWN).findings


def _findings(item: Interaction) -> Counter[tuple[str, str, int]]:
    return Counter((finding.rule, finding.path, finding.count) for finding in _kept(item))


def _seed(account: RandomAccount) -> bytes:
    return f"seed {account.number}".encode()


@PRODUCTS
def test_findings_stay_the_same(product: str) -> None:
    for account in accounts(NUMBER, product):
        for privacy in Privacy:
            disguise = Disguise(_seed(account), privacy=privacy)
            for endpoint in account.endpoints():
                item = account.interaction(endpoint)
                other = replace(item, body=disguise(endpoint, item.body))
                assert other.body != item.body
                assert _findings(other) == _findings(item), (account.number, endpoint.id, privacy)


@PRODUCTS
def test_findings_of_faulty_answers_stay_the_same(product: str) -> None:
    broken: Counter[str] = Counter()
    for account in accounts(NUMBER * 2, product, seed=2):
        for endpoint in account.endpoints():
            drawn = random.Random(f"{account.number} {endpoint.id}")  # noqa: S311 - faults for a test
            item = account.interaction(endpoint)
            body = faulty(json.loads(item.body), endpoint.payload, drawn)
            item = replace(item, body=body, mode=drawn.choice([item.mode, None]))
            found = _findings(item)
            broken.update({rule for rule, _, _ in found})
            for privacy in Privacy:
                other = replace(item, body=Disguise(_seed(account), privacy=privacy)(endpoint, body))
                assert _findings(other) == found, (account.number, endpoint.id, privacy)
    assert {"invariant-broken", "value-malformed", "type-mismatch", "field-missing", "field-undocumented"} < set(broken)


def _amounts(endpoint: Endpoint, body: bytes) -> dict[tuple[str, ...], str]:
    read = reading.read(endpoint, body.decode(), json.loads(body), MEMBERS)
    return {member.name: member.leaf.text for member in read.members if member.amount}


def test_answers_of_one_account_agree() -> None:
    for account in accounts(NUMBER):
        # What the pages leave out, the wire has: without isolatedWallet in one answer, another may have no room for it.
        mock = replace(account.account, evidence=frozenset({"documented", "undocumented"}))
        account = replace(account, account=mock)  # noqa: PLW2901 - the account with every field
        disguise = Disguise(_seed(account), privacy=Privacy.BALANCES)
        found = [_amounts(each, disguise(each, account.body(each))) for each in account.endpoints()]
        seen: dict[tuple[str, ...], set[str]] = {}
        for name, text in chain.from_iterable(each.items() for each in found):
            seen.setdefault(name, set()).add(text)
        assert {name: texts for name, texts in seen.items() if len(texts) > 1} == {}, account.number


def test_amounts_that_are_equal_by_chance_do_not_stay_equal() -> None:
    rows = [{"asset": asset, "walletBalance": "5000.00000000"} for asset in ("USDT", "USDC", "BTC")]
    body = json.dumps({"assets": rows, "positions": []}).encode()
    made = json.loads(Disguise(b"seed")(KNOWN.get("usdm.rest.v3.account"), body))
    assert len({row["walletBalance"] for row in made["assets"]}) == 3


def test_two_runs_have_no_amount_in_common() -> None:
    account = next(account for account in accounts(NUMBER) if account.positions)
    endpoint = account.endpoints()[0]
    one, other = (
        _amounts(endpoint, Disguise(seed, privacy=Privacy.BALANCES)(endpoint, account.body(endpoint)))
        for seed in (b"one", b"other")
    )
    long = [name for name, text in one.items() if len(text.strip("0.")) > 5]
    assert long
    assert not [name for name in long if one[name] == other[name]]
