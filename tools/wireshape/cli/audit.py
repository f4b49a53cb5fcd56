"""`wireshape audit`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wireshape import atomic_write
from wireshape.cli import options, sources
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart, say, without_secrets
from wireshape.errors import UsageError

if TYPE_CHECKING:
    from wireshape.catalog.endpoints import Catalog
    from wireshape.inputs.files import Selection
    from wireshape.pages.sections import Page


@click.command(
    cls=options.Command,
    short_help="Audit documentation pages and their examples.",
    examples=["today.md", "today.html --base last-month.html --repaired examples", "docs/ --patch mended.diff"],
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
    "--patch",
    metavar="FILE",
    callback=options.writable,
    help="Write a diff that mends what is mechanical in the pages.",
)
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
    patch: str | None,
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
    _keep_patch_apart(patch, report_options, inputs)
    read, problems = load.pages(pages, catalog, named)
    older, more = load.pages(base, catalog, named)
    audited = auditing.audit(read, catalog, older if base else None, problems=(*problems, *more))
    if repaired is not None:
        export.write(Path(repaired), audited.recovered, inputs)
    if patch is not None:
        _write_patch(patch, read, selection, catalog)
    finish(audited.report, report_options, audited.reach)


def _keep_patch_apart(patch: str | None, report_options: ReportOptions, inputs: list[Path]) -> None:
    """Raise UsageError where the patch would take the place of a page, of the report, or of what it must not."""
    if patch is None:
        return
    if patch == "-":
        raise UsageError("--patch - is no file: standard output has the report; name a file")
    keep_apart(replace(report_options, output=patch), inputs)
    if report_options.output is not None and os.path.realpath(patch) == os.path.realpath(report_options.output):
        raise UsageError("--patch and --output are the same file")


def _write_patch(patch: str, pages: Iterable[Page], selection: Selection, catalog: Catalog) -> None:
    from wireshape.audit import patch as patches
    from wireshape.pages import vocabulary

    files = {each.name: each.path for each in selection.inputs}
    made = patches.of_pages(pages, files, vocabulary.load(catalog.schemas).program_languages, without_secrets)
    atomic_write.write(Path(patch), made.diff)
    for line in made.remarks:
        say(line)
