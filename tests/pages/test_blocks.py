"""The reader of blocks: what is an example on a page, what it says, and where it stands."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import cases
from wireshape import resources
from wireshape.audit import run as auditing
from wireshape.catalog import endpoints
from wireshape.errors import InputError
from wireshape.jsontext import paths
from wireshape.jsontext.positions import Position
from wireshape.lenientjson import reader
from wireshape.lenientjson.reader import Example
from wireshape.pages import blocks, json_text, markup, sections, vocabulary
from wireshape.pages.page_text import PageText
from wireshape.pages.source import Source

PROGRAM_LANGUAGES = vocabulary.load(resources.SCHEMAS).program_languages
LINES = [
    "```json\n", "```python\n", "```\n", "    ", "\t", "> ", "- ", "<pre><code>", "</code></pre>", "<table><tr><td>",
    "| ", "<br>", "&quot;", "&amp", "\\_", "`", "{", "}", "[", "]", '"a": 1', '"b', "'c'", ": ", ",", "// note", "/*",
    "*/", "#", "\n", "\n\n", "\r\n", "\x00", "\ud800", "\udc00", "\ufffd", "\u00a0", "x = ", "...", "1.5", "null",
    "<!-- ", "-->", "<h1>", "# ", ".. code-block:: json\n\n",
]  # fmt: skip
pages = st.lists(st.sampled_from(LINES) | st.text(st.characters(), max_size=6), max_size=40).map(
    lambda pieces: re.sub("\r(?!\n)", "\n", "".join(pieces))
)

scalars = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
comments = st.sampled_from(
    ["", "  // note", " // of a, b (ms)", "  # note", " // e.g. {x} or [y]", " // it's so", " /* x */"]
)


def _read(text: str) -> tuple[PageText, list[Example], list[blocks.UnreadBlock]]:
    page_text = markup.read(text)
    found = list(blocks.read(page_text, PROGRAM_LANGUAGES))
    examples = [each for each in found if isinstance(each, Example)]
    return page_text, examples, [each for each in found if isinstance(each, blocks.UnreadBlock)]


def _position(text: str, page_text: PageText, offset: int) -> Position:
    return Source(text).position(page_text.source_map.source_offset(offset))


@pytest.mark.parametrize("case", cases("blocks"))
def test_case(case: dict[str, Any]) -> None:
    text = "\n".join(case["page"])
    page_text, examples, unread = _read(text)
    assert [json.loads(json_text.to_json(each.value)) for each in examples] == case["examples"]
    found = [(defect, _position(text, page_text, defect.offset)) for each in examples for defect in each.defects]
    assert [
        {"rule": defect.rule, "path": paths.sample(defect.path), "line": at.line, "column": at.column}
        for defect, at in found
    ] == case.get("defects", [])
    lines = [(_position(text, page_text, block.start).line, block.language) for block in unread]
    assert lines == [(each["line"], each["language"]) for each in case.get("unread", [])]


@settings(max_examples=300)
@given(pages)
def test_no_text_raises(text: str) -> None:
    page_text, examples, unread = _read(text)
    for each in examples:
        json.loads(json_text.to_json(each.value).encode())
        offsets = [each.start, *each.value_offsets.values(), *(defect.offset for defect in each.defects)]
        assert all(0 <= page_text.source_map.source_offset(offset) <= len(text) for offset in offsets)
    assert all(block.start < len(page_text.text) for block in unread)


@settings(max_examples=200)
@given(pages)
def test_no_page_raises_but_for_what_it_is(text: str) -> None:
    catalog = endpoints.load()
    try:
        page = sections.read(text.encode("utf-8", "surrogatepass"), "page.md", catalog)
    except InputError:
        return
    report = auditing.audit([page], catalog).report
    for finding in report.findings:
        assert finding.location.line is not None
        finding.message.encode()


@settings(max_examples=300)
@given(pages)
def test_what_is_read_stands_there_in_the_source(text: str) -> None:
    page_text = markup.read(text)
    shown, source_map = page_text.text, page_text.source_map
    starts = [source_map.source_offset(offset) for offset in range(len(shown))]
    assert starts == sorted(starts)
    for offset, at in enumerate(starts):
        written = text[at : at + 1]
        assert shown[offset] == written or written in "&\\`<\n" or shown[offset] == "\n", (offset, at)


@settings(max_examples=300)
@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), values, min_size=1, max_size=5), st.data())
def test_no_value_is_lost_between_comments(document: dict[str, Any], data: st.DataObject) -> None:
    lines = json.dumps(document, indent=data.draw(st.sampled_from([0, 2, 4]))).split("\n")
    text = "\n".join(line + data.draw(comments) for line in lines)
    read = reader.read(text)
    assert read is not None
    assert (read.value, read.defects) == (document, ())


FORMS = {
    "fenced": lambda text: f"# Page\n\n```json\n{text}\n```\n\nWords.\n",
    "indented": lambda text: "# Page\n\n" + re.sub("^", "    ", text, flags=re.MULTILINE) + "\n\nWords.\n",
    "quoted": lambda text: (
        "# Page\n\n> ```json\n" + re.sub("^", "> ", text, flags=re.MULTILINE) + "\n> ```\n\nWords.\n"
    ),
    "listed": lambda text: (
        "- Item\n\n  ```json\n" + re.sub("^", "  ", text, flags=re.MULTILINE) + "\n  ```\n\nWords.\n"
    ),
    "HTML": lambda text: f"<!doctype html><h1>Page</h1><pre><code>{_escaped(text)}</code></pre><p>Words.</p>",
    "HTML in Markdown": lambda text: f"# Page\n\n<pre><code>{_escaped(text)}</code></pre>\n\nWords.\n",
}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(st.dictionaries(st.text("ab_&<'é", max_size=4), values, max_size=4) | st.lists(st.integers(), max_size=4))
def test_every_form_of_code_reads_alike(form: str, document: Any) -> None:
    text = FORMS[form](json.dumps(document, indent=2))
    page_text, examples, unread = _read(text)
    assert [(each.value, each.defects) for each in examples] == [(document, ())]
    assert not unread
    at = page_text.source_map.source_offset(examples[0].start)
    assert text[at] in "{["
