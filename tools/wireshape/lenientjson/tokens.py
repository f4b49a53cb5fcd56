"""The smallest parts of an example that is nearly JSON: whitespace, keys, numbers, words and punctuation."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

FULL_WIDTH_PUNCTUATION = dict(zip("｛｝［］：，“”＂‘’", '{}[]:,"""\'\'', strict=True))
"""Punctuation of an input method for Chinese, with what it stands for."""

QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "＂": "＂", "‘": "’", "’": "’"}
"""What opens a string, with what closes it."""

COLONS = ":："
END_OF_VALUE = r",，}\]｝］"
"""Inside of a character class: what ends a value."""

_JSON_WHITESPACE = " \t\r\n"
_INVISIBLE = r"\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200d\u2060\ufeff\ufffd\ud800-\udfff"
_WHITESPACE = re.compile(rf"[\s{_INVISIBLE}]+")
_NON_JSON_WHITESPACE = re.compile(rf"[^\S \t\r\n]|[{_INVISIBLE}]")

NEXT_KEY = re.compile(rf'"(?:[^"\\\n]|\\.)*"(?=\s*[{COLONS}])')
"""A key where a value should be: no JSON string has a colon behind it."""
QUOTED_KEY = re.compile(rf'{NEXT_KEY.pattern}|["“＂][\w.$-]*["”＂](?=\s*[{COLONS}])')
KEY_IN_MIXED_QUOTES = re.compile(
    rf"(?P<opening>[\"'`“”‘’])(?P<key>[A-Za-z_$][\w$.-]*)(?P<closing>[\"'`“”‘’])(?=\s*[{COLONS}])"
)
KEY_WITHOUT_CLOSING_QUOTE = re.compile(r'["“\'](?P<key>[A-Za-z_][\w.-]*)(?=\s*:)')
KEY_WITHOUT_OPENING_QUOTE = re.compile(r'(?P<key>[A-Za-z_$][\w$.-]*)"(?=\s*:)')
UNQUOTED_KEY = re.compile(rf"[A-Za-z_$][\w$.-]*(?=\s*[{COLONS}])")

ELLIPSIS = re.compile(r"\.{2,}|…+")
NUMBER = re.compile(rf'-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?=$|[\s{END_OF_VALUE}/#:"]|[\u200b\ufeff])')
WORD = re.compile(rf"[^\s,，{{}}\[\]｛｝［］\"“”/#{COLONS}]+|[^\s]")
_MAX_INT_DIGITS = 4000
"""Longer numbers are read as decimals; Python refuses to read integers of more than 4300 digits."""

LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
FOREIGN_LITERALS: dict[str, Any] = {
    "True": True, "TRUE": True, "False": False, "FALSE": False, "None": None, "NULL": None, "Null": None, "nil": None,
    "undefined": None, "NaN": None,
}  # fmt: skip
"""Literals of other languages, with the JSON value they stand for."""


def whitespace_end(text: str, start: int, end: int) -> int:
    """Give the offset behind whitespace of any kind, JSON's or not."""
    match = _WHITESPACE.match(text, start, end)
    return match.end() if match else start


def is_json_whitespace(text: str, start: int, end: int) -> bool:
    """Tell whether a range holds only the whitespace that JSON allows."""
    return not text[start:end].strip(_JSON_WHITESPACE)


def non_json_whitespace(text: str, start: int, end: int) -> list[int]:
    """Give the offset of the first whitespace character of each line that JSON does not allow."""
    offsets: list[int] = []
    last = start
    for match in _NON_JSON_WHITESPACE.finditer(text, start, end):
        if not offsets or "\n" in text[last : match.start()]:
            offsets.append(match.start())
        last = match.start()
    return offsets


def number(token: str) -> int | Decimal | None:
    """Read a number exactly; None for one with an exponent that no machine holds."""
    if token.lstrip("-").isdigit() and len(token) < _MAX_INT_DIGITS:
        return int(token)
    try:
        value = Decimal(token)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
