"""The figures of a report, the same in every format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wireshape.findings.report import Report, Verdict
from wireshape.model import Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Answers by what became of them, and findings by level; those that are waived are in no level."""

    checked: int
    clean: int
    errors: int
    unchecked: int
    problems: int
    skipped: int
    compared: int
    scanned: int
    waived: int
    breaking: int
    risky: int
    info: int

    @property
    def levels(self) -> list[str]:
        """How many findings there are of each level, worst first: `2 breaking`; levels without one are left out."""
        counts = {Level.BREAKING: self.breaking, Level.RISKY: self.risky, Level.INFO: self.info}
        return [f"{count} {level}" for level, count in counts.items() if count]


def summarize(report: Report) -> Summary:
    """Count what a report holds."""
    verdicts: Counter[Verdict] = Counter()
    for entry in report.checked:
        verdicts[entry.verdict] += entry.count
    levels = Counter(finding.level for finding in report.open)
    return Summary(
        checked=verdicts.total() - verdicts[Verdict.UNCHECKED] - verdicts[Verdict.ERROR],
        clean=verdicts[Verdict.CLEAN] + verdicts[Verdict.INFO] + verdicts[Verdict.ACCEPTED],
        errors=verdicts[Verdict.ERROR],
        unchecked=verdicts[Verdict.UNCHECKED],
        problems=len(report.problems),
        skipped=report.skipped,
        compared=len(report.compared),
        scanned=report.scanned,
        waived=len(report.findings) - len(report.open) + report.left_out,
        breaking=levels[Level.BREAKING],
        risky=levels[Level.RISKY],
        info=levels[Level.INFO],
    )
