"""Shows a report on a terminal; one file per command, one row here."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from rich.console import Console

from wireshape.findings.report import Report
from wireshape.reports import View
from wireshape.reports.text import console

COMMANDS = {
    "check": "wireshape.reports.text.check",
    "diff": "wireshape.reports.text.diff",
    "audit": "wireshape.reports.text.audit",
    "scan": "wireshape.reports.text.scan",
    "watch": "wireshape.reports.text.watch",
}
"""The module that prints the report of each command."""


class Printer(Protocol):
    """What the module of a command offers."""

    def print_report(self, out: Console, report: Report, view: View) -> None:
        """Print a report; a quiet view leaves out all but findings shown in full, and what could not be checked."""
        ...


def render(report: Report, view: View) -> str:
    """Write a report for a terminal."""
    out = console.open_console(color=view.color, width=view.width)
    cast("Printer", import_module(COMMANDS[report.command])).print_report(out, report, view)
    return console.collected(out)
