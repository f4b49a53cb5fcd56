"""Opens ZIP files, wherever they end: whole, behind a script or another file's end, or stored in one another."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from wireshape.scan.layer import MAX_UNPACKED_BYTES, Layer, Span, at

MAX_ARCHIVES_PER_TEXT = 64
MAX_MEMBERS = 1 << 16

_END = b"PK\x05\x06"
_END_BYTES = 22
_ENTRY = b"PK\x01\x02"
# With a version, flags and a method as there are.
_MEMBER = re.compile(rb"PK\x03\x04[\x00-\x3f]\x00[\x00-\xff]{2}[\x00-\x62]\x00", re.DOTALL)
_ENCRYPTED = 1
_PIECE_BYTES = 1 << 16
_HOW = "ZIP file"
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Content:
    """What could be read of a member, and why not all of it."""

    data: bytes
    gap: str


def zip_files(data: bytes) -> Iterator[Layer]:
    """Yield the members of every ZIP file; a member that no directory names is a gap."""
    opened: list[Span] = []
    end, tries = data.find(_END), 0
    while end >= 0 and tries < MAX_ARCHIVES_PER_TEXT:
        tries += 1
        stop = end + _END_BYTES + int.from_bytes(data[end + 20 : end + 22], "little")
        span = yield from _archive(data, stop)
        if span:
            opened.append(span)
        end = data.find(_END, end + 1)
    member = _MEMBER.search(data)
    while member and (inside := next((span for span in opened if span.start <= member.start() < span.end), None)):
        member = _MEMBER.search(data, inside.end)
    if member:
        yield Layer(data=b"", how=_HOW, place=at(member.start()), packed=True, gap="damaged, or without its directory")


def _archive(data: bytes, stop: int) -> Generator[Layer, None, Span | None]:
    """Yield the members of the ZIP file that ends at stop; give its span, None where there is none."""
    if data.count(_ENTRY, 0, stop) > MAX_MEMBERS:
        yield Layer(data=b"", how=_HOW, place=at(0), packed=True, gap=f"more than {MAX_MEMBERS} members")
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(data[:stop]))
    except _BROKEN:
        return None
    members = [info for info in archive.infolist() if not info.is_dir()]
    span = Span(start=min((info.header_offset for info in archive.infolist()), default=stop - _END_BYTES), end=stop)
    gaps: list[str] = []
    for info in members:
        content = _content(archive, info)
        gaps += [content.gap] if content.gap else []
        yield Layer(data=content.data, how=_HOW, place=at(max(info.header_offset, 0)), packed=True, span=span)
    if gaps:
        counted = f"{len(gaps)} of {len(members)} members: {gaps[0]}"
        yield Layer(data=b"", how=_HOW, place=at(max(span.start, 0)), packed=True, span=span, gap=counted)
    return span


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Content:
    """Read a member as far as it is sound, and no further than a member may grow."""
    if info.flag_bits & _ENCRYPTED:
        return _Content(data=b"", gap="encrypted")
    parts: list[bytes] = []
    left = MAX_UNPACKED_BYTES
    try:
        with archive.open(info) as member:
            while left > 0 and (piece := member.read(min(_PIECE_BYTES, left))):
                parts.append(piece)
                left -= len(piece)
    except NotImplementedError:
        return _Content(data=b"", gap="compressed in an unknown way")
    except _BROKEN:
        return _Content(data=b"".join(parts), gap="damaged")
    gap = f"more than {MAX_UNPACKED_BYTES >> 20} MB" if left <= 0 else ""
    return _Content(data=b"".join(parts), gap=gap)
