"""The values that travel between the floors: all frozen, none knows a sibling module."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

Path = tuple[str | int, ...]
"""Where something is inside a body: keys and array indices from the root."""

ABSENT = "absent"
"""What a finding says there is where there is nothing."""


class Level(StrEnum):
    """How much a finding matters to a consumer, worst first."""

    BREAKING = "breaking"
    RISKY = "risky"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return list(Level).index(self)


class Exit(IntEnum):
    """The exit codes of every command, as README's table has them."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNCHECKED = 3
    NOTHING = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Mode:
    """An account mode; margin is None for a product without margin modes. Written `margin.position`."""

    margin: str | None
    position: str

    @classmethod
    def parse(cls, text: str) -> Mode:
        """Read `multi-assets.hedge` or `hedge`."""
        margin, _, position = text.rpartition(".")
        return cls(margin=margin or None, position=position)

    def __str__(self) -> str:
        return f"{self.margin}.{self.position}" if self.margin else self.position


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What is sent: HTTP method and path, or WebSocket method and the path of the connection."""

    method: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One row of the catalogue."""

    id: str
    product: str
    transport: str
    version: str
    operation: Operation
    modes: tuple[Mode, ...]
    weight: int
    positions: str
    mirrors: tuple[str, ...]
    replaces: tuple[str, ...]
    counterparts: tuple[str, ...]
    payload: str | None
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where something stands: a file, the interaction in it (from 1), line and column (from 1)."""

    file: str
    entry: int | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        text = self.file if self.entry is None else f"{self.file}#{self.entry}"
        if self.line is not None:
            text += f":{self.line}" if self.column is None else f":{self.line}:{self.column}"
        return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a recording comes from; only testnet and production count as observed."""

    kind: str
    recorded_at: str | None = None
    citation: str | None = None

    @property
    def observed(self) -> bool:
        """Whether the exchange itself gave this answer."""
        return self.kind in {"testnet", "production"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Interaction:
    """One captured answer: body as bytes from the wire, status as HTTP has it (None where unknown).

    `expects_error` is set where the recording was made to hold an error; `bare` where the body is the input
    itself, so that line and column mean something.
    """

    endpoint: Endpoint
    mode: Mode | None
    origin: Origin | None
    status: int | None
    body: bytes
    location: Location
    expects_error: bool = False
    bare: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that could not be checked, and why, in one line."""

    location: Location
    reason: str
    exit_code: int = Exit.UNCHECKED


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """An interaction with an operation the catalogue does not have: no business of ours."""

    location: Location


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of rules.toml."""

    id: str
    family: str
    level: Level
    message: str
    why: str
    before: str
    after: str
    fix: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """A line of a page, cut to a window where it is long; caret counts its characters from 0, None where masked."""

    line: str
    caret: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One rule broken at one collapsed path of one file; count says how often, sample where first.

    `base` names what `endpoint` was compared with, None where an answer was checked. Of a page, `edition` is its
    language and `source` the line a finding is about.
    """

    rule: str
    level: Level
    endpoint: str
    mode: str | None
    path: str
    message: str
    expected: str | None
    actual: str | None
    location: Location
    sample: str
    count: int = 1
    waiver: str | None = None
    base: str | None = None
    edition: str | None = None
    source: Excerpt | None = None


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
    """Whether a live run had an answer of an endpoint in a mode, and if not, why; the id names the transport."""

    endpoint: str
    mode: str
    observed: bool
    reason: str | None = None


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
            worst = Exit(max(problem.exit_code for problem in self.problems))
            # An input with nothing in it is nothing checked only where nothing else was.
            return Exit.UNCHECKED if worst is Exit.NOTHING and (self.checked or self.compared) else worst
        verdicts = {entry.verdict for entry in self.checked}
        if verdicts == {"unchecked"}:
            return Exit.UNCHECKED
        return Exit.CLEAN if verdicts or self.compared or self.scanned else Exit.NOTHING
