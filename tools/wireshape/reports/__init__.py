"""Shows a report; one file per format, one row here."""

from __future__ import annotations

from importlib import import_module

from wireshape.model import Report

FORMATS = {
    "text": "wireshape.reports.text",
    "json": "wireshape.reports.json",
}


def render(report: Report, name: str, *, color: bool = False, width: int = 80, quiet: bool = False) -> str:
    """Render a report in a format of FORMATS; color, width and quiet matter to those meant for a terminal."""
    rendered: str = import_module(FORMATS[name]).render(report, color=color, width=width, quiet=quiet)
    return rendered
