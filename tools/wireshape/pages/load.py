"""Turns files, folders and standard input into pages; what cannot be read becomes a Problem, never a stop."""

from __future__ import annotations

from collections.abc import Iterable

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.findings import redaction
from wireshape.inputs import files
from wireshape.model import Endpoint, Location, Problem
from wireshape.pages import sections as reading
from wireshape.pages.sections import Page

SUFFIXES = {".md", ".mdx", ".markdown", ".txt", ".rst", ".html", ".htm", ".xhtml"}
"""What a folder is searched for; a file that is named is read whatever it is called."""


def pages(names: Iterable[str], catalog: Catalog, endpoint: Endpoint | None) -> tuple[list[Page], list[Problem]]:
    """Read pages in the order of their names; endpoint is that of pages which name none."""
    selection = files.select(names, SUFFIXES)
    problems = list(selection.problems)
    loaded = []
    for item in selection.inputs:
        try:
            loaded.append(reading.read(item.read(), item.name, catalog, endpoint))
        except InputError as error:
            problems.append(Problem(location=Location(file=item.name), reason=str(error), exit_code=error.exit_code))
        except OSError as error:
            problems.append(Problem(location=Location(file=item.name), reason=error.strerror or "cannot be read"))
    return loaded, [_without_secrets(problem) for problem in problems]


def _without_secrets(problem: Problem) -> Problem:
    return Problem(
        location=Location(file=redaction.name(problem.location.file)),
        reason=redaction.text(problem.reason),
        exit_code=problem.exit_code,
    )
