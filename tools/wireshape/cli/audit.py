"""`wireshape audit`."""

from __future__ import annotations

from pathlib import Path

import click

from wireshape.cli import options, sources
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart


@click.command(
    cls=options.Command,
    short_help="Audit documentation pages and their examples.",
    examples=["today.md", "today.html --base last-month.html --repaired examples"],
)
@click.argument("pages", metavar="PAGE...", nargs=-1)
@click.option(
    "--base",
    metavar="OLDER_PAGE",
    multiple=True,
    help="An older capture of the pages, to report what changed; repeatable.",
)
@click.option("--repaired", metavar="DIR", help="Write each example of an answer to this folder as valid JSON.")
@click.option(
    "--endpoint",
    metavar="ID",
    help="The endpoint of the pages; where a page names it for one of its parts, of that part.",
)
@options.report(hook=True)
def audit(
    *,
    pages: tuple[str, ...],
    base: tuple[str, ...],
    repaired: str | None,
    endpoint: str | None,
    report_options: ReportOptions,
) -> None:
    """Audit documentation pages: find what is wrong with their examples, line by line.

    PAGE is a file of Markdown, HTML or pasted text, a folder of them, or - for standard input. Each example is
    checked against the contract of its endpoint and mode, against its own comments and arithmetic, and against the same
    example in other languages. A page is a regular file of at most 4 MB.
    """
    from wireshape.audit import export
    from wireshape.audit import run as auditing
    from wireshape.catalog import endpoints
    from wireshape.inputs import files
    from wireshape.pages import load

    options.require("PAGE...", pages, report_options)
    catalog = endpoints.load()
    named = catalog.get(endpoint) if endpoint else None
    selection = files.select((*pages, *base), load.SUFFIXES)
    sources.say_left_out(selection)
    inputs = [each.path for each in selection.inputs if each.path]
    keep_apart(report_options, inputs)
    read, problems = load.pages(pages, catalog, named)
    older, more = load.pages(base, catalog, named)
    audited = auditing.audit(read, catalog, older if base else None, problems=(*problems, *more))
    if repaired is not None:
        export.write(Path(repaired), audited.recovered, inputs)
    finish(audited.report, report_options, audited.reach)
