"""What the commands share: how a report is shown, and how the run ends."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from wireshape import atomic_write, resources
from wireshape.cli.options import ReportOptions
from wireshape.errors import OutputError
from wireshape.model import Level

if TYPE_CHECKING:
    from wireshape.findings.acceptance import Reach
    from wireshape.findings.report import Report
    from wireshape.inputs.assignment import Assignment


def keep_apart(options: ReportOptions, inputs: Iterable[Path]) -> None:
    """Raise UsageError where the report would take the place of an input, of a private key, or of wireshape's data."""
    if options.output is not None:
        from wireshape.scan import known_secrets

        data = resources.SCHEMAS.rglob("*.json")
        keys = map(Path, known_secrets.key_files(os.environ).values())
        ledgers = [Path(options.ledger.name)] if options.ledger else []
        atomic_write.require_apart(Path(options.output), chain(inputs, ledgers, data, keys))


def finish(report: Report, options: ReportOptions, reach: Reach | None = None) -> NoReturn:
    """Show a report as the call asks, without what its ledger accepts, and end with its exit code.

    reach is what the run looked at, None where it tells of no waiver whether it is stale.
    """
    from wireshape.cli import runs
    from wireshape.findings import acceptance, ledger
    from wireshape.findings.acceptance import Reach
    from wireshape.reports import View, render

    reach = reach or Reach()
    runs.hand_over(report, reach)
    if options.ledger:
        report = acceptance.apply(report, options.ledger, ledger.today(), reach)
    if options.new_only:
        report = acceptance.new_only(report)

    color = options.output is None and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    fail_on = options.fail_on or Level.BREAKING
    view = View(color=color, width=width(), quiet=options.quiet, fail_on=fail_on)
    text = render(report, options.format, view)
    if options.output is None:
        show(text)
    else:
        atomic_write.write(Path(options.output), without_secrets(text).encode("utf-8", "backslashreplace"))
    sys.exit(report.exit_code(fail_on, allow_nothing=options.allow_nothing))


def say(line: str) -> None:
    """Write a line to standard error, beside the report."""
    from wireshape.findings import redaction

    click.echo(f"wireshape: {redaction.printable(without_secrets(line))}", err=True)


def say_idle(assigned: Assignment, files: Iterable[str]) -> None:
    """Say on standard error which patterns of `--endpoint` fit no file: one may be misspelt."""
    for pattern in assigned.idle(files):
        say(f"--endpoint: no file fits {pattern!r}, so this names nothing")


def without_secrets(text: str) -> str:
    """Mask the secrets of the environment, and their pieces: what was masked by its looks may have left some."""
    if not any(name.startswith("WIRESHAPE_") for name in os.environ):
        return text
    from wireshape.findings import secret_pieces
    from wireshape.scan import known_secrets

    return secret_pieces.mask(text, map(os.fsdecode, known_secrets.of_variables(os.environ)))


def show(text: str) -> None:
    """Write to standard output; a reader that has seen enough (`| head`) is no error, a full disk is."""
    if sys.stdout is None:
        raise OutputError("cannot write the report: standard output is closed")
    try:
        sys.stdout.write(without_secrets(text))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(f"cannot write the report: {error.strerror}") from None


def width() -> int:
    """Give the columns of the terminal, 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns
