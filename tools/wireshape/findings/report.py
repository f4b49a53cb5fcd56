"""What a command came to: what was checked, compared or asked, and the report of all of it."""

from __future__ import annotations

from dataclasses import dataclass

from wireshape.model import Exit, Finding, Level, Problem, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """Two witnesses held against each other: how they are related, in which mode, and what that came to.

    `unobserved` are the arrays of which one side never saw a row: nothing is said of what lies below.
    """

    base: str
    current: str
    relation: str
    mode: str | None
    fields: int
    verdict: str
    unobserved: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Fields by endpoint: `rows` holds a path and one mark per column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What became of one or more answers alike: verdict is clean, the worst level found, error or unchecked.

    The verdict `error` is that of an error answer that was meant, and is as it should be. `fits` names the modes that
    account for the body equally well where neither recording nor caller told the mode. Of an example on a page,
    `edition` is the language and `line` where it begins.
    """

    endpoint: str
    mode: str | None
    fits: tuple[str, ...]
    origin: str | None
    observed: bool
    answer: str
    verdict: str
    file: str
    count: int = 1
    edition: str | None = None
    line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Whether a live run had an answer of an endpoint in a mode, and if not, why; the id names the transport.

    `code` is that of the failure, None where the endpoint was not asked in this mode.
    """

    endpoint: str
    mode: str
    observed: bool
    reason: str | None = None
    code: Reason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that one command has to say; scanned counts the files that were looked through for secrets."""

    command: str
    checked: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    skipped: int = 0
    compared: tuple[Compared, ...] = ()
    matrix: Matrix | None = None
    coverage: tuple[Coverage, ...] = ()
    scanned: int = 0

    def exit_code(self, fail_on: Level) -> Exit:
        """Give the exit code: findings first, then what could not be checked, then nothing seen."""
        if any(finding.level.rank <= fail_on.rank and not finding.waiver for finding in self.findings):
            return Exit.FINDINGS
        if self.problems:
            codes = {Exit(problem.exit_code) for problem in self.problems}
            # An input with nothing in it is nothing checked only where nothing else was wrong, or was checked.
            empty = codes == {Exit.NOTHING} and not self.checked and not self.compared
            return Exit.NOTHING if empty else max(codes - {Exit.NOTHING}, default=Exit.UNCHECKED)
        verdicts = {entry.verdict for entry in self.checked}
        if verdicts == {"unchecked"}:
            return Exit.UNCHECKED
        return Exit.CLEAN if verdicts or self.compared or self.scanned else Exit.NOTHING
