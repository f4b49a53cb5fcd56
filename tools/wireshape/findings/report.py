"""What a command came to: what was checked, compared or asked, and the report of all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from wireshape.findings import redaction
from wireshape.findings.watched import Watched
from wireshape.model import Exit, Finding, Level, Problem, Reason, ToldBy


class Verdict(StrEnum):
    """What an answer, an example or a pair came to: the worst level found, worst first, or else what stands below.

    `same` is that of a pair, `clean` that of an answer without a finding, `accepted` that of one
    whose findings are all accepted, `error` that of an error answer that was
    recorded as one, and `unchecked` that of an error answer where a success was expected.
    """

    BREAKING = "breaking"
    RISKY = "risky"
    INFO = "info"
    SAME = "same"
    CLEAN = "clean"
    ACCEPTED = "accepted"
    ERROR = "error"
    UNCHECKED = "unchecked"


class AnswerKind(StrEnum):
    """What was checked: an answer, or an example on a page, of an answer or of a request."""

    SUCCESS = "success"
    ERROR = "error"
    UNREADABLE = "unreadable"
    EXAMPLE = "example"
    REQUEST = "request"


class DateSource(StrEnum):
    """Where the day comes from as of which an answer is judged; `life` is the nearest day on which its endpoint was."""

    RECORDING = "recording"
    OPTION = "option"
    TODAY = "today"
    LIFE = "life"


class Relation(StrEnum):
    """Why two witnesses are compared: as they were given, or because the catalogue relates them."""

    GIVEN = "given"
    MIRRORS = "mirrors"
    REPLACES = "replaces"
    COUNTERPARTS = "counterparts"
    MODES = "modes"


class Presence(StrEnum):
    """How a witness has a field; `unobserved` where it never saw a row of the array the field is in."""

    PRESENT = "present"
    OPTIONAL = "optional"
    UNDOCUMENTED = "undocumented"
    WITHDRAWN = "withdrawn"
    UNOBSERVED = "unobserved"
    ABSENT = "absent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """Two witnesses that were compared: how they are related, in which mode, and what that came to.

    `unobserved` are the arrays of which one side never saw a row: nothing is said of what lies below.
    """

    base: str
    current: str
    relation: Relation
    mode: str | None
    fields: int
    verdict: Verdict
    unobserved: tuple[str, ...] = ()


class MatrixRow(NamedTuple):
    """One field, and how each column has it."""

    path: str
    cells: tuple[Presence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Fields by witness; a column is the name of one."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What became of one or more answers alike.

    `fits` names the modes that account for the body equally well where neither the recording nor the call names one.
    An answer is judged as of a day (ISO 8601), and `as_of_source` says where that comes from; `told_by` says what told
    its endpoint, None where that was asked. Of an example on a page, `edition` is the language and `line` where it
    begins; where that is of no endpoint of the catalogue, there was no contract to hold it against.
    """

    endpoint: str
    mode: str | None
    fits: tuple[str, ...]
    origin: str | None
    observed: bool
    answer: AnswerKind
    verdict: Verdict
    file: str
    count: int = 1
    edition: str | None = None
    line: int | None = None
    as_of: str | None = None
    as_of_source: DateSource | None = None
    told_by: ToldBy | None = None
    in_catalogue: bool = True


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
    """All that one command has to say; scanned counts the files that were looked through for secrets.

    left_out counts accepted findings that are not among those shown.

    It holds no secret, whatever it is made of: names and reasons are masked as it is made, findings as they are.
    """

    command: str
    checked: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    skipped: int = 0
    compared: tuple[Compared, ...] = ()
    matrix: Matrix | None = None
    coverage: tuple[Coverage, ...] = ()
    scanned: int = 0
    left_out: int = 0
    watched: Watched | None = None

    def __post_init__(self) -> None:
        masked = {
            "checked": tuple(replace(each, file=redaction.name(each.file)) for each in self.checked),
            "problems": tuple(map(_masked_problem, self.problems)),
            "compared": tuple(map(_masked_pair, self.compared)),
            "matrix": _masked_matrix(self.matrix) if self.matrix else None,
            "watched": _masked_watch(self.watched) if self.watched else None,
            "coverage": tuple(
                replace(each, reason=redaction.text(each.reason)) if each.reason else each for each in self.coverage
            ),
        }
        for name, value in masked.items():
            object.__setattr__(self, name, value)

    @property
    def open(self) -> list[Finding]:
        """The findings that are not accepted."""
        return [finding for finding in self.findings if not finding.waiver]

    @property
    def empty(self) -> bool:
        """Whether nothing was looked at, and all that could not be had nothing in it."""
        seen = self.checked or self.compared or self.scanned or self._watched
        return not seen and all(problem.exit_code == Exit.NOTHING for problem in self.problems)

    def exit_code(self, fail_on: Level, *, allow_nothing: bool = False) -> Exit:
        """Give the exit code: findings first, then what could not be checked, then nothing seen unless it may be so."""
        if any(finding.level.rank <= fail_on.rank for finding in self.open):
            return Exit.FINDINGS
        problems = [each for each in self.problems if not (allow_nothing and _is_nothing(each))]
        if codes := {Exit(problem.exit_code) for problem in problems}:
            # An input with nothing in it is nothing checked only where nothing else was wrong, or was checked.
            empty = codes == {Exit.NOTHING} and not self.checked and not self.compared and not self._watched
            return Exit.NOTHING if empty else max(codes - {Exit.NOTHING}, default=Exit.UNCHECKED)
        verdicts = {entry.verdict for entry in self.checked}
        if verdicts == {Verdict.UNCHECKED}:
            return Exit.UNCHECKED
        seen = verdicts or self.compared or self.scanned or self._watched
        return Exit.CLEAN if seen or allow_nothing else Exit.NOTHING

    @property
    def _watched(self) -> int:
        """How many pages there were with something to compare; news of a store are something by themselves."""
        return max(self.watched.compared, not self.watched.looked) if self.watched else 0


def _is_nothing(problem: Problem) -> bool:
    """Tell whether there was nothing to look at, which a call may allow; an answer that nobody can place is some."""
    return problem.exit_code == Exit.NOTHING and not problem.undecided


def _masked_problem(problem: Problem) -> Problem:
    """Give a problem without secrets in its file name and reason."""
    location = replace(problem.location, file=redaction.name(problem.location.file))
    return replace(problem, location=location, reason=redaction.text(problem.reason))


def _masked_watch(watched: Watched) -> Watched:
    return replace(watched, notes=tuple(map(_masked_problem, watched.notes)))


def _masked_pair(pair: Compared) -> Compared:
    return replace(
        pair,
        base=redaction.name(pair.base),
        current=redaction.name(pair.current),
        unobserved=tuple(map(redaction.text, pair.unobserved)),
    )


def _masked_matrix(matrix: Matrix) -> Matrix:
    rows = tuple(row._replace(path=redaction.text(row.path)) for row in matrix.rows)
    return Matrix(columns=tuple(map(redaction.name, matrix.columns)), rows=rows)
