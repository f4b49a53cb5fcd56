"""What is masked in whatever is printed: secrets by looks and by name, known ones in pieces, and nothing else."""

from __future__ import annotations

import base64
import random
import string
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook import cases
from wireshape.findings import describe, redaction, secret_pieces
from wireshape.findings.redaction import MASK

KEY = "".join(random.Random(11).choices(string.ascii_letters + string.digits, k=64))  # noqa: S311 - opens nothing


@pytest.mark.parametrize("case", cases("redaction"))
def test_a_line_shows_no_secret(case: dict[str, Any]) -> None:
    line = case["line"].replace("KEY", KEY).replace("~", "")
    assert redaction.text(line) == case["shown"]


@given(st.text() | st.text(alphabet="ae:@. =/\"'<>-#[cokie%40"))
def test_what_is_masked_stays_masked(line: str) -> None:
    once = redaction.text(line)
    assert once.isprintable()
    assert redaction.text(once) == once


@pytest.mark.parametrize("value", ["1234", 1234, 12.5])
@pytest.mark.parametrize("name", ["apiSecret", "accessToken", "password", "subAccount", "email", "uid"])
def test_a_field_by_its_name_shows_no_value(name: str, value: object) -> None:
    assert MASK in describe.literal(value, ("rows", 0, name, "value"))


@pytest.mark.parametrize("name", ["walletBalance", "asset", "feeTier", "tradeGroupId", "accountType"])
def test_another_field_shows_its_value(name: str) -> None:
    assert MASK not in describe.literal("1234", (name,))


SPLITS = {
    "whole": KEY,
    "the first 20": KEY[:20],
    "the first 32": KEY[:32],
    "the last 12": KEY[-12:],
    "lower case": KEY.lower(),
    "blanks": " ".join(KEY[i : i + 4] for i in range(0, 64, 4)),
    "dots": ".".join(KEY),
    "commas": ", ".join(KEY[i : i + 8] for i in range(0, 64, 8)),
    "backwards": KEY[::-1],
    "hexadecimal": KEY.encode().hex(),
    "base64 of a part, within another text": base64.b64encode(f"x{KEY[5:40]}".encode()).decode(),
    "lines": "\n".join(KEY[i : i + 10] for i in range(0, 64, 10)),
}


@pytest.mark.parametrize("piece", SPLITS.values(), ids=SPLITS)
def test_a_known_key_is_masked_in_pieces_and_apart(piece: str) -> None:
    shown = secret_pieces.mask(f"asked with {piece}; denied", [KEY])
    assert MASK in shown
    assert piece not in shown
    assert not any(KEY[i : i + 4].lower() in shown.lower() for i in range(61))


def test_a_masked_body_is_still_json() -> None:
    body = orjson.dumps({"a": KEY[:20], "b": [KEY[20:40], KEY[40:]], "c": {"d": ".".join(KEY)}, "e": 1}).decode()
    assert orjson.loads(secret_pieces.mask(body, [KEY]))["e"] == 1


@pytest.mark.parametrize("secret", ["", "12", "1000", KEY[:11]])
def test_what_is_too_short_to_tell_from_words_stays(secret: str) -> None:
    text = f"of 1000.12 and {KEY[:10]}"
    assert secret_pieces.mask(text, [secret]) == text


@given(st.text(), st.lists(st.text(alphabet=string.ascii_letters, min_size=16, max_size=20)))
def test_secrets_that_are_not_there_change_nothing(text: str, secrets: list[str]) -> None:
    letters = "".join(filter(str.isalnum, text)).lower()
    if not any(secret.lower()[i : i + 12] in letters for secret in secrets for i in range(len(secret) - 11)):
        assert secret_pieces.mask(text, secrets) == text
