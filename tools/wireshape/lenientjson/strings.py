"""Strings of an example: where one ends, even without its closing quote, and what it decodes to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from wireshape.lenientjson import defects
from wireshape.lenientjson.defects import Edit, Repair, Unrepairable
from wireshape.lenientjson.tokens import COLONS, END_OF_VALUE, QUOTES

_UNESCAPED = r'[^"\\\x00-\x1f\ud800-\udfff]*'
_BEHIND_STRING = rf'[ \t]*(?:$|[{END_OF_VALUE}{COLONS}/#"\n\r]|[\u00a0\u200b\ufeff])'
PLAIN_STRING = re.compile(rf'"(?P<text>{_UNESCAPED})"(?={_BEHIND_STRING})')
"""A JSON string without escapes, which most strings are."""

IN_DOUBLED_QUOTES = re.compile(
    r"""(?P<opening>""|"(?=[^"\n]+""))(?P<text>[\w+.-][^"\\\n]*)(?P<closing>"{1,2})(?=[ \t]*(?:$|[,}\]\n\r:]|//|\#))"""
)
"""A string that has two of its opening quotes, of its closing ones, or of both."""
_PLAIN_TEXT = re.compile(_UNESCAPED)
_AFTER_STRING = re.compile(_BEHIND_STRING)
_LATER_QUOTE = re.compile(r'[ \t]*[\w.-]+[ \t]*"[^"\n:{}\[\]]*"(?=[ \t]*(?:[,}\]]|//|/\*|\#|$))', re.MULTILINE)
_QUOTE_ON_LATER_LINE = re.compile(r'(?:\n(?![ \t]*//)[^"\n{}\[\]]*+){1,8}+"(?=\s*+(?:[,}\]]|//|/\*|\#))')
"""The end of a string that goes on over lines; none of them has what a member or a bracket has."""
_REST_OF_LINE = re.compile(
    r"""(?P<text>(?:(?!(?<!:)//|/\*|[ \t]\#)[^"\n\r{}\[\]]){0,300}?[\u2019\u201d\u201c"'`]?)
    [ \t]*+[,\uff0c]?[ \t]*+(?:$|\r|//|/\*|\#)""",
    re.MULTILINE | re.VERBOSE,
)
"""What is left of a line without any quote on it, up to its comma and comment."""
_END_OF_UNTERMINATED = re.compile(r"[,\uff0c}\]\n]|//|/\*")
_STRUCTURE = re.compile(r"[,:{}\[\]]|//")
_INSIDE = {each: re.compile(rf"(?:[^\\\n{each}]|\\.)*+", re.DOTALL) for each in QUOTES.values()}
"""What can stand in a string, by what closes it."""
_MAX_QUOTED = 2000
"""Characters in which the closing quote of a string in other quotes than JSON's is looked for."""
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f]")
_MARKDOWN_ESCAPE = re.compile(r"(?<!\\)\\([_*\[\]{}<>#+.!|~$-])")
"""An escape that Markdown has outside of code, and JSON nowhere."""
_NOT_IN_STRINGS = re.compile(r'[\x00-\x1f"\\]')
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_STRICT = json.JSONDecoder()
_LENIENT = json.JSONDecoder(strict=False)


class StringEnd(NamedTuple):
    """The offset behind a string, and whether a quote closes it."""

    offset: int
    closed: bool


def string_end(text: str, start: int, end: int, closing: str) -> StringEnd:
    """Find the end of the string that begins at start; one that is never closed ends with its value."""
    limit = end if closing == '"' else min(end, start + _MAX_QUOTED)
    inside = _INSIDE[closing].match(text, start + 1, limit)
    offset = inside.end() if inside else start + 1
    if offset < limit and text[offset] in closing:
        return _end_at_quote(text, start, offset, end)
    if text.startswith("\n", offset, limit) and (resumed := _QUOTE_ON_LATER_LINE.match(text, offset, end)):
        return StringEnd(resumed.end(), closed=True)
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
    match = _REST_OF_LINE.match(text, start + 1, end) or _END_OF_UNTERMINATED.search(text, start + 1, end)
    stop = match.end("text") if match and match.re is _REST_OF_LINE else match.start() if match else end
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
    for text in (token, _MARKDOWN_ESCAPE.sub(r"\1", token)):
        try:
            value: str = _LENIENT.decode(f'"{text}"')
        except ValueError:
            continue
        return without_half_pairs(value)
    return without_half_pairs(token)


def repair(token: str, start: int, value: str, margin: str = "\n") -> Repair:
    """Give the edits that make what stands between the quotes, from start on, decode to a value.

    margin is a line break with the blanks behind it that are none of the string.
    """
    if decode(token) == value:
        return ()
    wrong = _NOT_IN_STRINGS
    for pattern in (re.compile(rf"{margin}|{_CONTROL_CHARACTER.pattern}"), _MARKDOWN_ESCAPE):
        with suppress(ValueError):
            wrong = pattern if _STRICT.decode(f'"{pattern.sub(_escaped, token)}"') == value else wrong
    if _STRICT.decode(f'"{wrong.sub(_escaped, token)}"') != value:
        return Unrepairable.UNKNOWN
    return tuple(edit for each in wrong.finditer(token) for edit in _edits(each, start + each.start()))


def _edits(match: re.Match[str], start: int) -> Iterator[Edit]:
    """Yield the edits that escape what was found at an offset; a line break and its margin are on two lines."""
    width = 1 if match[0].startswith("\n") else len(match[0])
    yield from defects.replaced(start, _escaped(match), width)
    if width < len(match[0]):
        yield from defects.replaced(start + width, "", len(match[0]) - width)


def _escaped(match: re.Match[str]) -> str:
    return match[1] if match.re is _MARKDOWN_ESCAPE else json.dumps("\n" if match[0][0] == "\n" else match[0])[1:-1]


def has_control_character(value: str) -> bool:
    """Tell whether a string holds a control character, which JSON wants escaped."""
    return bool(_CONTROL_CHARACTER.search(value))


def without_half_pairs(value: str) -> str:
    """Replace half surrogate pairs, which no UTF-8 file can hold, one character by one."""
    return value if value.isascii() else _HALF_PAIR.sub("\ufffd", value)
