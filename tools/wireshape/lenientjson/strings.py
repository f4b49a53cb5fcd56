"""Strings of an example: where one ends, even without its closing quote, and what it decodes to."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from wireshape.lenientjson.tokens import COLONS, END_OF_VALUE, QUOTES

_UNESCAPED = r'[^"\\\x00-\x1f\ud800-\udfff]*'
_BEHIND_STRING = rf'[ \t]*(?:$|[{END_OF_VALUE}{COLONS}/#"\n\r]|[\u00a0\u200b\ufeff])'
PLAIN_STRING = re.compile(rf'"(?P<text>{_UNESCAPED})"(?={_BEHIND_STRING})')
"""A JSON string without escapes, which most strings are."""

_PLAIN_TEXT = re.compile(_UNESCAPED)
_AFTER_STRING = re.compile(_BEHIND_STRING)
_LATER_QUOTE = re.compile(r'[ \t]*[\w.-]+[ \t]*"[^"\n:{}\[\]]*"(?=[ \t]*(?:[,}\]]|//|$))', re.MULTILINE)
_QUOTE_ON_LATER_LINE = re.compile(r'(?:\n(?![ \t]*//)[^"\n{}\[\]]*+){1,8}+"(?=\s*+(?:[,}\]]|//))')
"""The end of a string that goes on over lines; none of them has what a member or a bracket has."""
_END_OF_UNTERMINATED = re.compile(r"[,\uff0c}\]\n]|//|/\*")
_STRUCTURE = re.compile(r"[,:{}\[\]]|//")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f]")
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_STRICT = json.JSONDecoder()
_LENIENT = json.JSONDecoder(strict=False)


class StringEnd(NamedTuple):
    """The offset behind a string, and whether a quote closes it."""

    offset: int
    closed: bool


def string_end(text: str, start: int, end: int, closing: str) -> StringEnd:
    """Find the end of the string that begins at start; one that is never closed ends with its value."""
    offset = start + 1
    while offset < end:
        char = text[offset]
        if char == "\\":
            offset += 2
        elif char == closing:
            return _end_at_quote(text, start, offset, end)
        elif char == "\n":
            if resumed := _QUOTE_ON_LATER_LINE.match(text, offset, end):
                return StringEnd(resumed.end(), closed=True)
            break
        else:
            offset += 1
    return _unterminated(text, start, end)


def _end_at_quote(text: str, start: int, quote: int, end: int) -> StringEnd:
    """Tell whether the quote at an offset closes its string, stands inside of it, or belongs to the next one."""
    if _AFTER_STRING.match(text, quote + 1, end):
        return StringEnd(quote + 1, closed=True)
    if later := _LATER_QUOTE.match(text, quote + 1, end):
        return StringEnd(later.end(), closed=True)
    if _STRUCTURE.search(text, start + 1, quote):
        return _unterminated(text, start, end)
    return StringEnd(quote + 1, closed=True)


def _unterminated(text: str, start: int, end: int) -> StringEnd:
    """End a string that no quote closes: with its line, or before the next punctuation or comment."""
    match = _END_OF_UNTERMINATED.search(text, start + 1, end)
    stop = match.start() if match else end
    stop = start + 1 + len(text[start + 1 : stop].rstrip())
    # A string can open with a quote of one kind, and close with one of another.
    return StringEnd(stop, closed=stop > start + 2 and text[stop - 1] in QUOTES)


def decode(token: str) -> str | None:
    """Decode what stands between the quotes; None where JSON does not allow it, or where half a surrogate pair is."""
    if _PLAIN_TEXT.fullmatch(token):
        return token
    try:
        value: str = _STRICT.decode(f'"{token}"')
    except ValueError:
        return None
    return value if value == without_half_pairs(value) else None


def decode_leniently(token: str) -> str:
    """Decode what stands between the quotes as far as JSON allows, else take it as it is."""
    try:
        value: str = _LENIENT.decode(f'"{token}"')
    except ValueError:
        value = token
    return without_half_pairs(value)


def has_control_character(value: str) -> bool:
    """Tell whether a string holds a control character, which JSON wants escaped."""
    return bool(_CONTROL_CHARACTER.search(value))


def without_half_pairs(value: str) -> str:
    """Replace half surrogate pairs, which no UTF-8 file can hold, one character by one."""
    return value if value.isascii() else _HALF_PAIR.sub("\ufffd", value)
