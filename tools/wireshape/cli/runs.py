"""A command that another one runs: it hands over what it found instead of showing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from wireshape.errors import UsageError

if TYPE_CHECKING:
    from wireshape.findings.acceptance import Reach
    from wireshape.findings.report import Report

JUDGES = ("audit", "check", "diff", "scan")
"""The commands that find something which can be accepted."""
_TAKEN = "wireshape.runs.taken"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What a command found, and what it looked at."""

    report: Report
    reach: Reach


def of_command(words: Sequence[str]) -> Run:
    """Run a command line that begins with one of the judges; UsageError as it would have itself."""
    context = click.get_current_context()
    group = context.find_root().command
    assert isinstance(group, click.Group)  # noqa: S101 - the root is the group of all commands
    name, *args = words
    command = group.get_command(context, name)
    if command is None or name not in JUDGES:
        raise UsageError(f"{name!r} finds nothing that can be accepted; {', '.join(JUDGES)} do")
    taken: list[Run] = context.meta.setdefault(_TAKEN, [])
    with command.make_context(name, args, parent=context) as inner:
        try:
            command.invoke(inner)
        except click.exceptions.Exit:
            if not taken:
                raise
    return taken.pop()


def hand_over(report: Report, reach: Reach) -> None:
    """Give a report to the command that asked for it, and end this one; nothing happens where none did."""
    taken = click.get_current_context().meta.get(_TAKEN)
    if taken is not None:
        taken.append(Run(report=report, reach=reach))
        raise click.exceptions.Exit
