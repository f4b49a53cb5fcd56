"""Shows a report; one file per format, one row here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from wireshape.model import Finding, Level

if TYPE_CHECKING:  # every command knows the formats, and few of them have a report
    from wireshape.findings.report import Report

FORMATS = {
    "text": "wireshape.reports.text",
    "json": "wireshape.reports.json",
    "markdown": "wireshape.reports.markdown",
}
"""The module of each format, by the name that `--format` takes."""
_UNCHECKED = "error-answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """How a report for a terminal is shown: in colour, how wide, whether only what fails, and what that is."""

    color: bool = False
    width: int = 80
    quiet: bool = False
    fail_on: Level = Level.BREAKING

    def full(self, finding: Finding) -> bool:
        """Tell whether a finding is shown in full, and not as a note: an answer that could not be checked is."""
        return finding.level.rank <= max(self.fail_on.rank, Level.RISKY.rank) or finding.rule == _UNCHECKED


class Format(Protocol):
    """What the module of a format offers."""

    def render(self, report: Report, view: View) -> str:
        """Write a report, with a line break at its end; a format for machines shows all of it, whatever the view."""
        ...


def render(report: Report, name: str, view: View | None = None) -> str:
    """Write a report in the format of that name."""
    return cast("Format", import_module(FORMATS[name])).render(report, view or View())
