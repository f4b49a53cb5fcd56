"""Undoes the compression that a recording kept."""

from __future__ import annotations

import zlib

from wireshape.errors import InputError
from wireshape.inputs.files import MAX_BYTES

_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_METHOD = 8
# Window bits as zlib wants them: a gzip header, a zlib header, none at all.
_GZIP, _ZLIB, _RAW = 31, 15, -15
_MAX_BYTES = MAX_BYTES
_TEXT_BEGINS = {b"{", b"[", b"<", b'"', b" ", b"\n", b"\r", b"\t", b"\xef", b""}


class BodySizeError(InputError):
    """A body is larger than any that is read; there may be any number of them."""


def decompressed(body: bytes, encoding: str = "", largest: int = _MAX_BYTES) -> bytes:
    """Undo the compression a recording kept; InputError where it is cut, damaged, unknown or too large unpacked.

    Recorders mostly unpack the body and keep the header, so a body that reads as text is taken as it is.
    """
    if body.startswith(_GZIP_MAGIC):
        return _inflated(body, "gzip", _GZIP, largest)
    if not encoding or body[:1] in _TEXT_BEGINS:
        return body
    if encoding == "deflate":
        return _inflated(body, "deflate", _ZLIB if body[0] & 15 == _ZLIB_METHOD else _RAW, largest)
    raise InputError(f"the body is compressed as {encoding}, which is not supported")


def _inflated(body: bytes, name: str, window: int, largest: int) -> bytes:
    inflater = zlib.decompressobj(wbits=window)
    try:
        text = inflater.decompress(body, largest)
    except zlib.error as error:
        raise InputError(f"the {name} body is damaged") from error
    if inflater.unconsumed_tail:
        raise BodySizeError(f"the {name} body is larger than {largest // 1_000_000} MB unpacked")
    if not inflater.eof:
        raise InputError(f"the {name} body is cut short")
    return text
