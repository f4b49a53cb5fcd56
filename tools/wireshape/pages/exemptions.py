"""Marks of a page that exempt the block behind them, since it is broken on purpose."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from wireshape.errors import nearest
from wireshape.pages.page_text import BlockForm
from wireshape.pages.sections import Page

FORM = "<!-- wireshape: accept RULE: reason -->"
_OPENING = re.compile(r"(<!--|\{/\*)\s*wireshape\s*:")
_CLOSING = {"<!--": "-->", "{/*": "*/}"}
_WORDS = re.compile(r"\s*accept\b(?P<rules>[^:]*):(?P<reason>.*)", re.DOTALL)
_LONGEST = 2000
"""Characters of a mark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """Accepts what breaks some rules, or any where none is named, in the block behind an offset in the source."""

    offset: int
    rules: frozenset[str]
    reason: str

    def has(self, rule: str) -> bool:
        """Tell whether it is about a rule."""
        return not self.rules or rule in self.rules


@dataclass(frozen=True, kw_only=True, slots=True)
class UnclearMark:
    """A mark at an offset in the source that exempts nothing, and why."""

    offset: int
    reason: str


def read(page: Page, known_rules: Collection[str]) -> Iterator[Exemption | UnclearMark]:
    """Yield the marks of a page in order: comments of HTML or MDX; what stands in code is none."""
    text = page.source.text
    code = [
        range(page.source_offset(block.start), page.source_offset(block.end))
        for block in page.text.code_blocks
        if block.form is not BlockForm.INDENTED
    ]
    for opening in _OPENING.finditer(text):
        if any(opening.start() in block for block in code) or _is_quoted(text, opening.start()):
            continue
        end = text.find(_CLOSING[opening[1]], opening.end(), opening.end() + _LONGEST)
        if end < 0:
            yield UnclearMark(offset=opening.start(), reason="the comment never closes")
        else:
            yield _mark(opening.start(), text[opening.end() : end], known_rules)


def _is_quoted(text: str, offset: int) -> bool:
    """Tell whether a mark is shown in a line of text, between backticks."""
    start = max(text.rfind("\n", 0, offset) + 1, offset - _LONGEST)
    return text.count("`", start, offset) % 2 == 1


def _mark(offset: int, words: str, known_rules: Collection[str]) -> Exemption | UnclearMark:
    said = _WORDS.fullmatch(words)
    if said is None or not said["reason"].strip():
        return UnclearMark(offset=offset, reason=f"it is no exemption with a reason; write {FORM}")
    rules = frozenset(said["rules"].replace(",", " ").split())
    for rule in sorted(rules):
        if rule not in known_rules:
            return UnclearMark(offset=offset, reason=f"unknown rule {rule!r}{nearest(rule, known_rules)}")
    return Exemption(offset=offset, rules=rules, reason=" ".join(said["reason"].split()))
