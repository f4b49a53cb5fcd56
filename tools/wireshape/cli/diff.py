"""`wireshape diff`."""

from __future__ import annotations

from dataclasses import replace

import click

from wireshape.cli import answer_options, options, sources
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart, say, say_idle
from wireshape.errors import InputError, UsageError
from wireshape.model import Exit, Level


@click.command(
    cls=options.Command,
    short_help="Compare contracts or recordings, or all related endpoints.",
    examples=[
        "--bundled",
        "{base} {endpoint}",
        "{endpoint} recording.yaml",
        "{endpoint}@2025 {endpoint}",
        "{endpoint}@HEAD {endpoint}",
    ],
)
@click.argument("base", required=False)
@click.argument("current", required=False)
@click.option(
    "--bundled", is_flag=True, help="Compare all related endpoints of the contracts that come with wireshape."
)
@options.several(answer_options.ENDPOINT, answer_options.MODE)
@options.report("breaking, with --bundled info")
def diff(
    *,
    base: str | None,
    current: str | None,
    bundled: bool,
    endpoint: tuple[str, ...],
    mode: str | None,
    report_options: ReportOptions,
) -> None:
    """Compare the shapes of two contracts or recordings, or of all related endpoints.

    BASE and CURRENT are each a contract, named ENDPOINT or ENDPOINT/MODE, or a cassette, HAR, NDJSON or JSON file, or
    a folder of them. contract:ENDPOINT names the contract where there is a file of that name.

    A contract with @DAY (2022-03-31, 2022-03 or 2022) is that of the exchange on that day, with @REVISION that of a
    git revision; a branch that is named like a day is heads/2022.

    Between two that you name, nothing is accepted unless --waivers accepts it. A field that is gone says where it is
    now, so that two contracts make a migration guide.

    With --bundled, every two endpoints and modes that the catalogue relates are compared. A difference that is not
    accepted then exits with 1, whatever its level. In a terminal, no BASE and CURRENT do the same.
    """
    from wireshape.catalog import endpoints
    from wireshape.diff import compare, lineage, witness
    from wireshape.findings import ledger
    from wireshape.findings.acceptance import Reach
    from wireshape.inputs import assignment

    catalog = endpoints.load()
    words = [word for word in (base, current) if word is not None]
    if words and bundled:
        raise UsageError("--bundled takes neither BASE nor CURRENT: it is all contracts that come with wireshape")
    if (endpoint or mode) and all(witness.names_contract(catalog, word) for word in words):
        raise UsageError("--endpoint and --mode are for recordings; the mode of a contract is named as ENDPOINT/MODE")
    keep_apart(report_options, [])
    assigned = assignment.parse(endpoint, catalog)
    if mode:
        catalog.require_mode(mode, None if assigned.rows else assigned.rest)
    if not words:
        _require_bundled(asked=bundled)
        report_options = replace(
            report_options,
            fail_on=report_options.fail_on or Level.INFO,
            ledger=report_options.ledger or ledger.load(ledger.LEDGER),
        )
        report = lineage.compare(catalog)
    elif len(words) == 1:
        raise UsageError("CURRENT is missing: diff takes BASE and CURRENT, or --bundled")
    else:
        selection = witness.selected(catalog, words)
        sources.say_left_out(selection)
        say_idle(assigned, (each.name for each in selection.inputs))
        keep_apart(report_options, [each.path for each in selection.inputs if each.path])
        sides = [witness.of(catalog, word, assigned, mode) for word in words]
        report = compare.given(catalog, sides[0], sides[1])
    finish(report, report_options, Reach(lineage=not words))


def _require_bundled(*, asked: bool) -> None:
    """Raise InputError where nothing is named to compare, and nobody is there to see what is compared instead."""
    if asked:
        return
    if not sources.in_terminal():
        reason = "nothing to compare: name BASE and CURRENT, or --bundled for the contracts that come with wireshape"
        raise InputError(reason, exit_code=Exit.NOTHING)
    say("no BASE and CURRENT, so these are the contracts that come with wireshape (--bundled)")
