"""Words for values: what a field is, and what is special about it."""

from __future__ import annotations

from wireshape.findings import describe
from wireshape.model import Field


def test_words_of_a_field_say_what_is_special() -> None:
    named = Field(types=frozenset(["string"]), values=frozenset(["B", "A"]))
    assert describe.operands((named,), ()) == '"A" or "B"'
    optional = Field(types=frozenset(["null", "string"]), required=False)
    assert describe.operands((optional,), ()) == "null or string, optional"
