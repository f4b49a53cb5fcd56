"""Shapes: what holds in any of several, and what an answer has of the shape it is part of."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import BODIES, EXACT
from wireshape.diff import shape
from wireshape.diff.changes import compare
from wireshape.diff.shape import Shape


@settings(max_examples=200)
@given(st.lists(EXACT, min_size=1, max_size=3))
def test_merging_is_symmetric_and_associative(shapes: list[Shape]) -> None:
    whole = shape.merged("all", shapes)
    for order in permutations(shapes):
        assert shape.merged("all", order).fields == whole.fields
    if len(shapes) == 3:
        left = shape.merged("left", shapes[:2])
        assert shape.merged("all", [left, shapes[2]]).fields == whole.fields


@settings(max_examples=200)
@given(BODIES)
def test_an_answer_differs_in_nothing_from_itself_and_its_parts_only_in_presence(found: list[Any]) -> None:
    whole = shape.of_bodies("all", found)
    for each in found:
        kinds = {change.kind for change in compare(whole, shape.of_bodies("one", [each])).changes}
        assert kinds <= {"field-removed", "became-required"}


def test_true_and_one_are_two_values() -> None:
    first, second = {"a": [True]}, {"a": [1, 1_000_000_000]}
    there, back = (shape.of_bodies("", bodies) for bodies in ([first, second], [second, first]))
    assert there == back
    assert there.fields["a[]"].values == frozenset({"true", "1", "1000000000"})
