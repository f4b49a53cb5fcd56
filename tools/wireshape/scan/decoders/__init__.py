"""Takes off what can hide text, one layer at a time: a file for each kind of hiding, a row here for each."""

from __future__ import annotations

from collections.abc import Iterator

from wireshape.scan.decoders.base64_runs import base64_runs
from wireshape.scan.decoders.databases import databases
from wireshape.scan.decoders.escapes import escapes
from wireshape.scan.decoders.hexadecimal import hexadecimal
from wireshape.scan.decoders.literals import literals, numbers
from wireshape.scan.decoders.mail import ascii85, base32, base85, chunked, uuencoded
from wireshape.scan.decoders.markup import markup
from wireshape.scan.decoders.pieces import pieces
from wireshape.scan.decoders.streams import streams
from wireshape.scan.decoders.tar_files import tar_files
from wireshape.scan.decoders.unmarked import unmarked
from wireshape.scan.decoders.wide import ebcdic, wide
from wireshape.scan.decoders.zip_files import zip_files
from wireshape.scan.layer import Decoder, Layer, Span, blanked
from wireshape.scan.unread import is_noise

_OF_BYTES: tuple[Decoder, ...] = (databases, tar_files, zip_files, streams, wide, ebcdic, unmarked)
_OF_TEXT: tuple[Decoder, ...] = (
    *(escapes, markup, base64_runs, hexadecimal, numbers, literals),
    *(base32, base85, ascii85, uuencoded, chunked, pieces),
)
_CONTROLS = bytes({*range(32)} - {9, 10, 12, 13, 27})

_BLANKED = bytes(32 if byte in _CONTROLS else byte for byte in range(256))
_BLANKED_ALL = bytes(32 if byte in _CONTROLS or byte > 127 else byte for byte in range(256))  # noqa: PLR2004 - ASCII


def layers(data: bytes, readable: bytes) -> Iterator[Layer]:
    """Yield what is below the next layer of data, however it is hidden; all in time linear in its length.

    `readable` is the same data without what cannot hold text: packed streams are looked for in it. Without it, data is
    plain text.
    """
    opened: dict[Span, None] = {}
    if readable:
        for of_bytes in _OF_BYTES:
            for layer in of_bytes(readable):
                if layer.span:
                    opened[layer.span] = None
                yield layer
        data = blanked(readable, opened) if opened else readable
        if is_noise(data):
            return
        data = _text(data)
    for of_text in _OF_TEXT:
        yield from of_text(data)


def is_plain(data: bytes) -> bool:
    """Tell whether data is ASCII without control characters but those of terminals."""
    return data.isascii() and len(data.translate(None, _CONTROLS)) == len(data)


def _text(data: bytes) -> bytes:
    """Give data with blanks for what is no text, so that what is binary below an escape was written by it."""
    data = data.translate(_BLANKED)
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.translate(_BLANKED_ALL)
    return data
