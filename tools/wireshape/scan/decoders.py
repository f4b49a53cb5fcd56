"""Takes off what can hide text: string escapes, percent-encoding, base64, gzip and zlib, one layer at a time."""

from __future__ import annotations

import base64
import re
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LARGEST = 1 << 26
"""Bytes unpacked from one compressed stream; a longer one is cut, and the cut is told."""

RUN = re.compile(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{12,}+={0,2}")
"""A run of the letters of base64, RFC 4648 sections 4 and 5."""

_LINES = re.compile(
    rb"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{40,}+[ \t]*+\r?\n[ \t]*+)++"
    rb"(?:[A-Za-z0-9+/_-]++={0,2})?(?![A-Za-z0-9+/_-])"
)
_ESCAPE = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|\r?\n[ \t]*+\\?|([^\r\n]))")
# What is more than a letter to replace, or has to be read from the left.
_TANGLED = re.compile(rb"""\\[^"/ntrbf]""")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_CONTROLS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"0": b"\0"}
_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_TRIES = 4096
_TEXT = bytes({*range(32, 127), 9, 10, 13})
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ALIGNMENTS = 4
_LONG = 1 << 16
_ENOUGH = 8
_REMEMBERED = 1 << 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """What was below one layer: its text, how it was hidden, whether it was cut, and where a place in it came from."""

    data: bytes
    how: str
    place: Callable[[int], int]
    cut: bool = False


def layers(data: bytes) -> Iterator[Layer]:
    """Yield what is below the next layer of data, however it is hidden; all in time linear in its length."""
    yield from _packed(data)
    if b"\\" in data:
        yield _rewritten(data, _ESCAPE, _unescaped, "JSON string")
    if _PERCENT.search(data):
        yield _rewritten(data, _PERCENT, _unquoted, "percent-encoding")
    yield from _encoded(data)


def _encoded(data: bytes) -> Iterator[Layer]:
    """Decode base64: where it is wrapped all its lines as one, else run by run, each once."""
    wrapped: list[tuple[int, int]] = []
    for match in _LINES.finditer(data):
        joined = match[0].translate(None, b" \t\r\n")
        for layer in _decoded(joined, match.start()):
            yield layer
            if readable(layer.data):
                wrapped.append(match.span())
    seen: set[bytes] = set()
    for match in RUN.finditer(data):
        inside = bisect_right(wrapped, (match.start(), len(data))) - 1
        if (inside < 0 or wrapped[inside][1] <= match.start()) and match[0] not in seen:
            if len(seen) < _REMEMBERED:
                seen.add(match[0])
            yield from _decoded(match[0], match.start())


def readable(data: bytes) -> bool:
    """Tell whether bytes are likely text, or packed: what is decoded from anything else is neither."""
    if len(data) < _ENOUGH:
        return False
    if _PACKED.search(data) or len(data.translate(None, _TEXT)) * 8 <= len(data):
        return True
    try:
        return data[:_LONG].decode().isprintable()
    except UnicodeDecodeError:
        return False


def _decoded(run: bytes, start: int) -> Iterator[Layer]:
    """Decode a run of base64 from its start, or else from where text comes out: a path may stand before it."""
    letters = run.rstrip(b"=").translate(_URL_SAFE)
    for skipped in range(_ALIGNMENTS if len(letters) < _LONG else 1):
        kept = letters[skipped:]
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        data = base64.b64decode(kept + b"=" * (-len(kept) % 4))
        useful = readable(data)
        if useful or not skipped:
            yield Layer(data=data, how="base64", place=lambda _: start)
        if useful:
            return


def _packed(data: bytes) -> Iterator[Layer]:
    """Unpack every gzip member, and zlib where it may begin: RFC 1952 and RFC 1950."""
    at, tries = 0, 0
    while tries < _TRIES and (match := _PACKED.search(data, at)):
        tries += 1
        at = match.end()
        how = "gzip" if match[0][:1] == b"\x1f" else "zlib"
        unpacker = zlib.decompressobj(31 if how == "gzip" else 15)
        text, used = _unpacked(unpacker, data, match.start())
        if text:
            start = match.start()
            yield Layer(data=text, how=how, place=lambda _, start=start: start, cut=bool(unpacker.unconsumed_tail))  # type: ignore[misc]
            at = max(at, used)
    if tries == _TRIES:
        yield Layer(data=b"", how="compression", place=lambda _: at, cut=True)


def _unpacked(unpacker: zlib._Decompress, data: bytes, start: int) -> tuple[bytes, int]:
    """Unpack as far as the stream is sound, and no further than LARGEST; give that and where the stream ends."""
    parts: list[bytes] = []
    left, at = LARGEST, start
    try:
        while at < len(data) and not unpacker.eof and left > 0:
            piece = data[at : at + _LONG]
            parts.append(unpacker.decompress(piece, left))
            left -= len(parts[-1])
            at += len(piece) - len(unpacker.unused_data)
    except zlib.error:
        pass
    return b"".join(parts), at


def _rewritten(data: bytes, pattern: re.Pattern[bytes], put: Callable[[re.Match[bytes]], bytes], how: str) -> Layer:
    """Replace every match; where places came from is worked out once somebody asks."""
    ends, shifts = array("q", [0]), array("q", [0])

    def place(offset: int) -> int:
        if len(ends) == 1:
            for match in pattern.finditer(data):
                shifts.append(shifts[-1] + len(match[0]) - len(put(match)))
                ends.append(match.end() - shifts[-1])
        return offset + shifts[bisect_right(ends, offset) - 1]

    return Layer(data=_replaced(data, pattern, put), how=how, place=place)


def _replaced(data: bytes, pattern: re.Pattern[bytes], put: Callable[[re.Match[bytes]], bytes]) -> bytes:
    if pattern is _ESCAPE and not _TANGLED.search(data):
        for letter in b'"/ntrbf':
            escape = bytes((letter,))
            data = data.replace(b"\\" + escape, _CONTROLS.get(escape, escape))
        return data
    text, done = bytearray(), 0
    for match in pattern.finditer(data):
        text += data[done : match.start()]
        text += put(match)
        done = match.end()
    return bytes(text + data[done:])


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[0] == b'\\"':  # most of them, by far
        return b'"'
    code, byte, letter = match.groups()
    if letter is not None:
        return _CONTROLS.get(letter, letter)
    if byte is not None:
        return bytes((int(byte, 16),))
    return chr(int(code, 16)).encode("utf-8", "surrogatepass") if code is not None else b""


def _unquoted(match: re.Match[bytes]) -> bytes:
    return bytes((int(match[1], 16),))
