"""The values that travel between the packages: all frozen, none knows a sibling module."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

InstancePath = tuple[str | int, ...]
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


class Reason(StrEnum):
    """Why a live run has no answer to check or to keep; schemas/report.schema.json says what each of them means."""

    NETWORK = "network"
    AUTH = "auth"
    CLOCK = "clock"
    LIMIT = "limit"
    MAINTENANCE = "maintenance"
    RETIRED = "retired"
    REQUEST = "request"
    REFUSED = "refused"
    MODE = "mode"
    REDIRECT = "redirect"
    HTML = "html"
    TYPE = "type"
    SIZE = "size"
    FRAME = "frame"
    AMOUNTS = "amounts"
    LEAK = "leak"


class Exit(IntEnum):
    """The exit codes of every command, as README's table has them."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNCHECKED = 3
    NOTHING = 4
    BUG = 70
    """A bug of wireshape itself: EX_SOFTWARE of sysexits.h, far from the codes that say something of an input."""


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
    """One row of the catalogue; `retired` is the first day (ISO 8601) on which it no longer answered."""

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
    retired: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A file, an interaction in it, line and column, from 1; `unpacked` where they are inside of a compressed file."""

    file: str
    entry: int | None = None
    line: int | None = None
    column: int | None = None
    unpacked: bool = False

    def __str__(self) -> str:
        if self.line is None:
            return self.file if self.entry is None else f"{self.file}#{self.entry}"
        place = f"{self.line}" if self.column is None else f"{self.line}:{self.column}"
        return f"{self.file} (unpacked, {place})" if self.unpacked else f"{self.file}:{place}"


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


class ToldBy(StrEnum):
    """What told which endpoint answered: its address, the request frame, the call, the file's name, or the fields."""

    URL = "url"
    FRAME = "frame"
    OPTION = "option"
    NAME = "name"
    SHAPE = "shape"


Source = Callable[[bytes, Collection[int], Location], dict[int, Location]]
"""Gives where characters of a body stand in a file, by their offsets behind its byte order mark; none if unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interaction:
    """One captured answer: body as bytes from the wire, status as HTTP has it (None where unknown).

    `expects_error` is set where the recording was made to hold an error; `bare` where the body is the input or a line
    of it. `recorded_on` is the day of the recording in UTC, and `request_id` the id of the frame sent, where known.
    `source` finds the body in its file. `told_by` is what told the endpoint, None where it was asked for the answer
    itself. `disguised` is set where the recording says that amounts were replaced.
    """

    endpoint: Endpoint
    mode: Mode | None
    origin: Origin | None
    status: int | None
    body: bytes
    location: Location
    expects_error: bool = False
    bare: bool = False
    recorded_on: date | None = None
    source: Source | None = field(default=None, compare=False, repr=False)
    told_by: ToldBy | None = None
    request_id: str | int | None = None
    disguised: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that could not be checked, and why, in one line; `code` is the reason of a live failure.

    `undecided` says that there may be an answer, and that it is not known which endpoint gave it.
    """

    location: Location
    reason: str
    code: Reason | None = None
    exit_code: int = Exit.UNCHECKED
    undecided: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """An interaction whose operation is not in the catalogue; counted as skipped."""

    location: Location


Item = Interaction | Problem | Skipped
"""What files and live runs are read as, in one stream."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What something was compared with: a contract or recording by its name, or a page in a language."""

    name: str
    language: str | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.language}" if self.language else self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """A line of a page, cut to a window where it is long; caret counts its characters from 0, None where masked."""

    line: str
    caret: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One rule broken at one collapsed path of one file; count says how often, sample where first.

    `base` names what `endpoint` was compared with, None where an answer was checked. Of a page, `edition` is its
    language, `source` the line a finding is about, and `also` where it stands besides, as far as that is listed. Of a
    scan, `hashes` are the SHA-256 by which what was found can be accepted; no report shows them, as a short value can
    be guessed from its own.
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
    base: Base | None = None
    edition: str | None = None
    source: Excerpt | None = None
    also: tuple[Location, ...] = ()
    hashes: tuple[str, ...] = field(default=(), repr=False)
