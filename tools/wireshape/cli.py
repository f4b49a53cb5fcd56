"""The wireshape command: reads the call, wires the floors below together, picks the exit code; no logic of its own."""

from __future__ import annotations

import os
import shutil
import sys
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wireshape import __version__, options
from wireshape.errors import InputError, UsageError, WireshapeError
from wireshape.model import Level

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


@cli.command(short_help="Check recorded answers against their contracts.")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@options.several(options.ENDPOINT, options.MODE, options.FORMAT, options.OUTPUT, options.FAIL_ON)
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="jsonschema-rs over flat contracts, or jsonschema over the files as they are.",
)
@options.QUIET
def check(*, inputs: tuple[str, ...], endpoint: str | None, mode: str | None, engine: str, **told: Any) -> None:
    """Check recorded answers against the contract of their endpoint and mode.

    INPUT is a vcrpy cassette (YAML or JSON), a HAR file, NDJSON, a bare JSON body, a folder of them, or - for
    standard input. Without any, the bundled recordings are checked.
    """
    from wireshape import catalog, data, progress, sources
    from wireshape import check as checking
    from wireshape.sources.context import Context

    known = catalog.load()
    named = known.get(endpoint) if endpoint else None
    if mode:
        known.require_mode(mode, named)
    found, missing = sources.inputs(inputs)
    if not inputs:
        found = [sources.Input(path=p, name=str(p.relative_to(data.CASSETTES))) for p in sources.walk(data.CASSETTES)]
    items = sources.collect(found, Context(catalog=known, endpoint=named, mode=mode))
    _finish(checking.check(chain(missing, progress.shown(items, found)), known, engine), told)


@cli.command(short_help="Compare two witnesses, or all that share a lineage.")
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
    **told: Any,
) -> None:
    """Compare two witnesses, or everything that shares a lineage.

    BASE and CURRENT are contract:ENDPOINT[/MODE], the same with @REVISION as of a git revision, or a cassette, HAR,
    NDJSON or JSON file, or a folder of them. Without both, every two endpoints and modes that the catalogue relates
    are compared, and any difference that is not accepted fails.
    """
    from wireshape import catalog, comparison, lineage, witness
    from wireshape import waivers as ledger

    if (endpoint or mode) and not any(witness.is_answers(selector) for selector in (base, current) if selector):
        raise UsageError("--endpoint and --mode are for answers; name the mode of a contract in its selector")
    known = catalog.load()
    accepted = ledger.load(Path(waivers) if waivers else ledger.LEDGER)
    named = known.get(endpoint) if endpoint else None
    if mode:
        known.require_mode(mode, named)
    if base is None:
        told["fail_on"] = told["fail_on"] or Level.INFO
        report = lineage.compare(known)
    elif current is None:
        raise UsageError("diff takes BASE and CURRENT, or neither")
    else:
        sides = [witness.of(selector, named, mode) for selector in (base, current)]
        report = comparison.given(known, sides[0], sides[1])
    _finish(ledger.apply(report, accepted, ledger.today(), whole=base is None), told)


@cli.command(short_help="Accept a difference that `diff` finds.")
@click.argument("rule")
@click.argument("base")
@click.argument("current")
@click.argument("path")
@click.option("--mode", default="*", show_default=True, help="The mode; * stands for anything, as in PATH.")
@click.option("--reason", required=True, help="Why the difference is accepted.")
@click.option("--citation", required=True, help="What that rests on.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--expires", metavar="DATE", help="The last day it is accepted.")
@options.WAIVERS
def waive(*, waivers: str | None, **entry: Any) -> None:
    """Accept what `wireshape diff` finds: RULE between the endpoints BASE and CURRENT at PATH."""
    from wireshape import catalog, lineage
    from wireshape import waivers as ledger

    file = Path(waivers) if waivers else ledger.LEDGER
    waiver = ledger.Waiver(**entry, accepted=ledger.today().isoformat())
    count = ledger.add(file, waiver, lineage.compare(catalog.load()))
    _print(f"accepted {count} finding{'s' if count > 1 else ''}\n")


@cli.command(short_help="List accepted differences, or remove stale ones.")
@click.option("--prune", is_flag=True, help="Remove the waivers that match nothing.")
@options.WAIVERS
def waivers(*, prune: bool, waivers: str | None) -> None:
    """List the accepted differences: which are in force, stale or expired."""
    from wireshape import catalog, lineage
    from wireshape import waivers as ledger
    from wireshape.reports import listing

    file = Path(waivers) if waivers else ledger.LEDGER
    accepted = ledger.load(file)
    stale = ledger.stale(lineage.compare(catalog.load()), accepted)
    if prune:
        ledger.save(file, [waiver for waiver in accepted if waiver not in stale])
        _print(f"removed {len(stale)} of {len(accepted)}\n")
    else:
        _print(listing.waivers(accepted, stale, ledger.today(), _width()))


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


@cli.command(short_help="Say why a rule matters, and what to do.")
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


def _finish(report: Report, told: dict[str, Any]) -> None:
    """Show a report as the call asks, and end with its exit code."""
    from wireshape.reports import View, render

    output = told["output"]
    color = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    fail_on = Level(told["fail_on"] or Level.BREAKING)
    view = View(color=color, width=_width(), quiet=told["quiet"], fail_on=fail_on)
    text = render(report, told["form"], view)
    if output is None:
        _print(text)
    else:
        try:
            Path(output).write_text(text, "utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {output}: {error.strerror}") from error
    sys.exit(report.exit_code(fail_on))


def _print(text: str) -> None:
    """Write to standard output; a reader that has seen enough (`| head`) is no error, a full disk is."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(f"cannot write the report: {error.strerror}") from error


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns
