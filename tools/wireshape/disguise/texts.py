"""Replaces the numbers in what is no amount by others, and masks what may name somebody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from wireshape.disguise.draws import Draws
from wireshape.findings import redaction

_IDENTIFIER = re.compile(r"(?=.*[0-9])\S{6,}|\S*@\S*")
# A surrogate on its own is what makes some texts no JSON: its digits are no number.
_DIGITS = re.compile(r"\\u[0-9A-Fa-f]{4}|\d+")
_EXPONENT = re.compile(r"-?[0-9.]+([eE][-+]?[0-9]+)")
_MAX_DIGITS = 8


def masked(text: str, *, unknown: bool) -> str:
    """Mask keys and addresses, and in a member named nowhere whatever looks like an identifier."""
    if unknown and _IDENTIFIER.fullmatch(text):
        return redaction.MASK
    found = redaction.text(text)
    return found if redaction.MASK in found else text


def masked_lines(text: str) -> str:
    """Mask keys and addresses in a text of several lines."""
    return "\n".join(redaction.text(line) for line in text.split("\n"))


def other_digits(text: str, draws: Draws) -> str:
    """Replace every digit by a drawn one, but for the zeros a number begins with and exponents beyond all reason.

    What was malformed stays so.
    """
    if match := _EXPONENT.fullmatch(text):
        return other_digits(text[: match.start(1)], draws) + match[1]
    return _each_run(text, draws, lambda digits, _: len(digits))


def has_exponent(text: str) -> bool:
    """Tell whether a number is written with an exponent."""
    return bool(_EXPONENT.fullmatch(text))


def other_numbers(text: str, draws: Draws) -> str:
    """Replace every number by a drawn one of any length; the zeros it begins with and its decimal places stay."""
    name = draws.name(text)
    return _each_run(text, draws, lambda _, start: 1 + draws.below(_MAX_DIGITS, "length", name, start))


def _each_run(text: str, draws: Draws, length: Callable[[str, int], int]) -> str:
    """Replace the runs of digits in a text, those before a point by others of this length."""
    if not any(unicodedata.decimal(each, 0) for each in text):
        return text
    name = draws.name(text)

    def other(match: re.Match[str]) -> str:
        run, start = match[0], match.start()
        if run.startswith("\\"):
            return run
        if text[start - 1 : start] in {".", ","}:
            return _written(draws.digits(len(run), name, start), run)
        zeros = len(run) - len(run.lstrip(chr(ord(run[0]) - unicodedata.decimal(run[0]))))
        if zeros == len(run):
            return run
        digits = draws.digits(length(run[zeros:], start), name, start)
        # No number begins with a 0 that did not.
        first = str(draws.below(9, "first", name, start) + 1)
        return run[:zeros] + _written(first + digits[1:], run[zeros:])

    return _DIGITS.sub(other, text)


def _written(digits: str, run: str) -> str:
    """Write digits in the scripts of those they replace."""
    if run.isascii():
        return digits
    places = run.ljust(len(digits), run[-1])
    return "".join(
        chr(ord(each) - unicodedata.decimal(each) + int(digit)) for digit, each in zip(digits, places, strict=False)
    )
