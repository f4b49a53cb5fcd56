"""How a command ends where something stops it: one line on standard error, and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from wireshape.errors import ContractError, WireshapeError, nearest
from wireshape.model import Exit

_LONGEST_LINE = 300
# Raised by click from 8.2 on for a call without a command; it shows the help by itself.
_NO_COMMAND = getattr(click.exceptions, "NoArgsIsHelpError", click.exceptions.Exit)


@contextmanager
def reported(ctx: click.Context | None = None) -> Iterator[None]:
    """End with one line and an exit code, whatever is raised; ctx is that of the call, where it could be parsed.

    What is an error neither of the call, nor of an input, nor of the system, is a bug of wireshape. Its message may
    hold a value of an input, so it is shown with `--traceback` alone, and redacted.
    """
    try:
        yield
    except (click.exceptions.Exit, _NO_COMMAND):
        raise
    except click.UsageError as error:
        _end(_usage(error), Exit.USAGE)
    except ContractError as error:
        # The line names the place in the data that came with wireshape: whoever changes it needs nothing else.
        _end_in_bug(error, str(error), "", ctx)
    except WireshapeError as error:
        _end(str(error), error.exit_code)
    except BrokenPipeError:
        # Whoever reads standard output (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.UNCHECKED)
    except OSError as error:
        reason = error.strerror or str(error)
        _end(f"{error.filename}: {reason}" if error.filename else reason, Exit.UNCHECKED)
    except (KeyboardInterrupt, click.Abort):
        _end("interrupted", Exit.UNCHECKED)
    except Exception as error:  # noqa: BLE001 - by itself it would print what no output may show
        said = f"internal error ({type(error).__name__}): this is a bug in wireshape"
        command = ctx.invoked_subcommand if ctx else "COMMAND"
        _end_in_bug(error, said, f"; `wireshape --traceback {command} ...` shows where", ctx)


def _usage(error: click.UsageError) -> str:
    """Put click's message into the form of ours."""
    if isinstance(error, click.NoSuchOption):
        said = f"unknown option {error.option_name}{nearest(error.option_name, error.possibilities or ())}"
    else:
        message = " ".join(error.format_message().split())
        said = message[:1].lower() + message[1:].rstrip(".")
    return f"{said}; see `{error.ctx.command_path} --help`" if error.ctx else said


def _end_in_bug(error: Exception, said: str, hint: str, ctx: click.Context | None) -> NoReturn:
    if ctx and ctx.params.get("traceback"):
        for line in _traceback(error):
            click.echo(line, err=True)
        _end(said, Exit.BUG)
    _end(f"{said}{hint}", Exit.BUG)


def _traceback(error: Exception) -> Iterator[str]:
    """Give the lines of a traceback without local variables, secrets and control characters."""
    from traceback import format_exception

    from wireshape.cli.output import without_secrets
    from wireshape.findings import redaction

    for line in without_secrets("".join(format_exception(error))).splitlines():
        yield redaction.text(line)[:_LONGEST_LINE]


def _end(said: str, code: Exit) -> NoReturn:
    from wireshape.cli.output import without_secrets
    from wireshape.findings import redaction

    click.echo(f"wireshape: {redaction.text(without_secrets(said))}", err=True)
    sys.exit(code)
