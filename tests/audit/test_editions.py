"""Differences of two editions: laws that hold for all examples, and deepdiff as an oracle of what differs where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from deepdiff import DeepDiff
from hypothesis import given, settings
from hypothesis import strategies as st

from wireshape.audit.editions import DifferenceKind, MemberOrder, differences
from wireshape.jsontext import paths
from wireshape.model import InstancePath

SCALARS = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.decimals(-2, 2, places=1) | st.sampled_from(["", "0", "a"])
)
EXAMPLES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=15,
)
ROW_KEYS = (("asset",), ("symbol", "side"))
ROWS = st.dictionaries(st.sampled_from(["USDT", "BTC", "ETH", "U"]), st.dictionaries(st.sampled_from("abc"), EXAMPLES))


def _found(base: Any, current: Any) -> set[InstancePath]:
    """Give the paths of all that differs but the order of members."""
    found = differences(base, current, ROW_KEYS)
    return {each.path for each in found if each.kind is not DifferenceKind.ORDER}


def _places(base: Any, current: Any) -> set[InstancePath]:
    """Give the paths at which deepdiff finds anything; for rows that one side alone has, the path of the array."""
    tree = DeepDiff(base, current, view="tree", threshold_to_diff_deeper=0, zip_ordered_iterables=True)
    found = set()
    for kind, group in tree.items():
        for item in group:
            path = tuple(item.path(output_format="list"))
            found.add(path[:-1] if kind.startswith("iterable_item") else path)
    return found


@settings(max_examples=120)
@given(EXAMPLES, EXAMPLES)
def test_deepdiff_finds_the_same_places(base: Any, current: Any) -> None:
    assert _found(base, current) == _places(base, current)


def _listed(rows: dict[str, dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    return [{"asset": name, **rows[name]} for name in names]


@settings(max_examples=80)
@given(ROWS, ROWS, st.data())
def test_rows_are_compared_by_their_names_where_their_number_differs(
    base: dict[str, Any], current: dict[str, Any], data: st.DataObject
) -> None:
    mine, others = (data.draw(st.permutations(sorted(rows))) for rows in (base, current))
    found = _found(_listed(base, mine), _listed(current, others))
    both = [name for name in others if name in base]
    if len(mine) == len(others) and set(mine) != set(others):
        return  # as many rows, and others: they are compared by their place
    wanted = {(others.index(name), *path) for name in both for path in _places(base[name], current[name])}
    assert found == wanted | ({()} if len(mine) != len(others) else set())


@given(EXAMPLES)
def test_nothing_differs_from_itself(example: Any) -> None:
    assert list(differences(example, example, ROW_KEYS)) == []


def _sides(base: Any, current: Any) -> list[tuple[str, str]]:
    """Give kind and place of each difference; of members in another order the place of their object."""
    found = differences(base, current, ROW_KEYS)
    return [(e.kind, paths.collapse(e.path[:-1] if isinstance(e.base, MemberOrder) else e.path)) for e in found]


@given(EXAMPLES, EXAMPLES)
def test_swapping_sides_swaps_what_is_missing_and_added(base: Any, current: Any) -> None:
    opposite: dict[str, str] = {"missing": "added", "added": "missing"}
    there = [(opposite.get(kind, kind), place) for kind, place in _sides(base, current)]
    assert sorted(there) == sorted(_sides(current, base))


def test_a_number_is_compared_as_it_is_written() -> None:
    (each,) = differences({"a": Decimal("0.1")}, {"a": 0}, ())
    assert (each.kind, each.path) == (DifferenceKind.TYPE, ("a",))
    assert list(differences({"a": Decimal("0.10")}, {"a": Decimal("0.1")}, ())) == []
