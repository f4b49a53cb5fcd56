"""Whatever an answer holds, it is disguised with its findings as they were, or refused."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wireshape.catalog import endpoints
from wireshape.check.run import check
from wireshape.disguise.answers import Disguise
from wireshape.disguise.privacy import Privacy
from wireshape.errors import InputError
from wireshape.model import Endpoint, Finding, Interaction, Location

KNOWN = endpoints.load()
LEAN = KNOWN.get("usdm.rest.v3.account")
SEED = b"a seed of the tests"
NAMES = ["assets", "positions", "asset", "symbol", "positionSide", "walletBalance", "crossWalletBalance", "leverage"]
NAMES += ["unrealizedProfit", "marginBalance", "isolatedWallet", "updateTime", "result", "id", "feeTier", "other"]
WORDS = st.sampled_from(["USDT", "BTCUSDT", "5.5", "-0.00000001", "", "1E7", "2.8E-4"])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[Any] = st.one_of(WORDS, st.text(max_size=9), st.none(), st.booleans(), NUMBERS)
ANY = st.recursive(
    VALUES, lambda some: st.lists(some, max_size=4) | st.dictionaries(st.sampled_from(NAMES), some, max_size=7)
)


def _kept(item: Interaction) -> tuple[Finding, ...]:
    """Find what a disguise keeps: it draws sizes and prices apart."""
    return check([replace(item, disguised=True)], KNOWN).findings


def _findings(endpoint: Endpoint, body: bytes) -> Counter[tuple[str, str, int]]:
    place = Location(file="body")
    item = Interaction(endpoint=endpoint, mode=None, origin=None, status=None, body=body, location=place)
    return Counter((finding.rule, finding.path, finding.count) for finding in _kept(item))


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        (b'{"walletBalance":"23724.69206417","asse', b"23724"),
        (b"<html>request ip: 8.8.4.4</html>", b"8.8.4.4"),
        (b'{"code":-2015,"msg":"Invalid API-key, IP, request ip: 8.8.4.4"}', b"8.8.4.4"),
        (b'{"assets":[{"walletBalance":"1.2345","walletBalance":"5.4321"}]}', b"1.2345"),
        (b'\xef\xbb\xbf{"totalWalletBalance":"23724.69206417"}', b"23724"),
        (b"\xff\xfe\x00 23724.69206417", b"23724"),
        (b'{"totalWalletBalance":23724.69206417}', b"23724"),
        (b'{"totalWalletBalance":"23.724,69"}', b"23.724"),
    ],
)
def test_what_is_no_account_gives_nothing_away(body: bytes, gone: bytes) -> None:
    assert gone not in Disguise(SEED)(LEAN, body)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: json.dumps({"walletBalance": text}).encode()))
def test_any_bytes_are_disguised(body: bytes) -> None:
    Disguise(SEED)(LEAN, body)


@settings(deadline=None)
@given(ANY, st.sampled_from([endpoint.id for endpoint in KNOWN.endpoints]))
def test_any_json_is_disguised_or_refused(value: Any, endpoint: str) -> None:
    body, asked = json.dumps(value).encode(), KNOWN.get(endpoint)
    for privacy in Privacy:
        try:
            made = Disguise(SEED, privacy=privacy)(asked, body)
        except InputError:
            continue
        assert _findings(asked, made) == _findings(asked, body)


def test_what_has_no_other_amounts_is_refused() -> None:
    # Amounts beyond all reason are malformed, and nobody adds up malformed ones; yet an invariant speaks of these.
    row = {"asset": "USDT", "walletBalance": "2E101", "unrealizedProfit": "3E101", "marginBalance": "5E101"}
    body = json.dumps({"assets": [row], "positions": []}).encode()
    with pytest.raises(InputError, match="no other amounts fit"):
        Disguise(SEED)(LEAN, body)


def test_a_text_that_is_no_json_for_a_number_alone_stays_no_json() -> None:
    body = b'{"walletBalance": 1' + b"0" * 400 + b"}"
    made = Disguise(SEED)(LEAN, body)
    assert made != body
    assert _findings(LEAN, made) == _findings(LEAN, body)
