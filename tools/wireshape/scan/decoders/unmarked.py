"""Unpacks what does not say that it is packed: raw deflate and Brotli, at the start of data or behind an HTTP head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice

from wireshape.scan.decoders.decompressors import Brotli, Decompressor, End, Inflater, Unpacked, unpacked
from wireshape.scan.decoders.streams import is_worth_reading
from wireshape.scan.layer import MAX_UNPACKED_BYTES, Layer, Span, at

MAX_BODIES_PER_TEXT = 64
_SAMPLE_BYTES = 1 << 16
_PIECE_BYTES = 1 << 12
_SMALL_BYTES = 1 << 16
_HEAD_BYTES = 64
_MAX_CUT_BYTES = 3
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD_ENDS = (b"\r\n\r\n", b"\n\n")


def unmarked(data: bytes) -> Iterator[Layer]:
    """Yield what raw deflate and Brotli hold, where something sensible comes out of them."""
    for start in islice(_starts(data), MAX_BODIES_PER_TEXT):
        for how, new in (("deflate", _deflate), ("Brotli", _brotli)):
            if layer := _body(data, start, how, new):
                yield layer
                break


def _starts(data: bytes) -> Iterator[int]:
    """Yield where data begins, or a body does, and no text."""
    if not _is_utf8(data[:_HEAD_BYTES]):
        yield 0
    for head_end in _HEAD_ENDS:
        at = data.find(head_end)
        while at >= 0:
            start = at + len(head_end)
            if not _is_utf8(data[start : start + _HEAD_BYTES]):
                yield start
            at = data.find(head_end, start)


def _is_utf8(head: bytes) -> bool:
    """Tell whether bytes are UTF-8 without control characters, perhaps cut within a letter."""
    text = head.decode("utf-8", "ignore")
    return len(text.encode()) + _MAX_CUT_BYTES >= len(head) and not _CONTROL.search(head)


def _deflate() -> Decompressor:
    return Inflater(-15)


def _brotli() -> Decompressor | None:
    """Give a Brotli stream; None without the package brotli, or where it cannot bound what comes out."""
    if not find_spec("brotli"):
        return None
    import brotli

    return Brotli() if hasattr(brotli.Decompressor, "can_accept_more_data") else None


def _body(data: bytes, start: int, how: str, new: Callable[[], Decompressor | None]) -> Layer | None:
    """Unpack a body; None where nothing comes of it that could be text, or packed once more."""
    sample = _unpacked(new(), data, start, _SAMPLE_BYTES)
    if not sample or sample.end is End.DAMAGED or not is_worth_reading(sample.data):
        return None
    whole = sample if sample.end is not End.CUT else _unpacked(new(), data, start, MAX_UNPACKED_BYTES) or sample
    span = Span(start=start, end=whole.stop)
    return Layer(data=whole.data, how=how, place=at(start), packed=True, span=span, gap=whole.end.value)


def _unpacked(stream: Decompressor | None, data: bytes, start: int, limit: int) -> Unpacked | None:
    # Brotli gives nothing of a piece in which its stream ends and something else follows.
    piece = 1 if len(data) - start <= _SMALL_BYTES else _PIECE_BYTES
    return unpacked(stream, data, start, limit, piece) if stream else None
