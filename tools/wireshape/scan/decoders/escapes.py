"""Undoes the escapes of string literals: JSON, JavaScript, Python, C and shells write them nearly alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wireshape.scan.decoders.rewriting import MAX_GAP_BYTES, Rewriting, rewritten
from wireshape.scan.layer import Layer, Rest

_TOKEN = re.compile(
    rb"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([0-3][0-7]{1,2}|[0-7])"
    rb"|\r?\n[ \t]{0,64}+\\?|([^\r\n]))"
)
# The longest token is a backslash at the end of a line, and the blanks of the next.
_CLUSTER = re.compile(rb"(?:\\[^\\]{0,%d}+)++" % MAX_GAP_BYTES)
_CLEAR = re.compile(rb"[^\\]{70}")
_CONTROLS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"e": b"\x1b"}
_SIMPLE = b'"/ntrbf'
# What is more than a letter to replace.
_TANGLED = re.compile(rb'\\[^"/ntrbf\\]')
_UNUSED = b"\xff"


def escapes(data: bytes) -> Iterator[Layer]:
    """Yield a text with its escapes undone."""
    if b"\\" in data:
        yield from rewritten(data, _ESCAPES, "JSON string", Rest.PACKED)


def _unescaped(match: re.Match[bytes]) -> bytes:
    braced, short, long, byte, octal, letter = match.groups()
    if letter is not None:
        return _CONTROLS.get(letter, letter)
    if byte is not None:
        return bytes((int(byte, 16),))
    if octal is not None:
        return bytes((int(octal, 8) & 0xFF,))
    code = braced or short or long
    return chr(min(int(code, 16), 0x10FFFF)).encode("utf-8", "surrogatepass") if code else b""


def _fast(piece: bytes) -> bytes | None:
    """Undo escapes of one letter, several times as fast as one by one."""
    if _TANGLED.search(piece) or _UNUSED in piece:
        return None
    piece = piece.replace(b"\\\\", _UNUSED)
    for code in _SIMPLE:
        letter = bytes((code,))
        piece = piece.replace(b"\\" + letter, _CONTROLS.get(letter, letter))
    return piece.replace(_UNUSED, b"\\")


_ESCAPES = Rewriting(token=_TOKEN, put=_unescaped, cluster=_CLUSTER, clear=_CLEAR, fast=_fast)
