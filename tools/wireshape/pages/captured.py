"""The first day that a page can be of: that it was captured on, or the first of the year in its name."""

from __future__ import annotations

import re
from datetime import date

from wireshape.inputs import dates
from wireshape.pages.sections import Page

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\n---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_MADE = re.compile(
    r"""^(?:date|updated|updated_at|last_updated|scraped_at|fetched_at|captured_at):\s*["']?(20\d\d-\d\d-\d\d)""",
    re.MULTILINE,
)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_BEGINNING = 20_000


def earliest(page: Page) -> date | None:
    """Give the day of a page, of several it can be the first; None where nothing tells it."""
    if page.identity.day:
        return page.identity.day
    matter = _FRONT_MATTER.search(page.source.text[:_BEGINNING])
    made = _MADE.search(matter[1]) if matter else None
    if made and (day := dates.named(made[1])):
        return day
    year = _YEAR.search(page.name.replace("\\", "/").rpartition("/")[2])
    return date(int(year[1]), 1, 1) if year else None
