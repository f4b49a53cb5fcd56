"""Finds long runs of letters out of an alphabet, far faster than a regular expression does: most text has few."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

_INSIDE, _OUTSIDE = b"x", b" "
_PIECE_BYTES = 1 << 22


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Letters from start up to end."""

    start: int
    end: int


def alphabet(letters: str) -> bytes:
    """Give the table that `runs` takes for these letters."""
    return bytes(_INSIDE[0] if chr(code) in letters else _OUTSIDE[0] for code in range(256))


ALPHANUMERIC = alphabet(string.ascii_letters + string.digits)
BASE64 = alphabet(string.ascii_letters + string.digits + "+/_-")
BASE32 = alphabet(string.ascii_uppercase + "234567")
BASE85 = alphabet(string.ascii_letters + string.digits + "!#$%&()*+-;<=>?@^_`{|}~")
HEXADECIMAL = alphabet(string.hexdigits)


def runs(data: bytes, letters: bytes, least: int) -> Iterator[Run]:
    """Yield every run of at least so many letters, as long as it is."""
    needle, begun = _INSIDE * least, -1
    for offset in range(0, len(data), _PIECE_BYTES):
        mapped = data[offset : offset + _PIECE_BYTES].translate(letters)
        end = 0
        if begun >= 0:
            end = mapped.find(_OUTSIDE)
            if end < 0:
                continue
            if offset + end - begun >= least:
                yield Run(start=begun, end=offset + end)
            begun = -1
        start = mapped.find(needle, end)
        while start >= 0 and (end := mapped.find(_OUTSIDE, start + least)) >= 0:
            yield Run(start=offset + start, end=offset + end)
            start = mapped.find(needle, end)
        if mapped.endswith(_INSIDE):
            begun = offset + mapped.rfind(_OUTSIDE) + 1
    if begun >= 0 and len(data) - begun >= least:
        yield Run(start=begun, end=len(data))
