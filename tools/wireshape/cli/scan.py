"""`wireshape scan`."""

from __future__ import annotations

import os

import click

from wireshape.cli import options, sources
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart


@click.command(
    cls=options.Command,
    short_help="Find keys, signatures and account identities in files.",
    examples=["cassettes session.har client.log"],
)
@click.argument("paths", metavar="PATH...", nargs=-1)
@options.report(hook=True)
def scan(*, paths: tuple[str, ...], report_options: ReportOptions) -> None:
    """Find secrets and account identities in files of any kind.

    PATH is a file, a folder, or - for standard input. What is packed or encoded is opened: archives, compressed
    streams, databases, base64, escapes and the like. What cannot be read whole is a finding, too: scan-incomplete.
    Where you know what is in it, `wireshape waive` accepts it, by the SHA-256 of the file and with a reason.

    Values of the environment variables WIRESHAPE_*_KEY, *_SECRET and *_PASSPHRASE, and the keys in the files that
    WIRESHAPE_*_PRIVATE_KEY_FILE name, are found wherever they stand. The report shows at most two characters of what
    it finds.
    """
    from wireshape.findings import acceptance, ledger
    from wireshape.inputs import files as inputs
    from wireshape.scan import files

    options.require("PATH...", paths, report_options)
    accepted = report_options.ledger or ledger.load(ledger.LEDGER)
    selection = inputs.select(paths, suffixes=None)
    sources.say_left_out(selection)
    keep_apart(report_options, [each.path for each in selection.inputs if each.path])
    report = files.scan(paths, os.environ, accepted, ledger.today())
    finish(report, report_options, acceptance.of_files(report, (each.name for each in selection.inputs)))
