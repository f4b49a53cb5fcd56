"""The wireshape command: the group of all commands, and every error of ours as one line with its exit code."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from wireshape import __version__
from wireshape.cli import audit, check, diff, endpoints, record, rules, scan, serve, waivers
from wireshape.errors import WireshapeError
from wireshape.model import Exit


class _Commands(click.Group):
    """Shows commands in the order they are added, and every error of ours as one line with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except WireshapeError as error:
            from wireshape.findings import redaction

            click.echo(f"wireshape: {redaction.text(str(error))}", err=True)
            sys.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, SystemExit):
            raise
        except KeyboardInterrupt:
            click.echo("wireshape: stopped before the end", err=True)
            sys.exit(Exit.UNCHECKED)
        except Exception as error:  # noqa: BLE001 - a traceback could show what no output may
            from wireshape.findings import redaction

            click.echo(f"wireshape: unexpected {type(error).__name__}: {redaction.text(str(error))[:300]}", err=True)
            sys.exit(Exit.UNCHECKED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Hold answers of Binance futures account endpoints against their contracts."""


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
