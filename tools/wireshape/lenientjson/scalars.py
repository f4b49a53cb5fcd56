"""Values without quotes: numbers, literals, and words that should have been one of them or a string."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from wireshape.lenientjson import defects, strings, tokens
from wireshape.lenientjson.defects import DefectRule, Repair, Unrepairable
from wireshape.lenientjson.tokens import END_OF_VALUE, WRITTEN_BLANK

WORD = "{word}"
"""What stands for the word itself in a detail."""

LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
FOREIGN_LITERALS: dict[str, Any] = {
    "True": True, "TRUE": True, "False": False, "FALSE": False, "None": None, "NULL": None, "Null": None, "nil": None,
    "undefined": None, "NaN": None, "Infinity": None, "-Infinity": None,
}  # fmt: skip
"""Literals of other languages, with the JSON value they stand for."""

_NUMBER = re.compile(
    rf'-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?=$|[\s{END_OF_VALUE}/#:"]|[\u200b\ufeff]|{WRITTEN_BLANK})'
)
_NO_COMMENT = r"(?!//|/\*|[ \t]\#)"
_END = rf"[ \t]*+(?:$|[{END_OF_VALUE}\r\n]|//|/\*|\#)"
_WITHOUT_OPENING_QUOTE = re.compile(
    rf"""(?P<text>
    (?:{_NO_COMMENT}[^\s"{{}}\[\],:]|[ \t](?=[^\s"])|[:,](?=[^"\n])){{1,400}}+)"(?={_END})""",
    re.MULTILINE | re.VERBOSE,
)
_ADDRESS = r"""(?:https?|wss?)://[^\s"{}\[\]]*[^\s"{}\[\],;]"""
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9:.]+(?:Z|[-+][0-9:]+)?"
_TEMPLATE = r"\{\{[ \t]*[\w.$-]+[ \t]*\}\}|\$\{[\w.$-]+\}|<[A-Za-z][\w .-]*>"
_WORDS = rf"[A-Za-z][\w.-]*(?: [A-Za-z][\w.-]*)+(?={_END})"
_BARE_TEXT = re.compile(rf"{_ADDRESS}|{_TIME}|{_TEMPLATE}|{_WORDS}", re.MULTILINE)
"""What goes on behind the end of a word: an address, a time, what a template has for a value, and words."""
_THOUSANDS = re.compile(
    rf"[-+]?[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?![0-9])(?=\.[0-9]|{_END})(?:\.[0-9]+)?", re.MULTILINE
)
_NEARLY_NUMBER = re.compile(
    r"(?P<hex>0[xX][0-9a-fA-F]+)|(?P<number>[-+]?(?:[0-9][0-9_,]*+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)[nLfFdD]?"
)
"""A number as other languages or people write it."""
_MINUS = str.maketrans("\u2212\u2013", "--")
"""The minus sign and the dash that stand for a hyphen in print."""
_MAX_INT_DIGITS = 4000
"""Longer numbers are read as decimals; Python refuses to read integers of more than 4300 digits."""


class Scalar(NamedTuple):
    """A value and where it ends; detail says what is wrong with it, with WORD for how it is written."""

    value: Any
    end: int
    detail: str = ""
    repair: Repair = ()
    is_word: bool = False
    rule: DefectRule = DefectRule.FOREIGN_LITERAL


def read(text: str, start: int, end: int, *, in_member: bool) -> Scalar:
    """Read what stands at an offset as a value; a number of a member can have commas between its digits."""
    if half := _WITHOUT_OPENING_QUOTE.match(text, start, end):
        detail, repair = "the string has no opening quote", defects.inserted_before(start, '"')
        return Scalar(strings.decode_leniently(half["text"]), half.end(), detail, repair, rule=DefectRule.UNCLOSED)
    thousands = _THOUSANDS.match(text, start, end) if in_member else None
    if thousands:
        return _number(thousands[0], start, thousands[0].replace(",", ""))
    match = _NUMBER.match(text, start, end)
    value = number(match[0]) if match else None
    if match and value is not None:
        return Scalar(value, match.end())
    word = _BARE_TEXT.match(text, start, end) or tokens.WORD.match(text, start, end)
    return _word(strings.without_half_pairs(word[0] if word else text[start]), start)


def _word(word: str, start: int) -> Scalar:
    end = start + len(word)
    if word in LITERALS:
        return Scalar(LITERALS[word], end)
    detail = f"{WORD} is not a JSON value"
    if (stopped := word.removesuffix(".")) in LITERALS:
        return Scalar(LITERALS[stopped], end, detail, defects.removed(end - 1))
    if word in FOREIGN_LITERALS:
        repair = defects.replaced(start, json.dumps(FOREIGN_LITERALS[word]), len(word))
        return Scalar(FOREIGN_LITERALS[word], end, detail, repair)
    if tokens.ELLIPSIS.fullmatch(word):
        return Scalar(None, end, detail, Unrepairable.LEFT_OUT)
    nearly = _NEARLY_NUMBER.fullmatch(unicodedata.normalize("NFKC", word).translate(_MINUS))
    if nearly:
        written = str(int(nearly["hex"], 16)) if nearly["hex"] else nearly["number"].replace("_", "").replace(",", "")
        found = _number(word, start, written)
        if found.value is not None:
            return found
    quotes = (*defects.inserted_before(start, '"'), *defects.inserted_behind(end, '"'))
    return Scalar(word, end, detail, quotes if strings.decode(word) == word else Unrepairable.UNKNOWN, is_word=True)


def _number(word: str, start: int, written: str) -> Scalar:
    """Read a number that is nearly written as JSON has it."""
    value = number(written.removeprefix("+").removesuffix("."))
    repair = defects.replaced(start, str(value), len(word))
    return Scalar(value, start + len(word), f"{WORD} is not a JSON number", repair)


def number(token: str) -> int | Decimal | None:
    """Read a number exactly; None for one with an exponent that no machine holds."""
    if token.lstrip("-").isdigit() and len(token) < _MAX_INT_DIGITS:
        return int(token)
    try:
        value = Decimal(token)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
