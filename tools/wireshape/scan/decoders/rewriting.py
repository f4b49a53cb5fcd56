"""Replaces the escapes of a text where it has any, and knows where each byte of the result came from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from wireshape.scan.layer import Layer, Place, Rest, Span
from wireshape.scan.runs import BASE64

MAX_GAP_BYTES = 128
"""Tokens closer than this belong together."""

_PIECE_BYTES = 1 << 16
_WALKED_BYTES = 1 << 12
_LAYER_BYTES = 1 << 22
_LINE_BYTES = 1024
_NEXT_LINE_BYTES = 256
_RUN_BYTES = (1 << 7, 1 << 11, 1 << 16)
_CACHED_PIECES = 16
_SEPARATOR = b"\n;\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewriting:
    """What is replaced: tokens and what each stands for.

    `cluster` matches tokens that are close to each other; `clear` so many bytes that no token can reach across them, so
    that a text can be cut behind. `fast` does for a whole piece what `put` does for a token, or gives None where it
    cannot.
    """

    token: re.Pattern[bytes]
    put: Callable[[re.Match[bytes]], bytes]
    cluster: re.Pattern[bytes]
    clear: re.Pattern[bytes]
    fast: Callable[[bytes], bytes | None] = lambda _: None


@dataclass(kw_only=True, slots=True)
class _Text:
    """A rewritten text as it grows: its parts, the pieces they were made of, and where each of these begins in it."""

    parts: list[bytes] = field(default_factory=list)
    pieces: list[Span] = field(default_factory=list)
    begins: array[int] = field(default_factory=lambda: array("q"))
    length: int = 0

    def add(self, part: bytes, piece: Span | None = None) -> None:
        """Take a part, with the piece it was made of unless it separates two."""
        if piece:
            self.pieces.append(piece)
            self.begins.append(self.length)
        self.parts.append(part)
        self.length += len(part)


def rewritten(data: bytes, rewriting: Rewriting, how: str, rest: Rest = Rest.ALL) -> Iterator[Layer]:
    """Replace every token of a text, and yield the lines that have one and their neighbours, some megabytes at a time.

    The last piece of a layer is the first of the next, so that nothing is cut.
    """
    text = _Text()
    for region in _regions(data, rewriting.cluster):
        if text.parts:
            text.add(_SEPARATOR)
        for piece in _pieces(data, region, rewriting):
            before = data[piece.start : piece.end]
            after = rewriting.fast(before)
            after = rewriting.token.sub(rewriting.put, before) if after is None else after
            text.add(after, piece)
            if text.length >= _LAYER_BYTES:
                yield _layer(data, rewriting, text, how, rest)
                text = _Text()
                text.add(after, piece)
    if text.pieces and b"".join(text.parts) != data:
        yield _layer(data, rewriting, text, how, rest)


def _layer(data: bytes, rewriting: Rewriting, text: _Text, how: str, rest: Rest) -> Layer:
    place = _place(data, rewriting, text.pieces, text.begins)
    return Layer(data=b"".join(text.parts), how=how, place=place, rest=rest)


def _regions(data: bytes, cluster: re.Pattern[bytes]) -> Iterator[Span]:
    """Yield the lines that have tokens, each with one before and one behind; those that touch as one."""
    start = last = -1
    for match in cluster.finditer(data):
        if start < 0:
            start = _line_start(data, match.start())
        elif match.start() - last > MAX_GAP_BYTES:
            end, first = _line_end(data, last), _line_start(data, match.start())
            if first > end:
                yield Span(start=start, end=end)
                start = first
        last = match.end()
    if start >= 0:
        yield Span(start=start, end=_line_end(data, last))


def _line_start(data: bytes, offset: int) -> int:
    line = data.rfind(b"\n", max(offset - _LINE_BYTES, 0), offset)
    if line >= 0:
        return data.rfind(b"\n", max(line - _NEXT_LINE_BYTES, 0), line) + 1 or line + 1
    offset = max(offset - _LINE_BYTES, 0)
    # A line too long to be kept whole is not cut within a run that could be base64.
    for length in _RUN_BYTES:
        first = max(offset - length, 0)
        gap = data[first:offset].translate(BASE64).rfind(b" ")
        if gap >= 0:
            return first + gap + 1
    return first


def _line_end(data: bytes, offset: int) -> int:
    line = data.find(b"\n", offset, offset + _LINE_BYTES)
    if line >= 0:
        following = data.find(b"\n", line + 1, line + 1 + _NEXT_LINE_BYTES)
        return max(line, following) + 1
    offset = min(offset + _LINE_BYTES, len(data))
    for length in _RUN_BYTES:
        run = data[offset : offset + length].translate(BASE64)
        stop = run.find(b" ")
        if stop >= 0:
            return offset + stop
    return offset + len(run)


def _pieces(data: bytes, region: Span, rewriting: Rewriting) -> Iterator[Span]:
    """Cut a region into pieces of about the same length, and through no token."""
    start = region.start
    while region.end - start > 2 * _PIECE_BYTES:
        end = start + _PIECE_BYTES
        if clear := rewriting.clear.search(data, end, end + _PIECE_BYTES):
            end = clear.end()
        else:
            # Where tokens stand close together, the last one found may be cut: it begins the next piece.
            for token in rewriting.token.finditer(data, max(start, end - _WALKED_BYTES), end):
                end = token.start() if token.start() > start else end
        yield Span(start=start, end=end)
        start = end
    yield Span(start=start, end=region.end)


def _place(data: bytes, rewriting: Rewriting, pieces: list[Span], begins: array[int]) -> Place:
    """Give the function that finds places; the tokens of a piece are counted once somebody asks for one in it."""

    @lru_cache(maxsize=_CACHED_PIECES)
    def shifts(number: int) -> tuple[array[int], array[int]]:
        piece = pieces[number]
        firsts, moved = array("q", [0]), array("q", [piece.start - begins[number]])
        for token in rewriting.token.finditer(data, piece.start, piece.end):
            moved.append(moved[-1] + len(token[0]) - len(rewriting.put(token)))
            firsts.append(token.end() - moved[-1])
        return firsts, moved

    def place(offset: int) -> int:
        firsts, moved = shifts(max(bisect_right(begins, offset) - 1, 0))
        return min(offset + moved[max(bisect_right(firsts, offset) - 1, 0)], len(data) - 1)

    return place
