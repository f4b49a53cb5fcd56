"""The lines of a store: what is watched, what was captured when, and what was new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from wireshape.model import Base, Finding, Level, Location

_T = TypeVar("_T")


class SourceKind(StrEnum):
    """Where pages come from."""

    URL = "url"
    SITEMAP = "sitemap"
    FILE = "file"
    FOLDER = "folder"
    GIT = "git"
    CHANGE_LOG = "change-log"


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchedSource:
    """One thing that is watched: an address without its secrets, a path or a repository; `match` narrows its pages."""

    kind: SourceKind
    name: str
    match: str | None = None
    since: str
    asked: str = field(default="", compare=False, repr=False)
    """The address as it is asked, with its secrets: never stored."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.kind, self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """A page as it was at a time (ISO 8601, UTC); without sha256, the page was gone from its source.

    `examples` counts the examples that are compared, `revision` is the commit of a page of a repository.
    """

    date: str
    page: str
    kind: SourceKind
    source: str
    sha256: str | None
    examples: int = 0
    etag: str | None = None
    last_modified: str | None = None
    revision: str | None = None

    @property
    def origin(self) -> tuple[str, str]:
        """The key of the source it came from."""
        return self.kind, self.source


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One piece of news: a finding of the comparison of two captures, with the day of the later one.

    `captures` are the SHA-256 of both, of one alone where the page is new or gone. `announced` is the day of the entry
    of the change log that named it, where `change_log` was read.
    """

    id: str
    date: str
    rule: str
    level: Level
    endpoint: str
    mode: str | None
    edition: str | None
    path: str
    message: str
    was: str | None
    now: str | None
    page: str
    line: int | None
    base: str | None
    count: int = 1
    captures: tuple[str, ...] = ()
    change_log: str | None = None
    announced: str | None = None

    def finding(self) -> Finding:
        """Give the finding that it was made of, as reports show it."""
        return Finding(
            rule=self.rule,
            level=self.level,
            endpoint=self.endpoint,
            mode=self.mode,
            path=self.path,
            message=self.message,
            expected=self.was,
            actual=self.now,
            location=Location(file=self.page, line=self.line),
            sample=self.path,
            count=self.count,
            base=Base(name=self.base) if self.base else None,
            edition=self.edition,
        )

    @property
    def witness(self) -> str | None:
        """What the change log says of it; None where none was read."""
        if self.change_log is None:
            return None
        return f"announced {self.announced}" if self.announced else "not announced"


def to_json(record: WatchedSource | Capture | Event) -> dict[str, Any]:
    """Give the members of a record that say something; a capture without sha256 keeps that."""
    members = asdict(record)
    members.pop("asked", None)
    return {name: value for name, value in members.items() if value not in (None, ()) or name == "sha256"}


def from_json(record: type[_T], members: Mapping[str, Any]) -> _T:
    """Make a record of its members, which its schema accepts; those of later versions are passed over."""
    known = {each.name for each in fields(record)}  # type: ignore[arg-type]
    values: dict[str, Any] = {name: value for name, value in members.items() if name in known}
    for name, kind in (("kind", SourceKind), ("level", Level), ("captures", tuple)):
        if name in values:
            values[name] = kind(values[name])
    if record is Event:
        values = dict.fromkeys(("mode", "edition", "was", "now", "line", "base")) | values
    return record(**values)
