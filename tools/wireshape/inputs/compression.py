"""Undoes the compression that a recording kept."""

from __future__ import annotations

import zlib

from wireshape.errors import InputError

_GZIP = b"\x1f\x8b"


_ZLIB = 8


_LARGEST = 256_000_000


_TEXT = {b"{", b"[", b"<", b'"', b" ", b"\n", b"\r", b"\t", b"\xef", b""}


def decompressed(body: bytes, encoding: str = "", largest: int = _LARGEST) -> bytes:
    """Undo the compression a recording kept; InputError where it is cut, damaged, unknown or too large unpacked.

    Recorders mostly unpack the body and keep the header, so a body that reads as text is taken as it is.
    """
    if body.startswith(_GZIP):
        return _inflated(body, "gzip", 31, largest)
    if not encoding or body[:1] in _TEXT:
        return body
    if encoding == "deflate":
        return _inflated(body, "deflate", 15 if body[0] & 15 == _ZLIB else -15, largest)
    raise InputError(f"the body is {encoding}-encoded, which is not read")


def _inflated(body: bytes, name: str, wbits: int, largest: int) -> bytes:
    inflater = zlib.decompressobj(wbits=wbits)
    try:
        text = inflater.decompress(body, largest)
    except zlib.error as error:
        raise InputError(f"the body is {name} and damaged") from error
    if inflater.unconsumed_tail:
        raise InputError(f"the body is {name} and larger than {largest // 1_000_000} MB unpacked")
    if not inflater.eof:
        raise InputError(f"the body is {name} and cut short")
    return text
