"""Shows a report; one file per format, one row here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from wireshape.findings.report import Report
from wireshape.model import Finding, Level

UNCHECKED = "error-answer"
FORMATS = {
    "text": "wireshape.reports.text.check",
    "json": "wireshape.reports.json",
    "markdown": "wireshape.reports.markdown",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """How a report for a terminal is shown: in colour, how wide, whether only what fails, and what that is."""

    color: bool = False
    width: int = 80
    quiet: bool = False
    fail_on: Level = Level.BREAKING

    def full(self, finding: Finding) -> bool:
        """Tell whether a finding is shown in full, and not as a note: an answer that could not be checked is."""
        return finding.level.rank <= max(self.fail_on.rank, Level.RISKY.rank) or finding.rule == UNCHECKED


def render(report: Report, name: str, view: View | None = None) -> str:
    """Render a report in a format of FORMATS; how it is viewed matters to those meant for a terminal."""
    rendered: str = import_module(FORMATS[name]).render(report, view or View())
    return rendered
