"""Reads the rows of SQLite databases, where one column follows the other without a gap."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from wireshape.scan.layer import MAX_UNPACKED_BYTES, Layer, Span, at

MAX_TABLES = 256
MAX_STEPS = 20_000_000
"""Instructions of SQLite's machine that reading a database may take."""

_HEAD = b"SQLite format 3\0"
_STEPS_AT_A_TIME = 100_000
_PAGE_BYTES = slice(16, 18)
_LARGEST_PAGE_BYTES = 1 << 16  # written as 1
_VERSIONS = slice(18, 20)
_PAGES = slice(28, 32)
_HOW = "SQLite row"


def databases(data: bytes) -> Iterator[Layer]:
    """Yield the rows of a database as lines of `column: value`; what is in no row any more is only seen as bytes."""
    if not data.startswith(_HEAD):
        return
    rows: list[bytes] = []
    gap = _reason(data)
    if gap:
        yield Layer(data=b"", how=_HOW, place=at(0), packed=True, gap=gap)
        return
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            _prepare(database, data)
            left = MAX_UNPACKED_BYTES
            for row in _rows(database):
                rows.append(row)
                left -= len(row)
                if left < 0:
                    gap = f"more than {MAX_UNPACKED_BYTES >> 20} MB"
                    break
    except (sqlite3.Error, OverflowError, MemoryError, AttributeError):
        gap = "damaged, or not readable here"
    span = Span(start=0, end=0 if gap else len(data))
    yield Layer(data=b"\n".join(rows), how=_HOW, place=at(0), packed=True, span=span, gap=gap)


def _reason(data: bytes) -> str:
    """Say why a database is not to be opened, "" where it is: one that is cut has pages of zeros."""
    if len(data) > MAX_UNPACKED_BYTES:
        return f"larger than {MAX_UNPACKED_BYTES >> 20} MB"
    size = int.from_bytes(data[_PAGE_BYTES], "big")
    pages = int.from_bytes(data[_PAGES], "big")
    return "damaged" if len(data) < pages * (size if size > 1 else _LARGEST_PAGE_BYTES) else ""


def _prepare(database: sqlite3.Connection, data: bytes) -> None:
    """Load a database that may have been made to do harm: nothing of its own is run, and reading it ends."""
    steps = 0

    def stop() -> int:
        nonlocal steps
        steps += _STEPS_AT_A_TIME
        return steps > MAX_STEPS

    # In memory there is no write-ahead log; the two bytes say whether a file has one.
    plain = bytearray(data)
    plain[_VERSIONS] = b"\x01\x01"
    database.deserialize(bytes(plain))
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_UNPACKED_BYTES)
    database.set_progress_handler(stop, _STEPS_AT_A_TIME)
    database.text_factory = bytes


def _rows(database: sqlite3.Connection) -> Iterator[bytes]:
    """Yield the rows of all tables; views and virtual tables hold none of their own."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 LIMIT ?"
    tables = [name for (name,) in database.execute(query, (MAX_TABLES + 1,))]
    if len(tables) > MAX_TABLES:
        raise sqlite3.DataError
    for name in tables:
        quoted = name.decode("utf-8", "replace").replace('"', '""')
        cursor = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a name, quoted
        columns = [column[0].encode("utf-8", "replace") for column in cursor.description]
        for row in cursor:
            yield b"\n".join(b"%b: %b" % pair for pair in zip(columns, map(_shown, row), strict=True))


def _shown(value: bytes | float | None) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
