"""Amounts of an answer as exact decimals; what a contract refuses is no amount here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

ZERO = Decimal(0)
UNIT = Decimal("1e-8")
"""One in the eighth place, where the exchange cuts a product."""
# Wide enough for any amount seen; huge exponents become infinite instead of an error.
_EXACT = Context(prec=80, traps=[])
# What Decimal takes beyond this (blanks, underscores, digits of other scripts) the contract refuses.
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:E[-+]?[0-9]+)?")
_LONGEST = 40  # digits before or after the point that still read as an amount


def number(value: Any) -> Decimal | None:
    """Give an amount as a number; None for what is none, a JSON number that is no integer included."""
    if type(value) is int:
        return Decimal(value)
    return _parsed(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)  # most amounts of most answers are a handful of zeros
def _parsed(value: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(value):
        return None
    parsed = _EXACT.create_decimal(value)
    return parsed if parsed.is_finite() else None


def add(numbers: Iterable[Decimal]) -> Decimal:
    """Add numbers up, exactly."""
    total = Decimal(0)
    for each in numbers:
        total = _EXACT.add(total, each)
    return total


def product(numbers: Iterable[Decimal]) -> Decimal:
    """Multiply numbers, exactly as far as any amount goes."""
    whole = Decimal(1)
    for each in numbers:
        whole = _EXACT.multiply(whole, each)
    return whole


def quotient(one: Decimal, other: Decimal) -> Decimal:
    """Divide, cut to the eighth place where that can be written; what is beyond all reason, or by 0, is no number."""
    cut = _EXACT.quantize(_EXACT.divide(one, other), UNIT)
    return cut if cut.is_finite() else _EXACT.divide(one, other)


def ratio(one: Decimal, other: Decimal) -> Decimal:
    """Divide, as exactly as any amount goes; by 0, it is no number."""
    return _EXACT.divide(one, other)


def last_place(value: Any) -> Decimal:
    """Give one in the last place of an amount as it is written; 0 for what is none."""
    each = number(value)
    exponent = each.as_tuple().exponent if each is not None else None
    return Decimal(1).scaleb(exponent, _EXACT) if isinstance(exponent, int) else ZERO


def rounded(each: Decimal, place: Decimal) -> Decimal:
    """Round a number to a decimal place; what cannot be written so stays."""
    near = _EXACT.quantize(each, place)
    return near if near.is_finite() else each


def sign(each: Decimal) -> int:
    """Give -1, 0 or 1."""
    return (each > 0) - (each < 0)


def is_short(each: Decimal) -> bool:
    """Tell whether a number can be written out; one that cannot is beyond all reason."""
    return abs(each.adjusted()) < _LONGEST


def plain(each: Decimal) -> str:
    """Write a number without an exponent, unless it is beyond all reason."""
    return f"{each:f}" if is_short(each) else str(each)
