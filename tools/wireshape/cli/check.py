"""`wireshape check`."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

import click

from wireshape.cli import live_options, options
from wireshape.cli.output import finish
from wireshape.errors import UsageError


@click.command(short_help="Check recorded answers against their contracts.")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@options.several(options.ENDPOINT, options.MODE, options.FORMAT, options.OUTPUT, options.FAIL_ON)
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="jsonschema-rs over flat contracts, or jsonschema over the files as they are.",
)
@click.option(
    "--max-age", type=click.IntRange(min=0), metavar="DAYS", help="Say which recordings are more days old than that."
)
@options.QUIET
@click.option("--live", metavar="ENVIRONMENT", multiple=True, help=live_options.LIVE_HELP)
@live_options.TIMEOUT
def check(
    *,
    inputs: tuple[str, ...],
    endpoint: str | None,
    mode: str | None,
    engine: str,
    max_age: int | None,
    live: tuple[str, ...],
    timeout: float,
    **report_options: Any,
) -> None:
    """Check recorded answers against the contract of their endpoint and mode.

    INPUT is a vcrpy cassette (YAML or JSON), a HAR file, NDJSON, a bare JSON body, a folder of them, or - for
    standard input. Without any, the bundled recordings are checked; with --live, what the exchange answers now.
    """
    from wireshape import resources
    from wireshape.catalog import endpoints
    from wireshape.check import run as checking
    from wireshape.cli import progress
    from wireshape.disguise.answers import disguised
    from wireshape.inputs import files, read
    from wireshape.inputs.context import Context

    catalog = endpoints.load()
    named = catalog.get(endpoint) if endpoint else None
    if live and (inputs or mode):
        raise UsageError("--live takes no INPUT and no --mode: it asks, and the account tells its mode")
    if live:
        asked = live_options.run_live(live, catalog, named, timeout)
        # A report may be public: what it shows of an answer are amounts of the same form, not those of the account.
        report = checking.check(disguised(asked.items), catalog, engine)
        finish(replace(report, coverage=asked.coverage), report_options)
    if mode:
        catalog.require_mode(mode, named)
    found, missing = files.inputs(inputs)
    if not inputs:
        found = [
            files.Input(path=p, name=str(p.relative_to(resources.CASSETTES))) for p in files.walk(resources.CASSETTES)
        ]
    answers = read.collect(found, Context(catalog=catalog, endpoint=named, mode=mode))
    finish(
        checking.check(chain(missing, progress.shown(answers, found)), catalog, engine, max_age=max_age), report_options
    )
