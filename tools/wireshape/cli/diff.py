"""`wireshape diff`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from wireshape.cli import options, sources
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart
from wireshape.errors import UsageError
from wireshape.model import Level


@click.command(
    cls=options.Command,
    short_help="Compare contracts or recordings, or all related endpoints.",
    examples=[
        "",
        "{base} {endpoint}",
        "{endpoint} recording.yaml",
        "{endpoint}@2025 {endpoint}",
        "{endpoint}@HEAD {endpoint}",
    ],
)
@click.argument("base", required=False)
@click.argument("current", required=False)
@options.several(options.ENDPOINT, options.MODE, options.WAIVERS)
@options.report("breaking, without BASE and CURRENT info")
def diff(
    *,
    base: str | None,
    current: str | None,
    endpoint: str | None,
    mode: str | None,
    waivers: str | None,
    report_options: ReportOptions,
) -> None:
    """Compare the shapes of two contracts or recordings, or of all related endpoints.

    BASE and CURRENT are each a contract, named ENDPOINT or ENDPOINT/MODE, or a cassette, HAR, NDJSON or JSON file, or
    a folder of them. contract:ENDPOINT names the contract where there is a file of that name.

    A contract with @DAY (2022-03-31, 2022-03 or 2022) is that of the exchange on that day, with @REVISION that of a
    git revision; a branch that is named like a day is heads/2022.

    Between two that you name, nothing is accepted unless --waivers accepts it. A field that is gone says where it is
    now, so that two contracts make a migration guide.

    Without them, every two endpoints and modes that the catalogue relates are compared. A difference that is not
    accepted then exits with 1, whatever its level.
    """
    from wireshape.catalog import endpoints
    from wireshape.diff import compare, lineage, witness
    from wireshape.findings import waivers as ledger

    catalog = endpoints.load()
    words = [word for word in (base, current) if word is not None]
    if (endpoint or mode) and all(witness.names_contract(catalog, word) for word in words):
        raise UsageError("--endpoint and --mode are for recordings; the mode of a contract is named as ENDPOINT/MODE")
    keep_apart(report_options, [Path(waivers)] if waivers else [])
    accepted = ledger.load(Path(waivers)) if waivers else None if words else ledger.load(ledger.LEDGER)
    named = catalog.get(endpoint) if endpoint else None
    if mode:
        catalog.require_mode(mode, named)
    if not words:
        report_options = replace(report_options, fail_on=report_options.fail_on or Level.INFO)
        report = lineage.compare(catalog)
    elif len(words) == 1:
        raise UsageError("CURRENT is missing: diff takes BASE and CURRENT, or neither")
    else:
        selection = witness.selected(catalog, words)
        sources.say_left_out(selection)
        keep_apart(report_options, [each.path for each in selection.inputs if each.path])
        sides = [witness.of(catalog, word, named, mode) for word in words]
        report = compare.given(catalog, sides[0], sides[1])
    if accepted:
        report = ledger.apply(report, accepted, ledger.today(), whole=not words)
    finish(report, report_options)
