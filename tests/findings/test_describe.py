"""Words for values: what a field is, what is special about it, and nothing in them that no output may show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wireshape.catalog.field import Field
from wireshape.findings import describe
from wireshape.findings.redaction import MASK
from wireshape.findings.violation import JsonValue, Operand, SchemaNode, Values
from wireshape.jsontext.paths import collapse

SECRET = "fakeKey0" * 8
CONTROL = "a\nb\x1b[31m"
STRING = frozenset(["string"])


def test_words_of_a_field_say_what_is_special() -> None:
    named = Field(types=STRING, values=frozenset(["B", "A"]))
    assert describe.operands((named,), ()) == '"A" or "B"'
    optional = Field(types=frozenset(["null", "string"]), required=False)
    assert describe.operands((optional,), ()) == "null or string, optional"


@pytest.mark.parametrize(
    "build",
    [
        lambda text: text,
        JsonValue,
        lambda text: SchemaNode({"enum": [text]}),
        lambda text: Field(types=STRING, values=frozenset([text])),
        lambda text: Values(Field(types=STRING, values=frozenset([text]))),
    ],
    ids=["text", "value", "schema", "field", "values"],
)
def test_no_operand_shows_a_secret_or_a_control_character(build: Callable[[str], Operand]) -> None:
    assert MASK in (describe.operands((build(SECRET),), ()) or "")
    assert (describe.operands((build(CONTROL),), ()) or "").isprintable()


def test_a_long_number_is_cut() -> None:
    assert describe.literal(int("9" * 300), ()) == f"integer {'9' * 59}…"


def test_a_member_without_a_name_shows() -> None:
    assert collapse(("positions", 0, "")) == 'positions[].""'
