"""`wireshape draft`."""

from __future__ import annotations

from pathlib import Path

import click

from wireshape.cli import options, sources
from wireshape.cli.output import say, show
from wireshape.errors import InputError, UsageError
from wireshape.model import Exit


@click.command(
    cls=options.Command,
    short_help="Draft the contract of an operation that has none.",
    examples=["balance.md --into drafted"],
)
@click.argument("pages", metavar="PAGE...", nargs=-1, required=True)
@click.option("--into", metavar="DIR", required=True, help="The folder that the draft is written to.")
@click.option("--product", metavar="PRODUCT", help="The product of operations whose page names none.")
def draft(*, pages: tuple[str, ...], into: str, product: str | None) -> None:
    """Propose what a contributor would add for an operation that a page documents and the catalogue lacks.

    DIR gets the row of the catalogue, a contract for each mode, recordings of the examples, cases, and DRAFT.md: what
    each field rests on, and what a person has to decide. It is laid out as a checkout of wireshape is, and no command
    reads it until you copy it there.
    """
    from wireshape.catalog import endpoints
    from wireshape.draft import decisions, files
    from wireshape.draft import run as drafting
    from wireshape.inputs import files as inputs
    from wireshape.pages import load

    if not into:
        raise UsageError("--into: the name of the folder is empty")
    catalog = endpoints.load()
    if product is not None:
        catalog.require_product(product)
    selection = inputs.select(pages, load.SUFFIXES)
    sources.say_left_out(selection)
    read, problems = load.pages(pages, catalog, None)
    found = drafting.draft(read, catalog, product)
    problems = [*problems, *found.problems]
    if not found.drafts and not problems:
        reason = "every operation that the pages name has a contract: nothing to draft"
        raise InputError(reason, exit_code=Exit.NOTHING)
    if found.drafts:
        written = files.write(Path(into), found.drafts, catalog, [each.path for each in selection.inputs if each.path])
        for each in found.drafts:
            count = len(each.contracts)
            show(f"drafted {each.endpoint.id}: {count} contracts, {decisions.undecided(each)} things to decide\n")
        show(f"wrote {len(written)} files; read {Path(into) / files.NOTES} first\n")
    for problem in problems:
        say(f"not drafted: {problem.location}: {problem.reason}")
    if problems:
        raise click.exceptions.Exit(Exit.UNCHECKED)
