"""The formats that differ only in where things stand: rows of recorders.toml, and what one of them finds in a file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from wireshape.inputs import pointers
from wireshape.inputs.bodies import Decoding
from wireshape.inputs.pointers import Found

RECOGNIZED = 100
"""Entries by which a format is recognized."""
_FILE = Path(__file__).with_name("recorders.toml")
_PARTS = " "
_KEY = "{"
_ROOT = "#"


@dataclass(frozen=True, kw_only=True, slots=True)
class BodyPlace:
    """Where a body may stand in an entry, and how it is encoded there; folder is that of a file it names."""

    at: str
    decoding: Decoding = Decoding.TEXT
    when: str | None = None
    unless: str | None = None
    folder: str = "."

    def of(self, entry: Any) -> Found | None:
        """Find the body, None where it is not here."""
        if self.when and not pointers.first(entry, [self.when]):
            return None
        if self.unless and pointers.first(entry, [self.unless]):
            return None
        return next((each for each in pointers.find(entry, self.at) if each.value is not None), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorder:
    """One row: see recorders.toml for what each member says. With `of_bodies`, entries are the bodies themselves."""

    name: str
    lacks: str
    entries: tuple[str, ...]
    body: tuple[BodyPlace, ...]
    needle: str = ""
    marks: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    pattern: bool = False
    mixed: bool = False
    evidence: bool = False
    of_bodies: bool = False

    def fits(self, document: Any) -> bool:
        """Tell whether a document is of this format; one with marks may have no entry."""
        if not all(pointers.exists(document, mark) for mark in self.marks):
            return False
        return bool(self.marks) or next(self.found_in(document), None) is not None

    def found_in(self, document: Any) -> Iterator[Found]:
        """Yield the entries of the first kind that the document has."""
        for pattern in self.entries:
            if any(self._is_entry(each.value) for each in islice(self._entries(document, pattern), RECOGNIZED)):
                yield from self._entries(document, pattern)
                return

    def text(self, entry: Found, places: tuple[str, ...], joint: str = "/") -> str | None:
        """Give what the first place that has it says, its parts put together; None where none says it.

        joint stands between the items of a list: of the segments of a path, or the labels of a host.
        """
        for place in places:
            parts = [_part(entry, part, joint) for part in place.split(_PARTS)]
            if None not in parts:
                return "".join(filter(None, parts))
        return None

    def value(self, entry: Found, places: tuple[str, ...], document: Any = None) -> Any:
        """Give what stands at the first place of an entry, or of its document, that has anything."""
        for place in places:
            found = pointers.first(document if place.startswith(_ROOT) else entry.value, [place.removeprefix(_ROOT)])
            if found is not None:
                return found
        return None

    def _entries(self, document: Any, pattern: str) -> Iterator[Found]:
        found = pointers.find(document, pattern)
        return (each for each in found if self.of_bodies or isinstance(each.value, dict))

    def _is_entry(self, entry: Any) -> bool:
        return all(pointers.exists(entry, each) for each in self.each)


def _part(entry: Found, part: str, joint: str) -> str | None:
    """Give a part of a text: a key that a wildcard stands for, a text, or the items of a list."""
    if part.startswith(_KEY):
        return entry.keys[int(part.strip("{}")) - 1]
    found = pointers.first(entry.value, [part])
    if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
        return ("/" if joint == "/" else "") + joint.join(found)
    return found if isinstance(found, str) else None


@cache
def load() -> tuple[Recorder, ...]:
    """Read the rows, in the order in which they are tried."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["recorder"]
    return tuple(_row(row) for row in rows)


def _row(row: dict[str, Any]) -> Recorder:
    places = tuple(BodyPlace(**{**each, "decoding": Decoding(each.get("decoding", "text"))}) for each in row["body"])
    lists = {name: tuple(each) for name, each in row.items() if isinstance(each, list)}
    return Recorder(**{**row, **lists, "body": places})
