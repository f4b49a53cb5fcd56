"""What a decoder gives: the bytes below one layer, how they were hidden, and where they stand outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

MAX_UNPACKED_BYTES = 1 << 26
"""Bytes unpacked from one stream or member; a longer one is cut, and the cut is told."""

MIN_TEXT_BYTES = 8
"""Fewer bytes than this are nothing that could be recognised."""

_TEXT = bytes({*range(32, 127), 9, 10, 13})
_SAMPLE_BYTES = 1 << 16

Place = Callable[[int], int]
"""Gives the offset outside of an offset inside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Bytes from start up to end."""

    start: int
    end: int


class Rest(IntEnum):
    """Which of the bytes that are no text have to be told as unread, from all of them to none."""

    ALL = 0
    PACKED = 1
    """Those that look packed or encrypted: others may be escapes of a few bytes."""
    PROGRAM = 2
    """Those that look packed or encrypted for some pages: others are code and its numbers."""
    NONE = 3
    """None: what is no text may never have been meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """What was below one layer: its bytes, how they were hidden, and where they came from.

    `packed` layers have one place outside. `span` are the bytes outside that it accounts for. `gap` says why not all
    of it could be read, "" where it was. `rest` says what to make of bytes in it that are no text, `guessed` that
    nothing but its letters says that anything was hidden.
    """

    data: bytes
    how: str
    place: Place
    packed: bool = False
    span: Span | None = None
    gap: str = ""
    rest: Rest = Rest.ALL
    guessed: bool = False


Decoder = Callable[[bytes], Iterator[Layer]]
"""Yields what lies below the next layer of some bytes, in time linear in their length."""


def at(start: int) -> Place:
    """Give the place of a packed layer: one for all that is in it."""
    return lambda _: start


def shifted(start: int, width: int = 1) -> Place:
    """Give the place of a layer whose every byte stands for some outside, from start on."""
    return lambda offset: start + width * offset


def blanked(data: bytes, spans: Iterable[Span]) -> bytes:
    """Give data with blanks where spans are."""
    text = bytearray(data)
    for span in spans:
        stop = min(span.end, len(data))
        text[span.start : stop] = b" " * max(stop - span.start, 0)
    return bytes(text)


def is_text(data: bytes | bytearray) -> bool:
    """Tell whether bytes are likely text: at most an eighth of them is no printable ASCII, or they are UTF-8."""
    if len(data) < MIN_TEXT_BYTES:
        return False
    if len(data.translate(None, _TEXT)) * 8 <= len(data):
        return True
    try:
        return data[:_SAMPLE_BYTES].decode().isprintable()
    except UnicodeDecodeError:
        return False
