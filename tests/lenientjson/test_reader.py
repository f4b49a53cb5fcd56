"""The reader of examples: it raises for nothing, finds every damage, and nothing in what is whole."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditing import PAGES, WHOLE
from casebook import RECORDING, interaction
from wireshape.audit import run as auditing
from wireshape.catalog import endpoints
from wireshape.errors import InputError
from wireshape.jsontext import paths
from wireshape.lenientjson import comments, reader, tokens
from wireshape.pages import json_text, sections

ANSWER = json.dumps(json.loads(interaction(RECORDING).body), indent=1)
MARKS = "{}[]\",:/ \n\t\\\u00a0\u200b\uff0c\uff1a\u201c\u201dabc019.-eE*'\u2026"

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=12)


def _hides(key: str) -> bool:
    """Tell whether a name of a field has something in it that nobody sees: that is damage, though it is JSON."""
    seen = tokens.INVISIBLE.sub("", key)
    return seen != key and seen.isascii() and seen.isidentifier()


keys = st.text(max_size=8).filter(lambda key: not _hides(key))
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))
documents = st.dictionaries(keys, values, max_size=5) | st.lists(values, max_size=5)


def _strict(text: str) -> bool:
    """Tell whether a text is JSON as the RFC has it, without a key twice in an object or something hidden in one."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs) or any(map(_hides, members)):
            raise ValueError
        return members

    def refused(_: str) -> None:
        raise ValueError

    try:
        json.loads(text, object_pairs_hook=unique, parse_constant=refused)
    except ValueError:
        return False
    return True


@example({"\u00ad": None, "ک\u200c": 1}, None)
@settings(max_examples=300)
@given(documents, st.sampled_from([None, 0, 2]))
def test_what_is_whole_has_no_defect(document: Any, indent: int | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    read = reader.read(text)
    assert read is not None
    assert (read.defects, read.value, read.end) == ((), document, len(text))


@settings(max_examples=300)
@given(st.text() | st.text(alphabet=MARKS, max_size=80))
def test_no_text_raises(text: str) -> None:
    read = reader.read(text)
    if read:
        assert read.start < read.end <= len(text)
        assert all(0 <= defect.offset <= len(text) for defect in read.defects)
        json.loads(json_text.to_json(read.value))


@given(st.text() | st.text(alphabet=MARKS, max_size=80))
def test_what_was_read_is_whole_once_it_is_written(text: str) -> None:
    read = reader.read(text)
    if read:
        written = json_text.to_json(read.value)
        again = reader.read(written)
        assert again is not None
        assert (again.defects, json_text.to_json(again.value)) == ((), written)


@given(st.text(alphabet=MARKS, max_size=80), st.text(alphabet=MARKS, max_size=20), st.text(max_size=20))
def test_what_stands_around_an_example_is_no_part_of_it(text: str, before: str, behind: str) -> None:
    start, end = len(before), len(before) + len(text)
    alone, within = reader.read(text), reader.read(before + text + behind, start, end)
    assert (alone is None) == (within is None)
    if alone and within:
        assert (within.value, within.start - start, within.end - start) == (alone.value, alone.start, alone.end)
        assert [(d.rule, d.offset - start) for d in within.defects] == [(d.rule, d.offset) for d in alone.defects]


@settings(max_examples=400)
@given(st.sampled_from([ANSWER, '{"a": [{"b": "x, y: {z}", "c": null}, {"b": "/"}], "d": -1.5e3}']), st.data())
def test_a_damaged_document_has_a_defect(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        mark = data.draw(st.sampled_from(MARKS))
        text = data.draw(st.sampled_from([text[:at] + text[at + 1 :], text[:at] + mark + text[at:], text[:at]])) or "{"
    read = reader.read(text)
    hidden = any(mark in text for mark in comments.COMMENT_OPENINGS)
    if read is None or hidden or text[: read.start].strip() or text[read.end :].strip():
        return  # what a comment hides, or what stands before or behind the example, is not its defect
    assert bool(read.defects) is not _strict(text)


KNOWN = {
    "example-missing-comma": ('",\n', '"\n'),
    "example-trailing-comma": ("\n  }\n ]", "\n  },\n ]"),
    "example-swallowed-field": ('",\n', '", // words '),
    "example-odd-whitespace": ("\n", "\n\u00a0"),
    "example-duplicate-key": ("{\n", '{"x": 1, "x": 2,\n'),
    "example-unclosed": ('"\n', "\n"),
    "example-foreign-literal": (': "', ": None, //"),
}


@pytest.mark.parametrize("rule", KNOWN)
@settings(max_examples=50)
@given(st.integers(0, 1000))
def test_damage_is_found_wherever_it_is(rule: str, seed: int) -> None:
    old, new = KNOWN[rule]
    places = [at for at in range(len(ANSWER)) if ANSWER.startswith(old, at)]
    at = random.Random(seed).choice(places)  # noqa: S311 - a place to damage
    read = reader.read(ANSWER[:at] + new + ANSWER[at + len(old) :])
    assert read is not None
    assert rule in {defect.rule for defect in read.defects}


BRACKETS = [at for at in range(1, len(ANSWER) - 1) if ANSWER[at] in "{}[]" and ANSWER[at : at + 2] not in {"{}", "[]"}]


@pytest.mark.parametrize("at", [at for at in BRACKETS if ANSWER[at - 1 : at + 1] not in {"{}", "[]"}])
def test_a_bracket_that_is_missing_is_put_back(at: int) -> None:
    read = reader.read(ANSWER[:at] + ANSWER[at + 1 :])
    assert read is not None
    assert (read.value, [defect.rule for defect in read.defects]) == (json.loads(ANSWER), ["example-unclosed"])


@pytest.mark.parametrize("at", [at for at in BRACKETS if ANSWER[at] != "["])
def test_a_bracket_that_is_there_twice_is_left_out(at: int) -> None:
    read = reader.read(ANSWER[:at] + ANSWER[at] + ANSWER[at:])
    assert read is not None
    assert (read.value, [defect.rule for defect in read.defects]) == (json.loads(ANSWER), ["example-unclosed"])


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=25)
@given(st.data())
def test_no_page_raises(name: str, data: st.DataObject) -> None:
    text = (PAGES / name).read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        at, width = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 200))
        text = text[:at] + data.draw(st.text(alphabet=MARKS + "<>`#", max_size=4)) + text[at + width :]
    try:
        page = sections.read(text.encode(), name, endpoints.load())
    except InputError:
        return
    lines = text.count("\n") + 1
    audited = auditing.audit([page], endpoints.load())
    for finding in audited.report.findings:
        assert finding.location.line is not None
        assert 1 <= finding.location.line <= lines


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 0.10000000000000000001}', {"a": Decimal("0.10000000000000000001")}),
        ('{"a": 123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        ('{"a": 1e400}', {"a": Decimal("1e400")}),
        ('{"a": ' + "9" * 5000 + "}", {"a": Decimal("9" * 5000)}),
        ('{"a": -0.0}', {"a": Decimal("-0.0")}),
    ],
    ids=["places", "digits", "exponent", "very long", "minus zero"],
)
def test_numbers_are_exact(text: str, value: Any) -> None:
    read = reader.read(text)
    assert read is not None
    assert (read.value, read.defects) == (value, ())
    assert json_text.to_json(read.value).split(": ")[1].strip("\n}") == str(value["a"])


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ('{"a": 1 /* x', ["{ is never closed", "the comment has no closing */"]),
        ('{"a"\uff1a 1}', ["full-width \uff1a instead of :"]),
        ('{\u00a0"a": 1}', ["U+00A0 is not JSON whitespace"]),
        ('{"a: 1}', ["the key has only one of its two quotes"]),
        ("{a: 1}", ["the key has no quotes"]),
        ('{"a": 1, + "b": 2}', ["+ is not a JSON key"]),
        ('{"a": "x, "b": 1}', ["the string has no closing quote"]),
        ("{'a': 1}", ["the string is quoted as '...' instead of \"...\""]),
        (
            '{"a": \u201cx, "b": 1}',
            ["the string has no closing quote", 'the string is quoted as \u201c...\u201d instead of "..."'],
        ),
        ('{"a": "x\ty"}', ["the string has a tab or another control character that is not escaped"]),
        ('{"a": "\\q"}', ["the string has an unescaped quote or an escape that JSON does not have"]),
        ('{"a": None}', ["None is not a JSON value"]),
        ('{"apiKey": abc}', ["<redacted> is not a JSON value"]),
        ('{"a": 1}}', ["} follows the end of the example"]),
        ("[" * 65, ["[ is never closed"] * 64 + ["the example is nested deeper than 64 levels"]),
        ('"a": 1', ["the member is outside of any object", "the object has no closing }"]),
        ('{"a": 1, ...}', ["... stands for items that the example leaves out"]),
        ('{, "a": 1}', ["the comma has no value before it"]),
        ('{"a": 1,}', ["the comma has no value after it"]),
        ('{"a": 1]}', ["] has no opening bracket"]),
        ('{"a": 1}, "b": 2}', ["} closes the example before its last member"]),
        ('{"a" 1}', ["the key has no colon after it"]),
        ('{"a": }', ["the key has no value"]),
        ('{{"a": 1}', ["the value that { opens has no key"]),
        ('{"a": 1, // x "b": {\n"c": 1}}', ["the member begins inside a comment"]),
        ('{"a": 1 "a": 2}', ["", ""]),
    ],
)
def test_a_defect_says_what_is_wrong(text: str, details: list[str]) -> None:
    read = reader.read(text)
    assert read is not None
    assert [defect.detail for defect in read.defects] == details


def test_comments_belong_to_what_they_stand_behind() -> None:
    text = '{ // the whole\n "a": 1, // of a\n "b": [ // of b\n // more of b\n {"c": 2} // of the row\n ]\n}'
    read = reader.read(text)
    assert read is not None
    said = {paths.sample(path): [comment.text for comment in found] for path, found in read.comments.items()}
    assert said == {"": ["the whole"], "a": ["of a"], "b": ["of b", "more of b"], "b[0]": ["of the row"]}


def test_nothing_is_read_where_nothing_opens() -> None:
    assert reader.read("plain words") is None
    assert reader.read("") is None
    assert reader.read('"a string"') is None
