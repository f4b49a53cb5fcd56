"""Where a comment ends on a line that other lines were joined to: nothing but the example tells, where it goes on."""

from __future__ import annotations

import re
from enum import StrEnum

KEY = r'"[\w.$ -]{1,64}"[ \t]*:'
SCALAR = r'(?:"(?:[^"\\\n]|\\.)*+"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)'

_RESUMES = re.compile(
    rf'{KEY}\s*(?=["0-9\-tfn\[{{]|//)|(?P<row>[{{\[]\s*(?={KEY}|[\[{{}}\]]|//))|(?P<open>[{{\[(])|(?P<close>[}}\])])'
)
"""Where a comment must be over: at a member, a row, or a bracket that closes one."""
_WORD_START = r'(?:(?<![\w.:/%$+-])|(?="))'
_COMMENT = r"(?://|/\*|\#)"
_MAX_RUN = 20
"""Values in a row that are looked at; more of them are no sentence."""
_MAX_COMMENT = 2000
"""Characters behind the opening of a comment among which the values are that it hides."""
_ELEMENTS = re.compile(
    rf"""{_WORD_START}(?=(?:\[\s*){{0,3}}{SCALAR}(?:\s*+,\s*+{SCALAR}){{0,{_MAX_RUN}}}+
    (?:\s*+,?\s*+(?:{_COMMENT}|\])|\s*+,\s*+{SCALAR}))""",
    re.VERBOSE,
)
"""Values with commas between them, up to the next comment or the end of their array."""
_VALUE = re.compile(rf"{_WORD_START}(?={SCALAR}\s*+(?:[,}}]|{_COMMENT}))")
_FIRST_MEMBER = re.compile(rf'{KEY}\s*+(?=["0-9\-tfn\[{{])')
_LAST_ELEMENTS = re.compile(
    rf"\s({SCALAR}(?:\s*+,\s*+{SCALAR}){{0,{_MAX_RUN}}}+)\s*+(?P<comma>,?)\s*+(?:{_COMMENT}.*)?\Z"
)
_LAST_BRACKET = re.compile(r"\s(?P<bracket>[}\]])\s*+,?\s*+\Z")
_CLOSED = re.compile(r"[}\]][\s,}\]]*\Z")


class Expected(StrEnum):
    """What the example has to go on with behind a comment."""

    MEMBER = "member"
    ELEMENT = "element"
    VALUE = "value"


_SCALARS = {Expected.ELEMENT: _ELEMENTS, Expected.VALUE: _VALUE}


def resumption(text: str, start: int, end: int, expected: Expected) -> int:
    """Give where the example goes on behind a comment on a page without line breaks."""
    pattern = _SCALARS.get(expected)
    scalar = pattern.search(text, start, min(end, start + _MAX_COMMENT)) if pattern else None
    return _bracket_or_member(text, start, scalar.start() if scalar else end)


def _bracket_or_member(text: str, start: int, end: int) -> int:
    depth = 0
    for match in _RESUMES.finditer(text, start, end):
        if match["open"]:
            depth += 1
        elif match["close"] and depth:
            depth -= 1
        elif match["close"] != ")":
            return match.start()
    return end


def first_item(comment: str, *, in_object: bool) -> int | None:
    """Give where the items begin that a comment hides with the bracket behind them; None where it hides none."""
    if not _CLOSED.search(comment):
        return None
    match = (_FIRST_MEMBER if in_object else _ELEMENTS).search(comment)
    return match.start() if match else None


def last_elements(comment: str, *, ends_array: bool) -> int | None:
    """Give where the elements begin that a comment ends with: a comma is behind them, or the end of the array is."""
    match = _LAST_ELEMENTS.search(comment)
    return match.start(1) if match and (match["comma"] or ends_array) else None


def last_bracket(comment: str, closing: str) -> int | None:
    """Give where the closing bracket stands that a comment ends with, and that none in the comment opens."""
    match = _LAST_BRACKET.search(comment)
    if not match or match["bracket"] != closing or any(each in comment for each in "{["):
        return None
    return match.start("bracket")
