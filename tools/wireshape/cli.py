"""The wireshape command: reads the call, wires the floors below together, picks the exit code; no logic of its own."""

from __future__ import annotations

import os
import shutil
import sys
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wireshape import __version__
from wireshape.errors import UsageError, WireshapeError

if TYPE_CHECKING:
    from wireshape.model import Report


class _Commands(click.Group):
    """Shows commands in the order of the file, and every error of ours as one line with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except WireshapeError as error:
            from wireshape import redact

            click.echo(f"wireshape: {redact.text(str(error))}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Hold answers of Binance futures account endpoints against their contracts."""


@cli.command()
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--endpoint", metavar="ID", help="The endpoint that answered, where an input does not say.")
@click.option("--mode", metavar="MODE", help="The account mode, where an input does not say.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False), help="Write the report to a file instead.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "info"]),
    default="breaking",
    show_default=True,
    help="The mildest level that ends in exit code 1.",
)
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="jsonschema-rs over flat contracts, or jsonschema over the files as they are.",
)
@click.option("-q", "--quiet", is_flag=True, help="Show only findings and what could not be checked.")
def check(  # noqa: PLR0913 - one parameter per option
    *,
    inputs: tuple[str, ...],
    endpoint: str | None,
    mode: str | None,
    form: str,
    output: str | None,
    fail_on: str,
    engine: str,
    quiet: bool,
) -> None:
    """Check recorded answers against the contract of their endpoint and mode.

    INPUT is a vcrpy cassette (YAML or JSON), a HAR file, NDJSON, a bare JSON body, a folder of them, or - for
    standard input. Without any, the bundled recordings are checked.
    """
    from wireshape import catalog, data, progress, sources
    from wireshape import check as checking
    from wireshape.model import Level
    from wireshape.sources.context import Context

    known = catalog.load()
    named = known.get(endpoint) if endpoint else None
    if mode:
        known.require_mode(mode, named)
    found, missing = sources.inputs(inputs)
    if not inputs:
        found = [sources.Input(path=p, name=str(p.relative_to(data.CASSETTES))) for p in sources.walk(data.CASSETTES)]
    items = sources.collect(found, Context(catalog=known, endpoint=named, mode=mode))
    report = checking.check(chain(missing, progress.shown(items, found)), known, engine)
    _show(report, form, output, quiet=quiet)
    sys.exit(checking.exit_code(report, Level(fail_on)))


@cli.command()
def endpoints() -> None:
    """List the endpoints and modes that have a contract."""
    from wireshape import catalog
    from wireshape.reports import listing

    _print(listing.endpoints(catalog.load(), _width()))


@cli.command()
@click.argument("contract", metavar="ENDPOINT/MODE")
def schema(*, contract: str) -> None:
    """Print one contract as a single JSON Schema without references."""
    import orjson

    from wireshape import catalog, contracts

    endpoint, _, mode = contract.partition("/")
    _print(
        orjson.dumps(contracts.standalone(catalog.load(), endpoint, mode), option=orjson.OPT_INDENT_2).decode() + "\n"
    )


@cli.command()
def rules() -> None:
    """List the rules, with what each one means."""
    from wireshape import rules
    from wireshape.reports import listing

    _print(listing.rules(rules.load().values(), _width()))


@cli.command()
@click.argument("rule")
def explain(*, rule: str) -> None:
    """Say why a rule matters, with an example before and after, and what to do."""
    from wireshape import rules
    from wireshape.reports import listing

    _print(listing.rule(rules.get(rule), _width()))


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="wireshape")


def _show(report: Report, form: str, output: str | None, *, quiet: bool) -> None:
    from wireshape.reports import render

    color = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = render(report, form, color=color, width=_width(), quiet=quiet)
    if output is None:
        _print(text)
        return
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns
