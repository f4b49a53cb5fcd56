"""Makes the bytes of a body of what a recorder keeps of it: text, chunks, base64, hexadecimal digits, JSON."""

from __future__ import annotations

import base64
import binascii
import re
from enum import StrEnum
from typing import Any

from wireshape.errors import InputError

_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_BYTE = 256
# Erlang's external term format: its version, and the tag and length of a binary.
_ERLANG_BINARY = b"\x83m"
_ERLANG_HEADER = 6


class Decoding(StrEnum):
    """What the text of a body is: itself, or an encoding of it."""

    TEXT = "text"
    BASE64 = "base64"
    HEX = "hex"
    ERLANG = "erlang"
    FILE = "file"


def of_text(kept: Any, decoding: Decoding = Decoding.TEXT) -> bytes | None:
    """Give the bytes of a body that is kept as text, bytes, numbers or chunks; None where it is another JSON value.

    InputError where an encoding is damaged.
    """
    text = _joined(kept)
    if isinstance(text, bytes) and decoding is Decoding.TEXT:
        return text
    if not isinstance(text, str | bytes):
        return None
    if decoding is Decoding.TEXT and isinstance(kept, list):
        decoding = Decoding.HEX if _HEX.fullmatch(str(text)) else Decoding.BASE64
    return _decoded(text, decoding)


def _joined(kept: Any) -> Any:
    """Put chunks together: strings of base64 or hexadecimal digits, bytes as numbers, and Node's buffers."""
    if isinstance(kept, dict) and kept.get("type") == "Buffer":
        kept = kept.get("data")
    if isinstance(kept, list) and kept and all(isinstance(each, str) and each for each in kept):
        # Chunks of base64 end where they end, not where the encoding has groups of four.
        return "".join(kept) if not any("=" in each for each in kept[:-1]) else _of_chunks(kept)
    if isinstance(kept, list) and kept and all(type(each) is int and 0 <= each < _BYTE for each in kept):
        return bytes(kept)
    return kept


def _of_chunks(chunks: list[str]) -> Any:
    return b"".join(_decoded(each, Decoding.BASE64) for each in chunks)


def _decoded(text: str | bytes, decoding: Decoding) -> bytes:
    try:
        if decoding is Decoding.HEX:
            return binascii.unhexlify(text)
        if decoding is Decoding.TEXT or decoding is Decoding.FILE:
            return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        raw = base64.b64decode(text, validate=isinstance(text, str) and not re.search(r"\s", text))
    except (binascii.Error, ValueError):
        raise InputError(f"the body is marked as {decoding} and is not") from None
    if decoding is Decoding.ERLANG:
        if not raw.startswith(_ERLANG_BINARY):
            raise InputError("the body is marked as a term of Erlang and is not")
        return raw[_ERLANG_HEADER:]
    return raw
