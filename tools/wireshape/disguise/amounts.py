"""Amounts as the wire writes them, exactly: read, replaced by others of the same form, and solved for together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

Key = tuple[str, Fraction]
"""What is the same amount wherever it stands: its kind, and its size without the sign."""


TELLING = 4
"""Significant digits from which on an amount says something of an account."""

_AMOUNT = re.compile(r"(-?)((?:0|[1-9][0-9]*))(?:\.([0-9]+))?(?:([eE][+-]?)([0-9]+))?")
_EXACT = Context(prec=250)
_LONGEST = 100
_LARGEST_EXPONENT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """An amount and its form: sign, decimal places, and the exponent where it is written with one."""

    size: Fraction
    negative: bool
    places: int
    mark: str | None
    exponent: int

    @property
    def unit(self) -> Fraction:
        """One in the last place."""
        return Fraction(10) ** (self.exponent - self.places)

    @property
    def signed(self) -> Fraction:
        """The amount itself."""
        return -self.size if self.negative else self.size

    def moved(self, factor: Fraction) -> Amount:
        """Give the form for an amount that many times as large: with an exponent, the point stays where it was."""
        if self.mark is None or not self.size:
            return self
        return replace(self, exponent=self.exponent + _magnitude(self.size * factor) - _magnitude(self.size))

    def write(self, size: Fraction) -> str:
        """Write another size, a multiple of the unit, in this form."""
        digits = str(int(size / self.unit)).zfill(self.places + 1)
        text = f"{digits[: -self.places]}.{digits[-self.places :]}" if self.places else digits
        if self.mark is not None:
            sign = "-" if self.exponent < 0 else "+" if "+" in self.mark else ""
            text += f"{self.mark[0]}{sign}{abs(self.exponent)}"
        return f"-{text}" if self.negative else text


def parse(text: str) -> Amount | None:
    """Read an amount; None for what is none, or beyond all reason."""
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    sign, whole, places, mark, power = match.groups()
    exponent = int((mark or "").lstrip("eE").replace("+", "") + (power or "0"))
    if abs(exponent) > _LARGEST_EXPONENT:
        return None
    digits = Fraction(int(whole + (places or "")))
    size = digits * Fraction(10) ** (exponent - len(places or ""))
    return Amount(size=size, negative=bool(sign), places=len(places or ""), mark=mark, exponent=exponent)


def is_identifying(size: Fraction) -> bool:
    """Tell whether an amount has enough significant digits to say something of an account."""
    return (
        len(_EXACT.divide(Decimal(size.numerator), Decimal(size.denominator)).normalize().as_tuple().digits) >= TELLING
    )


def _magnitude(size: Fraction) -> int:
    return _EXACT.divide(Decimal(size.numerator), Decimal(size.denominator)).adjusted()
