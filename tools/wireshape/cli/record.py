"""`wireshape record`."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from wireshape.cli import live_options, options
from wireshape.cli.output import show
from wireshape.errors import UsageError
from wireshape.model import Exit


@click.command(
    cls=options.Command,
    short_help="Record answers of the exchange as cassettes.",
    examples=["--live testnet --into cassettes"],
)
@click.option("--live", "names", metavar="ENVIRONMENT", multiple=True, required=True, help=live_options.LIVE_HELP)
@click.option(
    "--into",
    type=click.Path(file_okay=False),
    default="cassettes",
    show_default=True,
    help="The folder to write to: one cassette each, at product/transport/version/name/mode.origin.yaml.",
)
@click.option("--endpoint", metavar="ID", help="Record this endpoint only.")
@click.option(
    "--privacy",
    type=click.Choice(["balances", "account"]),
    help="Replace amounts alone, or all that tells one account from another.  [default: account]",
)
@click.option(
    "--keep-amounts", is_flag=True, help="Replace nothing; keys, signatures, addresses and aliases are still masked."
)
@live_options.TIMEOUT
def record(
    *,
    names: tuple[str, ...],
    into: str,
    endpoint: str | None,
    privacy: str | None,
    keep_amounts: bool,
    timeout: float,
) -> None:
    """Record the answer of every endpoint, in the mode the account is in, one cassette each.

    Keys, signatures, addresses and account aliases are masked before anything is written, and each cassette is
    scanned for them before it gets its name.

    The key of testnet is in WIRESHAPE_TESTNET_KEY, with WIRESHAPE_TESTNET_SECRET or
    WIRESHAPE_TESTNET_PRIVATE_KEY_FILE; that of another account there in WIRESHAPE_TESTNET_2_KEY.
    """
    from wireshape.catalog import endpoints
    from wireshape.findings import redaction

    catalog = endpoints.load()
    named = catalog.get(endpoint) if endpoint else None
    folder = Path(into)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--into {into}: not a folder")
    if keep_amounts and privacy:
        raise UsageError(f"--keep-amounts replaces nothing, so --privacy {privacy} contradicts it: give one of the two")
    asked = live_options.run_live(names, catalog, named, timeout)
    from wireshape.disguise.answers import Disguise
    from wireshape.disguise.privacy import Privacy, statement
    from wireshape.live.core_dumps import no_core_dumps
    from wireshape.record import recorder
    from wireshape.scan import known_secrets

    level = Privacy(privacy or Privacy.ACCOUNT)
    with no_core_dumps():
        secrets = known_secrets.of_environment(os.environ).values
        recording = partial(recorder.record, asked.answers, folder, secrets=secrets)
        recorded = (
            recording()
            if keep_amounts
            else recording(make_disguise=partial(Disguise, privacy=level), statement=statement(level))
        )
    show("".join(f"{file}\n" for file in recorded.files))
    problems = (*asked.problems, *recorded.problems)
    for problem in problems:
        click.echo(f"wireshape: {redaction.name(problem.location.file)}: {redaction.text(problem.reason)}", err=True)
    missed = [each for each in asked.coverage if not each.observed]
    summary = f"{len(recorded.files)} recorded; {len(missed)} of {len(asked.coverage)} endpoints and modes not observed"
    click.echo(summary, err=True)
    sys.exit(Exit.UNCHECKED if problems else Exit.CLEAN if recorded.files else Exit.NOTHING)
