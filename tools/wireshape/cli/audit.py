"""`wireshape audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wireshape.cli import options
from wireshape.cli.output import finish


@click.command(short_help="Audit pages of documentation.")
@click.argument("pages", metavar="PAGE...", nargs=-1, required=True)
@click.option("--base", metavar="OLDER_PAGE", multiple=True, help="An older capture of the pages: say what changed.")
@click.option("--repaired", metavar="DIR", help="Write each example of an answer there as clean JSON.")
@click.option("--endpoint", metavar="ID", help="The endpoint of a page that names none.")
@options.several(options.FORMAT, options.OUTPUT, options.FAIL_ON, options.QUIET)
def audit(
    *, pages: tuple[str, ...], base: tuple[str, ...], repaired: str | None, endpoint: str | None, **report_options: Any
) -> None:
    """Audit pages of documentation: what is broken in their examples, and where.

    PAGE is Markdown, HTML or pasted text, a folder of them, or - for standard input. Each example is held against the
    contract of its endpoint and mode, against itself, and against the other languages among the pages.
    """
    from wireshape.audit import export
    from wireshape.audit import run as auditing
    from wireshape.catalog import endpoints
    from wireshape.pages import load

    catalog = endpoints.load()
    named = catalog.get(endpoint) if endpoint else None
    read, problems = load.pages(pages, catalog, named)
    older, more = load.pages(base, catalog, named)
    audited = auditing.audit(read, catalog, older if base else None, problems=(*problems, *more))
    if repaired is not None:
        export.write(Path(repaired), audited.recovered)
    finish(audited.report, report_options)
