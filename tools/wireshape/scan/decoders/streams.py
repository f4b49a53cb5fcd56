"""Unpacks compressed streams wherever they begin: gzip, zlib, bzip2, xz, LZMA, Zstandard."""

from __future__ import annotations

import bz2
import lzma
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from importlib.util import find_spec

from wireshape.scan.decoders.decompressors import (
    MAX_WINDOW_BYTES,
    PIECE_BYTES,
    Decompressor,
    End,
    Inflater,
    Zstandard,
    unpacked,
)
from wireshape.scan.layer import MAX_UNPACKED_BYTES, MIN_TEXT_BYTES, Layer, Span, at, is_text

MAX_STREAMS_PER_TEXT = 4096

_BEHIND_BYTES = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class _Format:
    """A format that begins with one of its marks, and is as `head` has it; `piece` is how much is unpacked at a time.

    Of one that is `vague` the first bytes occur in other data too: only what comes out of it proves it.
    """

    how: str
    marks: tuple[bytes, ...]
    head: bytes
    new: Callable[[], Decompressor]
    piece: int = PIECE_BYTES
    needs: str = ""
    vague: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """Where a stream of a format may begin."""

    start: int
    form: _Format


_FORMATS = (
    _Format(how="gzip", marks=(b"\x1f\x8b\x08",), head=rb"\x1f\x8b\x08[\x00-\x1f]", new=lambda: Inflater(31)),
    # What follows x^ is hardly ever text, but in formulas.
    _Format(
        how="zlib",
        marks=(b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e"),
        head=rb"\x78(?:[\x01\x9c\xda]|\x5e(?![\t\n\r\x20-\x7e]{12}))",
        new=lambda: Inflater(15),
        vague=True,
    ),
    _Format(
        how="bzip2", marks=(b"BZh",), head=rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)", new=bz2.BZ2Decompressor
    ),
    _Format(
        how="xz",
        marks=(b"\xfd7zXZ\x00",),
        head=rb"\xfd7zXZ\x00",
        new=lambda: lzma.LZMADecompressor(memlimit=MAX_WINDOW_BYTES),
    ),
    _Format(
        how="LZMA",
        marks=(b"\x5d\x00\x00",),
        head=rb"\x5d\x00\x00[\x00-\xff]{2}(?:\xff{8}|[\x00-\xff]{5}\x00{3})",
        new=lambda: lzma.LZMADecompressor(memlimit=MAX_WINDOW_BYTES),
        vague=True,
    ),
    # 64 blocks of 128 KB fit into so few bytes.
    _Format(
        how="Zstandard",
        marks=(b"\x28\xb5\x2f\xfd",),
        head=rb"\x28\xb5\x2f\xfd",
        new=Zstandard,
        piece=1 << 8,
        needs="zstandard",
    ),
)
_HEADS = {form.how: re.compile(form.head, re.DOTALL) for form in _FORMATS}


def streams(data: bytes) -> Iterator[Layer]:
    """Yield what every stream holds; streams of a kind that follow each other without a gap are one."""
    done, tries = 0, 0
    for head in _heads(data):
        if head.start < done:
            continue
        tries += 1
        if tries > MAX_STREAMS_PER_TEXT:
            gap = f"more than {MAX_STREAMS_PER_TEXT} compressed streams"
            yield Layer(data=b"", how="compression", place=at(head.start), packed=True, gap=gap)
            return
        if head.form.needs and not find_spec(head.form.needs):
            gap = f"it takes the Python package {head.form.needs} to read it"
            yield Layer(data=b"", how=head.form.how, place=at(head.start), packed=True, gap=gap)
        elif layer := _stream(data, head.start, head.form):
            yield layer
            done = layer.span.end if layer.span else 0


def _heads(data: bytes) -> Iterator[_Head]:
    """Yield where streams may begin, in order; a search for each mark is far faster than one for all."""
    return merge(
        *(_heads_of(data, form, mark) for form in _FORMATS for mark in form.marks), key=lambda head: head.start
    )


def _heads_of(data: bytes, form: _Format, mark: bytes) -> Iterator[_Head]:
    start = data.find(mark)
    while start >= 0:
        if _HEADS[form.how].match(data, start):
            yield _Head(start=start, form=form)
        start = data.find(mark, start + 1)


def _stream(data: bytes, start: int, form: _Format) -> Layer | None:
    """Unpack the streams from start on; None where none is, for two bytes are soon found."""
    parts: list[bytes] = []
    left, stop, end = MAX_UNPACKED_BYTES, start, End.WHOLE
    while end is End.WHOLE and (stop == start or re.match(form.head, data[stop : stop + 16], re.DOTALL)):
        one = unpacked(form.new(), data, stop, left, form.piece)
        if one.end is End.DAMAGED and parts and not one.data:
            break
        parts.append(one.data)
        left, stop, end = left - len(one.data), one.stop, one.end
    text = b"".join(parts)
    if end is End.DAMAGED and (_is_chance(text) if form.vague else not text and is_text(_behind(data, start, form))):
        return None
    return Layer(data=text, how=form.how, place=at(start), packed=True, span=Span(start=start, end=stop), gap=end.value)


def _is_chance(text: bytes) -> bool:
    """Tell whether what came out before the end could come out of any bytes."""
    return len(text) < PIECE_BYTES and not is_text(text)


def _behind(data: bytes, start: int, form: _Format) -> bytes:
    """Give some bytes behind a head: sources write heads, too, and text goes on behind them."""
    end = start + max(map(len, form.marks))
    return data[end : end + _BEHIND_BYTES]


def is_worth_reading(data: bytes) -> bool:
    """Tell whether bytes are text, or begin as something packed: what is unpacked from anything else is neither."""
    return is_text(data) or (len(data) >= MIN_TEXT_BYTES and any(head.match(data) for head in _HEADS.values()))
