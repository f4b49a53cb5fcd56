"""Amounts as the wire writes them, exactly: read, and written again in the same notation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache

# With zeros before it, an amount is malformed; invariants speak of it all the same.
_AMOUNT = re.compile(r"(-?)(0*)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:([eE][+-]?)([0-9]+))?")
_MAX_LENGTH = 100  # characters
_MAX_EXPONENT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Notation:
    """How an amount is written: sign, zeros before it, decimal places, and the exponent where it is written with one.

    `letter` is the E with the sign as it stands there, None without an exponent. With one, `whole` is the number of
    digits before the point, and `power` of those after the E where they begin with 0.
    """

    negative: bool
    zeros: int
    places: int
    letter: str | None
    exponent: int
    whole: int
    power: int

    @property
    def unit(self) -> Fraction:
        """One in the last place."""
        return power_of_ten(self.exponent - self.places)

    def write(self, size: Fraction) -> str:
        """Write a size, a multiple of the unit, in this notation."""
        digits = "0" * self.zeros + str(int(size / self.unit)).zfill(self.places + 1)
        text = f"{digits[: -self.places]}.{digits[-self.places :]}" if self.places else digits
        if self.letter is not None:
            sign = "-" if self.exponent < 0 else "+" if "+" in self.letter else ""
            text += f"{self.letter[0]}{sign}{str(abs(self.exponent)).zfill(self.power)}"
        return f"-{text}" if self.negative else text


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """An amount: its size without the sign, and its notation."""

    size: Fraction
    notation: Notation

    @property
    def signed(self) -> Fraction:
        """The amount itself."""
        return -self.size if self.notation.negative else self.size

    def __str__(self) -> str:
        return self.notation.write(self.size)

    def rewritten(self, notation: Notation) -> Amount | None:
        """Give the same amount in another notation of its sign; None where that has other digits or exponents."""
        if self.notation == replace(notation, exponent=self.notation.exponent):
            return self
        plain = self.notation.letter is None and notation.letter is None
        return Amount(size=self.size, notation=notation) if plain and not self.size % notation.unit else None


@lru_cache(maxsize=4096)  # most amounts of most answers are a handful of zeros
def parse(text: str) -> Amount | None:
    """Read an amount; None for what is none, or beyond all reason."""
    match = _AMOUNT.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if match is None:
        return None
    sign, zeros, whole, places, letter, power = match.groups()
    exponent = int((letter or "").lstrip("eE").replace("+", "") + (power or "0"))
    if abs(exponent) > _MAX_EXPONENT:
        return None
    notation = Notation(
        negative=bool(sign),
        zeros=len(zeros),
        places=len(places or ""),
        letter=letter,
        exponent=exponent,
        whole=len(whole) if letter and whole != "0" else 0,
        power=len(power) if power and power.startswith("0") else 0,
    )
    return Amount(size=int(whole + (places or "")) * notation.unit, notation=notation)


@cache
def power_of_ten(exponent: int) -> Fraction:
    """Give 10 to a whole power, exactly."""
    return Fraction(10) ** exponent
