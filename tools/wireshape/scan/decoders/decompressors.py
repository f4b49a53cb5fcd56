"""Decompressors of all formats with the same methods, and how far a stream can be read with one."""

from __future__ import annotations

import lzma
import zlib
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from wireshape.scan.layer import MAX_UNPACKED_BYTES

MAX_WINDOW_BYTES = 1 << 27
"""Memory that a stream may ask for to be unpacked."""
PIECE_BYTES = 1 << 16
_BROKEN = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError)


class Decompressor(Protocol):
    """What bz2, lzma and the two here have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether all that was given is unpacked."""

    @property
    def unused_data(self) -> bytes:
        """What was given behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Unpack some more, up to a length."""


class End(Enum):
    """How far a stream could be read: to its end, as far as it may grow, or up to where it is broken."""

    WHOLE = ""
    CUT = f"more than {MAX_UNPACKED_BYTES >> 20} MB"
    DAMAGED = "damaged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """What came out of a stream, where it stopped among the packed bytes, and why."""

    data: bytes
    stop: int
    end: End


class Inflater:
    """A stream of RFC 1950 to 1952, with the methods of the other decompressors."""

    def __init__(self, wbits: int) -> None:
        """Take the window bits as zlib has them: 31 for gzip, 15 for zlib, -15 for neither head nor sum."""
        self._stream = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        """Whether all that was given is unpacked."""
        return not self._stream.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What was given behind the end of the stream."""
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Unpack some more, up to a length."""
        return self._stream.decompress(self._stream.unconsumed_tail + data, max_length)


class Zstandard:
    """A stream of RFC 8878; it takes the package zstandard, and unpacks all that it is given."""

    needs_input = True

    def __init__(self) -> None:
        import zstandard

        self._stream = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        """What was given behind the end of the stream."""
        return bytes(self._stream.unused_data)

    def decompress(self, data: bytes, _: int) -> bytes:
        """Unpack some more."""
        import zstandard

        try:
            return bytes(self._stream.decompress(data))
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from None


class Brotli:
    """A stream of RFC 7932; it takes the package brotli."""

    needs_input = True
    unused_data = b""

    def __init__(self) -> None:
        import brotli

        self._stream = brotli.Decompressor()
        self.eof = False

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Unpack some more, up to a length."""
        import brotli

        try:
            text: bytes = self._stream.process(data, output_buffer_limit=max_length)
            self.needs_input = self._stream.can_accept_more_data()
        except brotli.error as error:
            raise ValueError(str(error)) from None
        self.eof = self._stream.is_finished()
        return text


def unpacked(stream: Decompressor, data: bytes, start: int, limit: int, piece: int = PIECE_BYTES) -> Unpacked:
    """Unpack a stream as far as it is sound, and no further than a limit."""
    parts: list[bytes] = []
    left, stop = limit, start
    try:
        while not stream.eof and left > 0:
            packed = data[stop : stop + piece] if stream.needs_input else b""
            stop += len(packed)
            parts.append(stream.decompress(packed, left)[:left])
            left -= len(parts[-1])
            if not packed and not parts[-1]:
                break
    except _BROKEN:
        return Unpacked(data=b"".join(parts), stop=stop, end=End.DAMAGED)
    end = End.WHOLE if stream.eof else End.CUT if left <= 0 else End.DAMAGED
    return Unpacked(data=b"".join(parts), stop=stop - len(stream.unused_data), end=end)
