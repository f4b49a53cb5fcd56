"""`wireshape scan`."""

from __future__ import annotations

import os

import click

from wireshape.cli import options
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart


@click.command(
    cls=options.Command,
    short_help="Find keys, signatures and account identities in files.",
    examples=["cassettes session.har client.log"],
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@options.report()
def scan(*, paths: tuple[str, ...], report_options: ReportOptions) -> None:
    """Find secrets and account identities in files of any kind.

    PATH is a file, a folder, or - for standard input. Nested JSON, base64, gzip, zlib and percent-encoding are
    decoded. Values of the environment variables WIRESHAPE_*_KEY, *_SECRET and *_PASSPHRASE are found wherever they
    stand. The report shows at most two characters of what it finds.
    """
    from wireshape.inputs import files as inputs
    from wireshape.scan import files

    selection = inputs.select(paths, suffixes=None)
    keep_apart(report_options, [each.path for each in selection.inputs if each.path])
    finish(files.scan(paths, os.environ), report_options)
