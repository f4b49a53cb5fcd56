"""Turns files, folders and standard input into pages; what cannot be read becomes a Problem, never a stop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.inputs import files
from wireshape.model import Endpoint, Location, Problem
from wireshape.pages import page_bytes, sections
from wireshape.pages.sections import Page

SUFFIXES = {".md", ".mdx", ".markdown", ".txt", ".rst", ".html", ".htm", ".xhtml"}
"""What a folder is searched for; a file that is named is read whatever it is called."""


class LoadedPages(NamedTuple):
    """The pages in the order of their names, and a problem for each that cannot be read."""

    pages: list[Page]
    problems: list[Problem]


def pages(names: Iterable[str], catalog: Catalog, endpoint: Endpoint | None) -> LoadedPages:
    """Read pages in the order of their names; endpoint is that of pages which name none."""
    selection = files.select(names, SUFFIXES)
    problems = list(selection.problems)
    loaded = []
    for item in selection.inputs:
        try:
            loaded.append(sections.read(item.read(page_bytes.MAX_BYTES), item.name, catalog, endpoint))
        except InputError as error:
            problems.append(Problem(location=Location(file=item.name), reason=str(error), exit_code=error.exit_code))
    return LoadedPages(loaded, problems)
