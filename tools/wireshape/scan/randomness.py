"""Tells letters that were drawn from letters that were written: names and words change their kind of letter rarely."""

from __future__ import annotations

import re
import string

_UPPER, _LOWER, _DIGIT = (text.encode() for text in (string.ascii_uppercase, string.ascii_lowercase, string.digits))
_SORTS = bytes.maketrans(_UPPER + _LOWER + _DIGIT, b"A" * 26 + b"a" * 26 + b"0" * 10)
_CHANGES = (b"Aa", b"aA", b"A0", b"0A", b"a0", b"0a")
_SAMPLE_LETTERS = 1 << 12

_MIN_MIXED_SHARE = 0.33
"""Of 100 neighbours in random letters and digits of all sorts 62 are of different sorts; in camel case about 25."""
_WORDS = re.compile(rb"[A-Z]?[a-z]{3,}")
_MAX_WORDS_SHARE = 0.6
"""In random letters of both cases a fifth looks like words, in camel case three quarters."""
_MIN_SINGLE_SHARE = 0.18
"""In random letters of one case and digits 40 are, in hexadecimal 47; in names with a number a few."""


def is_random(word: bytes) -> bool:
    """Tell whether letters and digits look as if they were drawn: both are there, and they take turns."""
    letters = word[:_SAMPLE_LETTERS].translate(_SORTS)
    upper, lower, digits = letters.count(b"A"), letters.count(b"a"), letters.count(b"0")
    if not digits or not upper + lower:
        return False
    changes = sum(letters.count(pair) for pair in _CHANGES)
    share = _MIN_MIXED_SHARE if upper and lower else _MIN_SINGLE_SHARE
    if changes < share * (len(letters) - 1):
        return False
    return not (upper and lower) or sum(map(len, _WORDS.findall(word[:_SAMPLE_LETTERS]))) <= _MAX_WORDS_SHARE * len(
        letters
    )


def is_blob(run: bytes) -> bool:
    """Tell whether a run of the letters of base64 has the sorts of letters that packed bytes have."""
    letters = run[:_SAMPLE_LETTERS].translate(_SORTS)
    few = len(letters) // 5
    return (
        letters.count(b"A") >= few and letters.count(b"a") >= few and letters.count(b"0") * 4 >= few and is_random(run)
    )
