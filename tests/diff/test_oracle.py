"""deepdiff as an oracle: it and the diff of shapes agree on whether two sides differ, and at which paths."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

from deepdiff import DeepDiff
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import interaction, recordings
from strategies import EXACT, OBSERVED, paths_of
from wireshape.catalog import endpoints
from wireshape.catalog.field import Evidence, Field
from wireshape.diff import shape, witness
from wireshape.diff.changes import MEMBERS, Kind, compare
from wireshape.diff.shape import Shape
from wireshape.jsontext import paths
from wireshape.model import Endpoint, Mode

KNOWN = endpoints.load()
# deepdiff compares mappings that share few keys as a whole, and rows by likeness, unless it is told otherwise.
STRICT: dict[str, Any] = {"view": "tree", "threshold_to_diff_deeper": 0, "zip_ordered_iterables": True}


def _differing(base: dict[str, Any], current: dict[str, Any]) -> set[str]:
    """Give the keys at which deepdiff finds anything, without what lies below another that the same side alone has."""
    tree = DeepDiff(base, current, **STRICT)
    found = {item.path(output_format="list")[0] for group in tree.values() for item in group}
    lost, gained = found - current.keys(), found - base.keys()
    return {path for path in found if not any(path in alone and _above(path) & alone for alone in (lost, gained))}


def _above(path: str) -> set[str]:
    return {path[:at] for at in range(len(path)) if path[at] == "." or path[at:].startswith("[]")}


def _paths(base: Shape, current: Shape) -> set[str]:
    found = compare(base, current).changes
    return {change.path for change in found if change.kind is not Kind.MEMBERSHIP_CHANGED}


def _limits(side: Shape, path: str) -> bool:
    return path in side.fields and side.fields[path].values is not None


def _of_contract(side: Shape, other: Shape) -> dict[str, Any]:
    """Write a contract as a plain value; the forms of a field say nothing where its values are named."""
    return {
        path: {
            "types": sorted(field.types),
            "forms": None if _limits(side, path) or _limits(other, path) else sorted(field.forms),
            "required": field.required,
            "values": None if field.values is None else sorted(field.values),
            "evidence": str(field.evidence),
        }
        for path, field in side.fields.items()
        if field.evidence is not Evidence.WITHDRAWN
    }


@settings(max_examples=80)
@given(EXACT, EXACT)
def test_contracts(base: Shape, current: Shape) -> None:
    assert _paths(base, current) == _differing(_of_contract(base, current), _of_contract(current, base))
    moved = {change.path for change in compare(base, current).changes if change.kind is Kind.MEMBERSHIP_CHANGED}
    both = base.membership and current.membership
    assert moved == ({MEMBERS} if both and DeepDiff(base.membership, current.membership) else set())


def _contract(endpoint: Endpoint, mode: Mode) -> Shape:
    return witness.of_contract(KNOWN, endpoint, [mode], "a contract").payload


def _related() -> list[tuple[Shape, Shape]]:
    """Pair the contracts of every mode with those of the same endpoint, and of the endpoints it mirrors or replaces."""
    modes = [(endpoint, mode) for endpoint in KNOWN.endpoints for mode in endpoint.modes]
    return [
        (_contract(*mine), _contract(*theirs))
        for mine, theirs in combinations(modes, 2)
        if mine[0] is theirs[0] or (mine[1] == theirs[1] and theirs[0].id in mine[0].mirrors + mine[0].replaces)
    ]


def test_the_contracts_of_the_catalogue() -> None:
    for base, current in _related():
        assert _paths(base, current) == _differing(_of_contract(base, current), _of_contract(current, base))


def _of_answers(side: Shape, other: Shape) -> dict[str, Any]:
    """Write what answers showed as a plain value, without what the other side had no chance to show."""
    return {
        path: {
            "types": sorted(field.types),
            "forms": sorted(field.forms) if field.forms and _forms(other, path) else None,
            "required": field.required,
        }
        for path, field in side.fields.items()
        if not any(path == rows or path.startswith((f"{rows}.", f"{rows}[")) for rows in other.unobserved)
    }


def _forms(side: Shape, path: str) -> frozenset[str]:
    return side.fields.get(path, Field(types=frozenset())).forms


@settings(max_examples=80)
@given(OBSERVED, OBSERVED)
def test_answers(base: Shape, current: Shape) -> None:
    # Of two answers each may show less than the other: a difference is found in one direction, or in both.
    found = _paths(base, current) | _paths(current, base)
    assert found == _differing(_of_answers(base, current), _of_answers(current, base))


STRUCTURE = {"type_changes", "dictionary_item_added", "dictionary_item_removed"}
SMALL = [name for name in recordings() if len(interaction(name).body) < 10_000 and not name.name.startswith("error")]


@st.composite
def edits(draw: st.DrawFn, value: Any) -> Any:
    """Drop, add or retype up to four members of a body; what is retyped holds no other value, before or after."""
    changed = json.loads(json.dumps(value))
    for _ in range(draw(st.integers(1, 4))):
        members = [path for path in paths_of(changed) if path and isinstance(path[-1], str)]
        *above, name = draw(st.sampled_from(members))
        parent = paths.at(changed, tuple(above))
        match draw(st.sampled_from(["drop", "add", "retype"])):
            case "drop":
                del parent[name]
            case "add":
                parent[draw(st.sampled_from(["new", "neu"]))] = draw(st.sampled_from(["x", 1, {"y": 1}, [{"z": 2}]]))
            case _ if not isinstance(parent[name], dict | list):
                parent[name] = draw(st.sampled_from([None, True, 17, 1.5, "word"]))
    return changed


@settings(max_examples=100)
@given(st.data())
def test_a_recording_and_what_became_of_it(data: st.DataObject) -> None:
    base = json.loads(interaction(data.draw(st.sampled_from(SMALL))).body)
    current = data.draw(edits(base))
    tree = DeepDiff(base, current, **STRICT)
    places = [item.path(output_format="list") for kind in STRUCTURE & tree.keys() for item in tree[kind]]
    found = compare(shape.of_bodies("a", [base]), shape.of_bodies("b", [current])).changes
    seen = {change.path for change in found if change.kind is not Kind.FORM_CHANGED}
    assert seen == {paths.collapse(tuple(place)) for place in places}
