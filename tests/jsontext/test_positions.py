"""Positions: a value is where it is said to be, and what is absent is where its parent is."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from strategies import VALUES, paths_of
from wireshape.jsontext import parser, paths
from wireshape.jsontext.positions import Position


@given(VALUES)
def test_located_values_are_where_they_are_said_to_be(value: Any) -> None:
    document = {"positions": [value, value]}
    text = json.dumps(document, indent=1)
    wanted = paths_of(document)
    places = parser.parse(text.encode()).positions(wanted)
    lines = text.split("\n")
    for path in wanted:
        at = places[path]
        start = sum(len(each) + 1 for each in lines[: at.line - 1]) + at.column - 1
        assert json.JSONDecoder().raw_decode(text, start)[0] == paths.at(document, path)


def test_what_is_absent_is_located_at_its_parent() -> None:
    body = b'{\n "a": [\n  {"b": 1}]}'
    assert parser.parse(body).positions([("a", 0, "c"), ("a", 5), ("z",)]) == {
        ("a", 0, "c"): Position(3, 3),
        ("a", 5): Position(2, 7),
        ("z",): Position(1, 1),
    }
