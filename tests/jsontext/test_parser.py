"""The strict parser: what it says of keys that are not the first of their name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from strategies import VALUES
from wireshape.jsontext import parser


@given(st.lists(st.tuples(st.sampled_from("abc"), VALUES), max_size=4))
def test_a_key_is_called_duplicate_exactly_when_it_is(members: list[tuple[str, Any]]) -> None:
    text = "{" + " , ".join(f"{json.dumps(key)} : {json.dumps(value)}" for key, value in members) + "}"
    try:
        body = parser.parse(text.encode())
    except parser.BodyError:
        return  # a lone surrogate, or an integer past what a double holds
    keys = [key for key, _ in members]
    again = [(key,) for index, key in enumerate(keys) if key in keys[:index]]
    assert [path for path in body.duplicates if len(path) == 1] == again
