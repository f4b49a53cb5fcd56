"""What hypothesis makes up: JSON values, the paths in them, and shapes of contracts and of answers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from wireshape.catalog.field import Field
from wireshape.diff import shape
from wireshape.diff.shape import Shape
from wireshape.model import InstancePath

_ODD = ["BOTH", "LONG", "0", "-1.5", "1.5\n", "\u0661", "2.8E-4", "", "USDT", 0, 1, True, 1.0, 1625474304765]
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(_ODD)
)
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
"""Values of JSON, numbers past what a double holds and lone surrogates included."""

_LEAVES = st.none() | st.booleans() | st.integers(-5, 2**45) | st.floats(allow_nan=False) | st.text(max_size=4)
_PAYLOADS = st.recursive(
    _LEAVES | st.sampled_from(["0", "1.5", "-2.8E-4", "", "BOTH", "7", 0, 1, True, 1.0]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=20,
)
BODIES = st.lists(st.dictionaries(st.sampled_from("abcd"), _PAYLOADS, max_size=4), min_size=1, max_size=3)
"""Bodies of several answers, which share some of their members."""

_FIELDS = st.builds(
    Field,
    types=st.frozensets(st.sampled_from(["string", "integer", "null"]), min_size=1),
    forms=st.frozensets(st.sampled_from(["fixed", "integer", "text"])),
    required=st.booleans(),
    values=st.none() | st.frozensets(st.sampled_from("AB"), min_size=1),
    evidence=st.sampled_from(["documented", "undocumented", "withdrawn"]),
)
EXACT = st.builds(
    Shape,
    name=st.just("a contract"),
    exact=st.just(value=True),
    fields=st.dictionaries(st.sampled_from(["a", "b", "p", "p[]", "p[].a", "p[].b"]), _FIELDS),
    membership=st.sampled_from([None, "all-symbols", "open-symbols"]),
)
"""Shapes of contracts."""
OBSERVED = st.builds(lambda found: shape.of_bodies("answers", found), BODIES)
"""Shapes of answers."""


def paths_of(value: Any, at: InstancePath = ()) -> list[InstancePath]:
    """List the paths of a value and of all that is in it."""
    below: list[InstancePath] = []
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else range(len(value))
        below = [path for key in keys for path in paths_of(value[key], (*at, key))]
    return [at, *below]
