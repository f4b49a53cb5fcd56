"""The wireshape command: the group of all commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from wireshape import __version__
from wireshape.cli.errors import reported
from wireshape.errors import UsageError, nearest

_MODULES = {
    "check": "check",
    "record": "record",
    "diff": "diff",
    "audit": "audit",
    "watch": "watch",
    "draft": "draft",
    "scan": "scan",
    "waive": "waivers",
    "waivers": "waivers",
    "serve": "serve",
    "endpoints": "endpoints",
    "history": "history",
    "schema": "endpoints",
    "rules": "rules",
    "explain": "rules",
}
"""The commands in the order of the help, and the module of this package that each is in."""


class _Commands(Mapping[str, click.Command]):
    """Commands by name; the module of one is imported when it is called, or listed with what it is for."""

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(import_module(f"wireshape.cli.{_MODULES[name]}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Group(click.Group):
    """Shows commands in their own order, and every error as one line with its exit code."""

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


@click.group(cls=_Group, commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"]})
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


def _fill_standard_streams() -> None:
    """Let no file that is opened take the number of a standard stream that is closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - as long as the process


def main() -> None:
    """Run the command."""
    _fill_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="wireshape")
