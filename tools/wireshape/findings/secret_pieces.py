"""Masks secrets that are known, in whatever pieces and encodings a text repeats them."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import count

from wireshape.findings.redaction import MASK

_MIN_PIECE = 12
"""So many letters of a secret, one after the other, are a piece of it; fewer may be chance."""
_MIN_WHOLE = 8
"""A secret of fewer characters is in words and amounts that have nothing to do with it."""
_LETTER = re.compile(r"[A-Za-z0-9]")
_LETTERS = re.compile(r"[A-Za-z0-9]+")


def mask(text: str, secrets: Iterable[str]) -> str:
    """Mask secrets and their pieces, in either case and encoded, also where blanks, dots or the like split them."""
    letters = _Letters(text)
    for secret in secrets:
        pieces = {piece for written in _encoded(secret) for piece in _pieces(written)}
        if any(piece in letters.joined for piece in pieces):
            text = letters.masked(pieces)
            letters = _Letters(text)
        if len(secret) >= _MIN_WHOLE and secret in text:
            text = text.replace(secret, MASK)
            letters = _Letters(text)
    return text


def _encoded(secret: str) -> Iterator[str]:
    """Yield a secret as it is and backwards, in hexadecimal, and in base64 at any place of a text."""
    raw = secret.encode("utf-8", "surrogateescape")
    yield from (secret, secret[::-1], raw.hex())
    yield from (base64.b64encode(raw[start:]).decode() for start in range(3))


def _pieces(written: str) -> Iterator[str]:
    joined = "".join(_LETTERS.findall(written)).lower()
    yield from (joined[start : start + _MIN_PIECE] for start in range(len(joined) - _MIN_PIECE + 1))


class _Letters:
    """The letters and digits of a text, one after the other and in lower case."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.joined = "".join(_LETTERS.findall(text)).lower()

    def masked(self, pieces: Collection[str]) -> str:
        """Mask the letters that pieces cover; what splits them stays, so that a JSON text stays one."""
        covered = bytearray(len(self.joined))
        for start in range(len(self.joined) - _MIN_PIECE + 1):
            if self.joined[start : start + _MIN_PIECE] in pieces:
                covered[start : start + _MIN_PIECE] = b"\1" * _MIN_PIECE
        place = count()
        before = False

        def letter(match: re.Match[str]) -> str:
            nonlocal before
            hidden = bool(covered[next(place)])
            shown = match[0] if not hidden else "" if before else MASK
            before = hidden
            return shown

        return _LETTER.sub(letter, self._text)
