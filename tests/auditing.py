"""Reads the cases of an audit: small pages, each with some of its text replaced, and what must be found in them."""

from __future__ import annotations

from typing import Any

from casebook import CASES

from wireshape import audit, catalog
from wireshape.docs import pages
from wireshape.docs.pages import Page
from wireshape.outcome import Report

PAGES = CASES / "pages"


def page(case: dict[str, Any]) -> Page:
    """Give one page of a case; every replacement must have something to replace, and replaces it once."""
    text = (PAGES / case["page"]).read_text("utf-8")
    for old, new in case["replace"]:
        assert old in text, old
        text = text.replace(old, new, 1)
    return pages.read(text.encode(), case["page"], catalog.load())


def report(case: dict[str, Any]) -> Report:
    """Audit the pages of a case."""
    base = [page(each) for each in case["base"]] if "base" in case else None
    found, _ = audit.audit([page(each) for each in case["pages"]], catalog.load(), base)
    return found
