"""Knows files by their first bytes: those that nothing here opens, and those whose samples hold no text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.scan.layer import Span, blanked

_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IDAT", b"fdAT")
_CHUNK_BYTES = 12
_BODY_BYTES = 64
_MIN_BINARY_BYTES = 8
_NO_TEXT = bytes(code for code in range(256) if (code < 32 and code not in b"\t\n\r") or code > 126)  # noqa: PLR2004 - ASCII


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """Where a format says how long it is."""

    at: int
    bytes: int
    order: str
    plus: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One row of formats.toml."""

    how: str
    head: re.Pattern[bytes]
    tail: re.Pattern[bytes] | None
    length: Length | None
    start: bool
    exact: bool
    text: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Formats:
    """The rows of formats.toml."""

    closed: tuple[Format, ...]
    media: tuple[Format, ...]
    programs: tuple[Format, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """A file that nothing here opens, and where it begins."""

    how: str
    start: int


@cache
def load() -> Formats:
    """Read formats.toml."""
    rows = tomllib.loads((Path(__file__).parent / "formats.toml").read_text("utf-8"))
    return Formats(
        closed=tuple(map(_format, rows["closed"])),
        media=tuple(map(_format, rows["media"])),
        programs=tuple(map(_format, rows["program"])),
    )


def _format(row: dict[str, Any]) -> Format:
    return Format(
        how=row["how"],
        head=re.compile(row["head"].encode("latin-1"), re.DOTALL),
        tail=re.compile(row["tail"].encode("latin-1"), re.DOTALL) if "tail" in row else None,
        length=Length(**row["length"]) if "length" in row else None,
        start=row.get("start", False),
        exact=row.get("exact", False),
        text=row.get("text", False),
    )


def closed(data: bytes, *, text: bool) -> Iterator[Closed]:
    """Yield what nothing here opens, the first of each kind; in text, only what is text."""
    for row in load().closed:
        if text and not row.text:
            continue
        match = row.head.match(data) if row.start else row.head.search(data)
        if match and (row.text or _is_binary(data[match.end() : match.end() + _BODY_BYTES])):
            yield Closed(how=row.how, start=match.start())


def is_program(data: bytes) -> bool:
    """Tell whether data is a program: its strings stand there plainly, the rest is code and numbers."""
    return any(row.head.match(data) for row in load().programs)


def _is_binary(body: bytes) -> bool:
    return len(body) - len(body.translate(None, _NO_TEXT)) >= _MIN_BINARY_BYTES


def without_samples(data: bytes) -> bytes:
    """Give data with the samples of pictures, fonts and sound blanked, so that nothing is looked for in them."""
    spans = [*_pixels(data), *(span for row in load().media for span in _spans(data, row))]
    return blanked(data, spans) if spans else data


def _spans(data: bytes, row: Format) -> Iterator[Span]:
    start = 0
    while (
        match := row.head.match(data)
        if row.start and not start
        else None
        if row.start
        else row.head.search(data, start)
    ):
        end = _end(data, match.start(), row)
        if not row.exact or end == len(data):
            yield Span(start=match.start(), end=end)
        start = max(end, match.end())


def _end(data: bytes, start: int, row: Format) -> int:
    if length := row.length:
        field = data[start + length.at : start + length.at + length.bytes]
        return start + length.plus + int.from_bytes(field, "little" if length.order == "little" else "big")
    if row.tail and (tail := row.tail.search(data, start)):
        return tail.end()
    return len(data)


def _pixels(data: bytes) -> Iterator[Span]:
    """Yield the pixels of PNG pictures: other chunks may hold text."""
    start = data.find(_PNG)
    while start >= 0:
        chunk = start + len(_PNG)
        while chunk + _CHUNK_BYTES <= len(data) and (name := data[chunk + 4 : chunk + 8]).isalpha():
            end = chunk + _CHUNK_BYTES + int.from_bytes(data[chunk : chunk + 4], "big")
            if name in _PIXELS:
                yield Span(start=chunk, end=end)
            chunk = end
        start = data.find(_PNG, max(chunk, start + 1))
