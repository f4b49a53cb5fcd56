"""`wireshape diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wireshape.cli import options
from wireshape.cli.output import finish
from wireshape.errors import UsageError
from wireshape.model import Level


@click.command(short_help="Compare two witnesses, or all that share a lineage.")
@click.argument("base", required=False)
@click.argument("current", required=False)
@options.several(
    options.ENDPOINT, options.MODE, options.FORMAT, options.OUTPUT, options.FAIL_ON, options.WAIVERS, options.QUIET
)
def diff(
    *,
    base: str | None,
    current: str | None,
    endpoint: str | None,
    mode: str | None,
    waivers: str | None,
    **report_options: Any,
) -> None:
    """Compare two witnesses, or everything that shares a lineage.

    BASE and CURRENT are contract:ENDPOINT[/MODE], the same with @REVISION as of a git revision, or a cassette, HAR,
    NDJSON or JSON file, or a folder of them. Without both, every two endpoints and modes that the catalogue relates
    are compared, and any difference that is not accepted fails.
    """
    from wireshape.catalog import endpoints
    from wireshape.diff import compare, lineage, witness
    from wireshape.diff import waivers as ledger

    if (endpoint or mode) and not any(witness.is_answers(selector) for selector in (base, current) if selector):
        raise UsageError("--endpoint and --mode are for answers; name the mode of a contract in its selector")
    catalog = endpoints.load()
    ledger_file = Path(waivers) if waivers else ledger.LEDGER
    accepted = ledger.load(ledger_file)
    named = catalog.get(endpoint) if endpoint else None
    if mode:
        catalog.require_mode(mode, named)
    if base is None:
        report_options["fail_on"] = report_options["fail_on"] or Level.INFO
        report = lineage.compare(catalog)
    elif current is None:
        raise UsageError("diff takes BASE and CURRENT, or neither")
    else:
        sides = [witness.of(selector, named, mode) for selector in (base, current)]
        report = compare.given(catalog, sides[0], sides[1])
    finish(ledger.apply(report, accepted, ledger.today(), whole=base is None, ledger=ledger_file.name), report_options)
