"""The forms in which a page can show an example, and what the reader of blocks makes of a page."""

from __future__ import annotations

import re
from collections.abc import Callable

from wireshape import resources
from wireshape.lenientjson.defects import DefectRule
from wireshape.lenientjson.reader import Example
from wireshape.pages import blocks, markup, page_bytes, vocabulary
from wireshape.pages.blocks import UnreadBlock
from wireshape.pages.page_text import PageText
from wireshape.pages.source import Source

PROGRAM_LANGUAGES = vocabulary.load(resources.SCHEMAS).program_languages


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


FORMS: dict[str, Callable[[str], str]] = {
    "fenced": lambda text: f"# Page\n\nWords.\n\n```json\n{text}\n```\n\nWords.\n",
    "indented": lambda text: "# Page\n\nWords.\n\n" + re.sub("^", "    ", text, flags=re.MULTILINE) + "\n\nWords.\n",
    "HTML": lambda text: f"<!doctype html><h1>Page</h1>\n<pre><code>{_escaped(text)}</code></pre>\n<p>Words.</p>\n",
    "pasted": lambda text: f"Page\n\nWords.\n\n{text}\n\nWords.\n",
}
_MARKDOWN = {"written as references", "one that ends in a break"}
RENDERED = {"pasted": _MARKDOWN}
"""What the form itself undoes, by the description of the damage: in pasted text it is no defect."""


def read(text: str) -> tuple[PageText, list[Example], list[UnreadBlock]]:
    """Give the text of a page, its examples, and the blocks that look like JSON and were not read."""
    page_text = markup.read(page_bytes.as_read(text))
    found = list(blocks.read(page_text, PROGRAM_LANGUAGES))
    unread = [each for each in found if isinstance(each, UnreadBlock)]
    return page_text, [each for each in found if isinstance(each, Example)], unread


def defect_lines(text: str, page_text: PageText, example: Example) -> set[int]:
    """Give the lines of the page that an example has defects on."""
    source_map, source = page_text.source_map, Source(text)
    ends = {DefectRule.MISSING_COMMA: source_map.source_end}
    places = (ends.get(each.rule, source_map.source_offset)(each.offset) for each in example.defects)
    return {source.position(place).line for place in places}


def example_lines(text: str, page_text: PageText, example: Example) -> int:
    """Give the line of the page on which an example begins."""
    return Source(text).position(page_text.source_map.source_offset(example.start)).line
