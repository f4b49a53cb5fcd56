"""Undoes the compression that a recording kept."""

from __future__ import annotations

import zlib

from wireshape.errors import InputError
from wireshape.inputs.files import MAX_BYTES

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
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
    if body.startswith(_ZSTD_MAGIC):
        return _of_zstd(body, largest)
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


def _of_zstd(body: bytes, largest: int) -> bytes:
    try:
        import zstandard
    except ImportError:
        raise InputError("the body is compressed as zstd; `pip install wireshape[zstd]` to read it") from None
    text = b""
    try:
        reader = zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True)
        if len(reader.read(largest + 1)) > largest:
            raise BodySizeError(f"the zstd body is larger than {largest // 1_000_000} MB unpacked")
        while body:
            frame = zstandard.ZstdDecompressor().decompressobj()
            text += frame.decompress(body)
            if not frame.eof:
                raise InputError("the zstd body is cut short")
            body = frame.unused_data
    except zstandard.ZstdError as error:
        raise InputError("the zstd body is damaged") from error
    return text
