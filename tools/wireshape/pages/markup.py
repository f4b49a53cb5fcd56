"""The markup of pages: what each is recognized by, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from wireshape.pages import html_text, markdown_text
from wireshape.pages.page_text import PageText


@dataclass(frozen=True, kw_only=True, slots=True)
class Markup:
    """A kind of markup: how a page of it begins, and the function that reads one."""

    beginning: re.Pattern[str]
    read: Callable[[str], PageText]


_PROLOG = r"\s*+(?:<\?xml[^>]*>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+"
_HAS_FENCE = r".*?\n[ \t]{0,3}(?:```|~~~)"
"""A page of Markdown can begin with an element of HTML too."""

MARKUPS = (
    Markup(
        beginning=re.compile(
            rf"{_PROLOG}<(?:!doctype|html|head|body)\b|"
            rf"{_PROLOG}<(?:main|article|section|div|h[1-6]|pre|p|table|ul|ol|dl|span|code)\b(?!{_HAS_FENCE})",
            re.IGNORECASE | re.DOTALL,
        ),
        read=html_text.read,
    ),
    Markup(beginning=re.compile(""), read=markdown_text.read),
)
"""The first that fits the beginning of a page is taken."""


def of(text: str) -> Markup:
    """Tell the markup of a page by what it looks like: HTML, else Markdown."""
    return next(markup for markup in MARKUPS if markup.beginning.match(text))


def read(text: str) -> PageText:
    """Read a page by what it looks like."""
    return of(text).read(text)
