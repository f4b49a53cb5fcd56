"""`wireshape waive` and `wireshape waivers`: the ledger of accepted differences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wireshape.cli import options
from wireshape.cli.output import show, width


@click.command(
    cls=options.Command,
    short_help="Accept a difference that `diff` finds.",
    examples=["field-removed {base} {endpoint} \\\n  feeTier --reason 'not in v3' --citation 'change log' --owner me"],
)
@click.argument("rule")
@click.argument("base")
@click.argument("current")
@click.argument("path")
@click.option("--mode", default="*", show_default=True, help="The mode; * stands for anything, as in PATH.")
@click.option("--reason", required=True, help="Why the difference is accepted.")
@click.option("--citation", required=True, help="What that rests on.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--expires", metavar="DATE", help="The last day it is accepted.")
@options.WAIVERS
def waive(*, path: str, waivers: str | None, **entry: Any) -> None:
    """Accept what `wireshape diff` finds: RULE between the endpoints BASE and CURRENT at PATH."""
    from wireshape.catalog import endpoints
    from wireshape.diff import lineage, waive
    from wireshape.findings import waivers as ledger

    file = Path(waivers) if waivers else ledger.LEDGER
    waiver = ledger.Waiver(paths=(path,), accepted=ledger.today().isoformat(), **entry)
    count = waive.accept(file, waiver, lineage.compare(endpoints.load()))
    show(f"accepted {count} finding{'s' if count > 1 else ''}\n")


@click.command(
    cls=options.Command, short_help="List accepted differences, or remove stale ones.", examples=["", "--prune"]
)
@click.option("--prune", is_flag=True, help="Remove the paths that match nothing.")
@options.WAIVERS
def waivers(*, prune: bool, waivers: str | None) -> None:
    """List the accepted differences: which are in force, stale or expired."""
    from wireshape.catalog import endpoints
    from wireshape.cli import listings
    from wireshape.diff import lineage, waive
    from wireshape.findings import waivers as ledger

    file = Path(waivers) if waivers else ledger.LEDGER
    accepted = ledger.load(file)
    stale = accepted.stale(lineage.compare(endpoints.load()))
    if prune:
        waive.prune(file, accepted, stale)
        show(f"removed {len(stale)} of {sum(1 for _ in accepted.paths())} paths\n")
    else:
        show(listings.waivers(accepted, stale, ledger.today(), width()))
