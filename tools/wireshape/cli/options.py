"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wireshape.errors import UsageError
from wireshape.model import Level
from wireshape.reports import FORMATS


def several(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command several options, shown in this order."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


ENDPOINT = click.option(
    "--endpoint", metavar="ID", help="The endpoint that answered a bare body or the lines of NDJSON."
)
MODE = click.option(
    "--mode", metavar="MODE", help="The account mode, where a recording does not say and the endpoint has it."
)
FORMAT = click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)


def _writable(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse a report's file that cannot be made before anything is read or asked for it."""
    if value is not None and not Path(value).absolute().parent.is_dir():
        raise UsageError(f"cannot write {value}: no such folder")
    return value


OUTPUT = click.option(
    "--output", type=click.Path(dir_okay=False), callback=_writable, help="Write the report to a file instead."
)
FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice([level.value for level in Level]),
    help="The mildest level that ends in exit code 1: breaking, if not told otherwise.",
)
QUIET = click.option(
    "-q", "--quiet", is_flag=True, help="Show only findings above info, or that fail, and what could not be checked."
)
WAIVERS = click.option(
    "--waivers", type=click.Path(dir_okay=False), help="The ledger of accepted differences, instead of the bundled one."
)
