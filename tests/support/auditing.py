"""Reads the cases of an audit: small pages, each with some of its text replaced, and what must be found in them."""

from __future__ import annotations

from typing import Any

from casebook import SPECIMENS
from specimens import about
from wireshape.audit import run
from wireshape.catalog import endpoints
from wireshape.findings.report import Report
from wireshape.pages import sections
from wireshape.pages.sections import Page

PAGES = SPECIMENS / "pages"
WHOLE = sorted(about(note).name for note in PAGES.glob("*.note.json"))
"""The pages with nothing wrong with them."""


def page(case: dict[str, Any]) -> Page:
    """Give one page of a case; every replacement must have something to replace, and replaces it once."""
    text = case["text"] if "text" in case else (PAGES / case["page"]).read_text("utf-8")
    for old, new in case.get("replace", ()):
        assert old in text, old
        text = text.replace(old, new, 1)
    return sections.read(text.encode(), case["page"], endpoints.load())


def report(case: dict[str, Any]) -> Report:
    """Audit the pages of a case."""
    base = [page(each) for each in case["base"]] if "base" in case else None
    return run.audit([page(each) for each in case["pages"]], endpoints.load(), base).report
