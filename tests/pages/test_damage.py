"""One place of a whole example damaged: the values are read as before, with a defect there and none elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blockforms import FORMS, RENDERED, defect_lines, example_lines, read
from casebook import cases
from damage import VALUE, WHOLE, damaged
from wireshape.pages import json_text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", cases("damage"))
def test_case(case: dict[str, Any], form: str) -> None:
    for text, value, lines in damaged(case):
        page = FORMS[form](text)
        page_text, examples, unread = read(page)
        assert [json.loads(json_text.to_json(each.value)) for each in examples] == [value], text
        assert not unread
        found = defect_lines(page, page_text, examples[0])
        first = example_lines(page, page_text, examples[0])
        is_read = form in RENDERED and case["description"] in RENDERED[form]
        assert (found == set()) if is_read else found, text
        assert {line - first + 1 for line in found} <= lines, text


@pytest.mark.parametrize("form", FORMS)
def test_what_is_whole_has_no_defect(form: str) -> None:
    page = FORMS[form](WHOLE)
    _, (example,), unread = read(page)
    assert (json.loads(json_text.to_json(example.value)), example.defects, unread) == (
        VALUE,
        (),
        [],
    )
