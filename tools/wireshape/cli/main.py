"""The wireshape command: the group of all commands."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import click

from wireshape import __version__
from wireshape.cli import audit, check, diff, endpoints, record, rules, scan, serve, waivers
from wireshape.cli.errors import reported
from wireshape.errors import UsageError, nearest


class _Commands(click.Group):
    """Shows commands in the order they are added, and every error as one line with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        with reported():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> object:
        with reported(ctx):
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            raise UsageError(f"unknown command {name!r}{nearest(name, self.commands)}; `wireshape --help` lists them")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.option(
    "--traceback",
    is_flag=True,
    envvar="WIRESHAPE_TRACEBACK",
    help="Show where an internal error comes from, without secrets (or set WIRESHAPE_TRACEBACK=1).",
)
def cli(*, traceback: bool) -> None:
    """Check answers of Binance futures account endpoints against their contracts."""
    del traceback  # errors.reported looks it up


for command in (
    check.check,
    record.record,
    diff.diff,
    audit.audit,
    scan.scan,
    waivers.waive,
    waivers.waivers,
    serve.serve,
    endpoints.endpoints,
    endpoints.schema,
    rules.rules,
    rules.explain,
):
    cli.add_command(command)


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="wireshape")
