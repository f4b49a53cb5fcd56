"""Paths: laws that hold between how a path is written, what stands there, and the places it stands for."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from strategies import VALUES, paths_of
from wireshape.jsontext import paths
from wireshape.model import InstancePath

NAMES = st.text("abZ_1é-", min_size=1, max_size=3)
NAMED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", "abc"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
"""Values whose keys say nothing that a path spells in another way."""
STEPS = st.lists(NAMES | st.integers(0, 3), max_size=4).map(tuple)


def _stepped(value: Any, path: InstancePath) -> Any:
    for step in path:
        value = value[step]
    return value


@given(VALUES)
def test_what_stands_at_a_path_is_what_its_steps_lead_to(value: Any) -> None:
    for path in paths_of(value):
        assert paths.at(value, path) is _stepped(value, path)


@given(NAMED, STEPS, st.data())
def test_nothing_stands_at_a_path_that_leads_nowhere(value: Any, beyond: InstancePath, data: st.DataObject) -> None:
    every = paths_of(value)
    path = (*data.draw(st.sampled_from(every)), *beyond)
    if path not in every:
        assert paths.at(value, path) is None


def test_the_characters_of_a_text_are_no_places_in_it() -> None:
    assert paths.at({"a": "xyz"}, ("a", 1)) is None


@given(STEPS)
def test_a_collapsed_path_is_the_sample_without_its_indices(path: InstancePath) -> None:
    assert paths.collapse(path) == re.sub(r"\[[0-9]+\]", paths.ROWS, paths.sample(path))


@given(NAMED)
def test_different_places_have_different_samples(value: Any) -> None:
    every = paths_of(value)
    assert len({paths.sample(path) for path in every}) == len(every)


@given(NAMED)
def test_a_collapsed_path_stands_for_the_places_that_collapse_to_it(value: Any) -> None:
    every = paths_of(value)
    for collapsed in {paths.collapse(path) for path in every}:
        found = [each for each in paths.instances(value, collapsed) if each.value is not paths.ABSENT]
        assert [each.path for each in found] == [path for path in every if paths.collapse(path) == collapsed]
        assert all(each.value is paths.at(value, each.path) for each in found)


@given(NAMED)
def test_a_column_is_what_stands_in_all_places_of_a_collapsed_path(value: Any) -> None:
    for path in paths_of(value):
        instances = paths.instances(value, paths.collapse(path))
        assert list(paths.column(value, path)) == [each.value for each in instances if each.value is not paths.ABSENT]


@given(NAMED, STEPS)
def test_what_is_absent_is_absent_from_an_object_that_is_there(value: Any, path: InstancePath) -> None:
    for each in paths.instances(value, paths.collapse(path)):
        if each.value is paths.ABSENT:
            assert isinstance(paths.at(value, each.path[:-1]), dict)
            assert each.path not in paths_of(value)


@given(VALUES, st.text(".[]*ab", max_size=12))
def test_no_text_makes_a_path_raise(value: Any, text: str) -> None:
    assert isinstance(paths.instances(value, text), list)
