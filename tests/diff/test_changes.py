"""Changes from one shape to another: cases for each rule, and laws that hold for all shapes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import cases
from strategies import BODIES, EXACT, OBSERVED
from wireshape.diff import shape
from wireshape.diff.changes import compare
from wireshape.diff.shape import Shape
from wireshape.findings import describe, rules


def _shape(told: dict[str, Any]) -> Shape:
    if "contract" in told:
        return shape.of_contract("a contract", told["contract"], told.get("membership"))
    return shape.of_bodies("answers", told["bodies"])


@pytest.mark.parametrize("case", cases("diff"))
def test_case(case: dict[str, Any]) -> None:
    found = compare(_shape(case["base"]), _shape(case["current"])).changes
    wanted = case["changes"]
    assert sorted((c.kind, c.path) for c in found) == sorted((c["kind"], c["path"]) for c in wanted)
    by_place = {(change.kind, change.path): change for change in found}
    for each in wanted:
        change = by_place[each["kind"], each["path"]]
        words = {side: describe.operands((getattr(change, side),), ()) for side in ("base", "current")}
        seen = {"kind": change.kind, "path": change.path, "rename": change.rename, **words}
        assert {name: seen[name] for name in each} == each


@settings(max_examples=200)
@given(EXACT | OBSERVED)
def test_nothing_differs_from_itself(known: Shape) -> None:
    assert compare(known, known).changes == ()


@settings(max_examples=200)
@given(BODIES, st.randoms())
def test_the_order_of_answers_does_not_matter(found: list[Any], random: Any) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert compare(shape.of_bodies("a", found), shape.of_bodies("b", shuffled)).changes == ()


@settings(max_examples=200)
@given(st.tuples(EXACT, EXACT) | st.tuples(OBSERVED, OBSERVED))
def test_swapping_sides_swaps_what_is_lost_and_gained(sides: tuple[Shape, Shape]) -> None:
    base, current = sides
    pairs = {"field-removed": "field-added", "membership-changed": "membership-changed"}
    pairs |= {"enum-value-added": "enum-value-removed", "evidence-changed": "evidence-changed"}
    there = {(change.kind, change.path) for change in compare(base, current).changes}
    back = {(change.kind, change.path) for change in compare(current, base).changes}
    for kind, opposite in pairs.items():
        assert {path for k, path in there if k == kind} == {path for k, path in back if k == opposite}, kind


@settings(max_examples=200)
@given(EXACT | OBSERVED, EXACT | OBSERVED)
def test_any_two_shapes_are_compared_and_a_change_is_of_a_field_one_side_has(base: Shape, current: Shape) -> None:
    for change in compare(base, current).changes:
        assert change.kind in rules.load()
        assert change.kind == "membership-changed" or change.path in base.fields | current.fields


@given(EXACT, EXACT)
def test_two_contracts_differ_seen_from_either_side(base: Shape, current: Shape) -> None:
    assert bool(compare(base, current).changes) is bool(compare(current, base).changes)
