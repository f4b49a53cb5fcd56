"""`wireshape scan`."""

from __future__ import annotations

import os
from typing import Any

import click

from wireshape.cli import options
from wireshape.cli.output import finish


@click.command(short_help="Look for keys, signatures and addresses in files.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@options.several(options.FORMAT, options.OUTPUT, options.FAIL_ON, options.QUIET)
def scan(*, paths: tuple[str, ...], **report_options: Any) -> None:
    """Look for secrets and identities in cassettes, HAR files, logs, or any files and folders of them.

    Nested JSON, base64, gzip, zlib and percent-encoding are looked through. The values of the environment variables
    WIRESHAPE_*_KEY, *_SECRET and *_PASSPHRASE are looked for in particular; of what is found the report shows no
    more than two characters. - is standard input.
    """
    from wireshape.scan import files

    finish(files.scan(paths, os.environ), report_options)
