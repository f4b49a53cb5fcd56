"""Reads JSON5, which talkback writes its tapes in, by rewriting it as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from wireshape.inputs import recorders
from wireshape.inputs.content import BOM, Content
from wireshape.inputs.context import Context
from wireshape.inputs.json5_text import as_json
from wireshape.model import Item

SUFFIXES = frozenset({".json5"})
_BEGINS = re.compile(rb"\s*(?://[^\n]*\n\s*|/\*.*?\*/\s*)*\{\s*['A-Za-z_$]", re.DOTALL)


def recognizes(content: Content) -> bool:
    """Take text whose first key has no quotes, or single ones."""
    return content.other_text and bool(_BEGINS.match(content.raw.removeprefix(BOM)[:4096]))


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield what the same recording holds as JSON; InputError where the text is not JSON5."""
    raw = as_json(content.raw)
    rewritten = replace(content, raw=raw, suffix=".json", json5=content.raw)
    yield from recorders.read(rewritten, context)
