"""The ledger of accepted findings: the file, read, checked and written whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from wireshape import atomic_write, bounded_read, resources
from wireshape.catalog import data_files
from wireshape.catalog.data_files import DataDefect
from wireshape.errors import ContractError, InputError, UsageError, nearest
from wireshape.findings import rules
from wireshape.findings.waivers import Grounds, ValueKey, WaivedPath, WaivedValue, Waiver
from wireshape.jsontext.document import Document
from wireshape.jsontext.positions import Position
from wireshape.model import InstancePath

VERSION = 1
MAX_BYTES = 4_000_000
"""Of a ledger that is read."""
LEDGER = resources.SCHEMAS / "waivers.json"
SCHEMA = resources.SCHEMAS / "waivers.schema.json"
_OPTIONAL = ("base", "file", "count")
"""Members that an entry leaves out where they say nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """A file of waivers: the name to show, the text, and what it says."""

    name: str
    text: bytes
    waivers: tuple[Waiver, ...]
    values: tuple[WaivedValue, ...]

    def paths(self) -> Iterator[WaivedPath]:
        """Yield every path of every entry."""
        for number, waiver in enumerate(self.waivers):
            for index, path in enumerate(waiver.paths):
                yield WaivedPath(waiver=waiver, path=path, place=("waivers", number, "paths", index))

    def position(self, place: InstancePath) -> Position:
        """Say where in the file a path or a value stands."""
        return _positions(self)[place]

    def value_reasons(self, day: date, file: str) -> dict[ValueKey, str]:
        """Give the reasons of the values that are accepted on a day in a file."""
        return {each.key: each.reason for each in self.values if not each.expired(day) and each.is_in(file)}


@lru_cache(maxsize=1)
def _positions(ledger: Ledger) -> dict[InstancePath, Position]:
    """Say where all paths and values of a ledger stand: its text is walked once."""
    places: list[InstancePath] = [each.place for each in ledger.paths()]
    places += [("values", number) for number in range(len(ledger.values))]
    return Document(ledger.text, None).positions(places)


def today() -> date:
    """Give the date in UTC, by which waivers expire."""
    return datetime.now(UTC).date()


def load(file: Path) -> Ledger:
    """Read a ledger; UsageError says in one line what is wrong with it, and where."""
    try:
        text = bounded_read.read(file, MAX_BYTES)
    except InputError as error:
        raise UsageError(f"{file.name}: {error}") from None
    return parse(text, file.name if file == LEDGER else str(file))


def parse(text: bytes, name: str) -> Ledger:
    """Read the text of a ledger; UsageError as for `load`."""
    try:
        document = data_files.parse(text, name, SCHEMA)
        rows, values = document["waivers"], document.get("values", [])
        data_files.refuse(text, name, [*_defects("waivers", rows), *_defects("values", values)])
    except ContractError as error:
        raise UsageError(str(error)) from None
    return Ledger(
        name=name, text=text, waivers=tuple(map(_waiver, rows)), values=tuple(WaivedValue(**row) for row in values)
    )


def save(file: Path, entries: Sequence[Waiver], values: Sequence[WaivedValue] = ()) -> None:
    """Write a ledger that `load` will read, in one step; UsageError where it would not."""
    rows, of_scans = list(map(_row, entries)), list(map(_row, values))
    document = {"$schema": SCHEMA.name, "version": VERSION, "waivers": rows}
    document |= {"values": of_scans} if of_scans else {}
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    parse(text, file.name)
    atomic_write.write(file, text)


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _waiver(row: dict[str, Any]) -> Waiver:
    paths = row["paths"] if "paths" in row else [row["path"]]
    said = {name: value for name, value in row.items() if name not in {"path", "paths"}}
    return Waiver(**{"base": None, **said}, paths=tuple(paths))


def _row(entry: Waiver | WaivedValue) -> dict[str, Any]:
    """Give the members of an entry: what is accepted, then why."""
    said = {name: value for name, value in asdict(entry).items() if value is not None or name not in _OPTIONAL}
    why = {each.name: said.pop(each.name) for each in fields(Grounds)}
    return said | why


def _defects(section: str, rows: list[dict[str, Any]]) -> Iterator[DataDefect]:
    """Yield what no schema can say: rules that there are not, and dates that are none."""
    for number, row in enumerate(rows):
        if row["rule"] not in rules.load():
            hint = nearest(row["rule"], rules.load())
            yield DataDefect(path=(section, number, "rule"), reason=f"unknown rule {row['rule']!r}{hint}")
        for name in ("expires", "accepted"):
            if row[name] is not None and not is_date(row[name]):
                yield DataDefect(path=(section, number, name), reason=f"{row[name]!r} is no date")
