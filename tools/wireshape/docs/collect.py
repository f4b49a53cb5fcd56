"""Turns files, folders and standard input into pages; what cannot be read becomes a Problem, never a stop."""

from __future__ import annotations

from collections.abc import Iterable

from wireshape import redact, sources
from wireshape.catalog import Catalog
from wireshape.docs import pages as reading
from wireshape.docs.pages import Page
from wireshape.errors import InputError
from wireshape.model import Endpoint, Location, Problem

SUFFIXES = {".md", ".mdx", ".markdown", ".txt", ".rst", ".html", ".htm", ".xhtml"}
"""What a folder is searched for; a file that is named is read whatever it is called."""


def pages(names: Iterable[str], catalog: Catalog, endpoint: Endpoint | None) -> tuple[list[Page], list[Problem]]:
    """Read pages in the order of their names; endpoint is that of pages which name none."""
    found, problems = sources.inputs(names, SUFFIXES)
    read = []
    for item in found:
        try:
            read.append(reading.read(sources.load(item), item.name, catalog, endpoint))
        except InputError as error:
            problems.append(Problem(location=Location(file=item.name), reason=str(error), exit_code=error.exit_code))
        except OSError as error:
            problems.append(Problem(location=Location(file=item.name), reason=error.strerror or "cannot be read"))
    return read, [_without_secrets(problem) for problem in problems]


def _without_secrets(problem: Problem) -> Problem:
    return Problem(
        location=Location(file=redact.name(problem.location.file)),
        reason=redact.text(problem.reason),
        exit_code=problem.exit_code,
    )
