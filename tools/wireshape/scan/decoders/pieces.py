"""Puts keys together that are written in pieces: letter by letter, in groups of one length, or wrapped over lines."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import cache

from wireshape.scan.layer import Layer, Rest, at
from wireshape.scan.runs import ALPHANUMERIC, runs

KEY_LETTERS = 64
TRIES_PER_PAUSE = 256
"""After so many rows of groups an empty layer is given, so that the scanner can look at its clock."""
MIN_LINE_LETTERS = 16
"""Groups of so many letters and more are looked for in any length, shorter ones in those of `GROUPS`."""
GROUPS = {1: (1, 2, 3, 4, 5, 6), 2: (1,), 4: (1,), 5: (1,), 8: (1,), 10: (1, 2)}
"""Letters of a short group, and how many bytes may stand between: for each number of bytes, a text is searched once."""

_LETTERS = (string.ascii_letters + string.digits).encode()
# Letters, what may stand between groups, and what may not.
_CLASSES = bytes(
    ord("x") if byte in _LETTERS else ord(" ") if byte < 128 and byte not in b"=<>(){}" else ord("~")  # noqa: PLR2004 - ASCII
    for byte in range(256)
)
_NO_LETTER = re.compile(rb"[^A-Za-z0-9]+")
_LINE_END = rb"(?:[ \t]{0,8}[\"'`+&_\\|]{0,3}){0,3}\r?\n(?:[ \t]{0,64}[\"'`+&|>#*/]{0,3}){0,2}"
_WORDS = re.compile(rb"[A-Z]?[a-z]{3,}")
_MAX_WORDS_SHARE = 0.45
"""In random letters a fifth looks like words; in names that stand below each other half and more."""
_LEAST_GROUPS = 6
_PAUSE = Layer(data=b"", how="pieces", place=at(0), packed=True, rest=Rest.NONE)


def pieces(data: bytes) -> Iterator[Layer]:
    """Yield the letters of groups that have the same length, but for the last, the same between, and are a key's."""
    done = 0
    for tries, run in enumerate(runs(data, ALPHANUMERIC, MIN_LINE_LETTERS), 1):
        if tries % TRIES_PER_PAUSE == 0:
            yield _PAUSE
        size = run.end - run.start
        if run.start >= done and size < KEY_LETTERS and (match := _chain(size).match(data, run.start)):
            done = match.end()
            yield from _key(match)
    mapped = data.translate(_CLASSES)
    for size, gaps in GROUPS.items():
        for gap in gaps:
            yield from _groups(data, mapped, size, gap)


def _groups(data: bytes, mapped: bytes, size: int, gap: int) -> Iterator[Layer]:
    step = size + gap
    needle = (b"x" * size + b" " * gap) * min(KEY_LETTERS // size - 1, _LEAST_GROUPS) + b"x"
    start, tries = mapped.find(needle), 0
    while start >= 0:
        tries += 1
        if tries % TRIES_PER_PAUSE == 0:
            yield _PAUSE
        # The end of a word before is no group.
        first = start + step if mapped[start - 1 : start] == b"x" else start
        match = _chain(size).match(data, first)
        if match:
            yield from _key(match)
        start = mapped.find(needle, match.end() if match else start + step)


@cache
def _chain(size: int) -> re.Pattern[bytes]:
    """Give the pattern of groups of a size that are all apart by the same bytes; the last may be shorter."""
    return re.compile(
        rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9]{%d}(?![+/][A-Za-z0-9+/])(%b|[^A-Za-z0-9=<>(){}\x80-\xff]{1,8}+)"
        rb"(?:[A-Za-z0-9]{%d}\1(?=[A-Za-z0-9])){0,%d}+[A-Za-z0-9]{1,%d}(?![A-Za-z0-9+/=])"
        % (size, _LINE_END, size, KEY_LETTERS, size)
    )


def _key(match: re.Match[bytes]) -> Iterator[Layer]:
    groups = _NO_LETTER.split(match[0])
    # A word behind may look like the last group.
    letters = b"".join(groups if len(groups[0]) * len(groups) < KEY_LETTERS + len(groups[0]) else groups[:-1])
    words = sum(map(len, _WORDS.findall(letters)))
    if len(letters) == KEY_LETTERS and words <= _MAX_WORDS_SHARE * KEY_LETTERS:
        yield Layer(data=letters, how="pieces", place=at(match.start()), packed=True, rest=Rest.NONE)
