"""Tells values from what stands in their place: placeholders, variables, calls, types, and words."""

from __future__ import annotations

import re
from urllib.parse import unquote

from wireshape.scan.detectors.table import load
from wireshape.scan.randomness import is_random

_MIN_RANDOM_BYTES = 16
_MIN_SIGNS_BYTES = 6
_RANDOM = re.compile(rb"[A-Za-z0-9+/=_%.-]+")
_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})")
_BLANKS = " \t\r\n'\"`\\,;."

_NAME = rb"[A-Za-z_$][\w$]*"
_WORD = re.compile(_NAME)
_PATH = re.compile(rb"[&*@!]?%b(?:(?:\.|::|->|\?\.|!\.)%b)+[?!]?" % (_NAME, _NAME))
_CALL = re.compile(
    rb"(?:new |await )?[&*@!]?%b(?:(?:\.|::|->|\?\.)%b)*!?(?:[(\[{<]|\|\||&&|\?\?|\+\w).*" % (_NAME, _NAME), re.DOTALL
)
_TEMPLATE = re.compile(rb"\$?\{|\$\(|#\{|%[({]|<%")
_PURPOSE = re.compile(
    rb"(?i)key|secret|pass|pwd|token|sign|cred|auth|alias|cookie|param|arg|conf|opt|env|self|this|input"
)
_CASES = re.compile(rb"[a-z][A-Z]|[A-Z][a-z]")
_MIN_CASES = 3
_LOWER_WORD = re.compile(rb"[a-z]{4}")
_SORTS = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"[0-9]"))
_MIN_DRAWN_BYTES = 8
_DIGITS = re.compile(rb"[0-9]{2}")
# The last annotation of a signature: `object):`
_TYPE = re.compile(rb"[A-Za-z_]+(?:\[[\w., |\[\]]{0,80}\])?[)\]}>]+[,;:{]*")
# The words of a message, as no passphrase has them.
_MESSAGE = re.compile(rb"(?i)\b(?:the|an?|is|are|was|not|must|should|cannot|for|of|to|or|and|with|from|your|this)\b")
_ITEM = rb"(?:[A-Za-z][A-Za-z'-]*|[0-9]{1,3})"
_SENTENCE = re.compile(rb"%b(?:[,;:]? {1,2}\(?%b\)?){1,}[.!?:]?" % (_ITEM, _ITEM))


def is_placeholder(value: bytes) -> bool:
    """Tell whether a value only stands for one."""
    text = _CODE_POINT.sub(lambda match: chr(int(match[1], 16)), value.decode("utf-8", "replace"))
    shapes = (shape.strip(_BLANKS) for shape in dict.fromkeys((text, unquote(text))))
    return any(not shape or load().placeholder.fullmatch(shape) for shape in shapes)


def is_reference(value: bytes) -> bool:
    """Tell whether a value without quotes is a piece of a program: a variable, a member, a call, a type, a template."""
    if _CALL.fullmatch(value) or _TEMPLATE.match(value):
        return True
    if _PATH.fullmatch(value.rstrip(b",;")):
        return not any(looks_random(part) for part in re.split(rb"[^\w$]+", value))
    if _TYPE.fullmatch(value):
        return True
    if not _WORD.fullmatch(value):
        return False
    code = value.endswith((b",", b";", b")")) or (_PURPOSE.search(value) is not None and not _DIGITS.search(value))
    return code and not looks_random(value)


def is_sentence(value: bytes) -> bool:
    """Tell whether a value is made of words, as messages and labels are."""
    return _SENTENCE.fullmatch(value.strip()) is not None


def is_message(value: bytes) -> bool:
    """Tell whether a value of several words has words of grammar among them."""
    return b" " in value.strip() and _MESSAGE.search(value) is not None


def looks_random(value: bytes) -> bool:
    """Tell whether a value is long, and of letters and digits that were drawn."""
    return len(value) >= _MIN_RANDOM_BYTES and _RANDOM.fullmatch(value) is not None and is_random(value)


def is_drawn(value: bytes) -> bool:
    """Tell whether a word of eight letters or more is of all sorts, as made-up passwords are."""
    return (
        len(value) >= _MIN_DRAWN_BYTES and all(sort.search(value) for sort in _SORTS) and not re.search(rb"\s", value)
    )


def is_more_than_a_word(value: bytes) -> bool:
    """Tell whether a value has a digit or a sign among its letters, or cases that change, as no word has."""
    if len(value) < _MIN_SIGNS_BYTES:
        return False
    return re.fullmatch(rb"[A-Za-z_.-]+", value) is None or (
        value.isalpha() and len(_CASES.findall(value)) >= _MIN_CASES and not _LOWER_WORD.search(value)
    )
