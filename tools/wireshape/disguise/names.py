"""Draws other symbols and assets from those everybody knows; equal names stay equal, different ones different."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from wireshape.disguise.draws import Draws
from wireshape.disguise.members import PublicNames

_COIN_MARGINED = "USD"
_COIN_MARGINED_SYMBOL = re.compile(r"(?s:(?P<base>.+))(?P<quote>USD)(?P<suffix>_(?:PERP|[0-9]{6}))")
_CODE = re.compile(r"[A-Z0-9]+")
_MULTIPLIED = re.compile(r"1(?:000)*(?:000|M)[A-Z].*")
_NAME = re.compile(r"(?<![^\W_])[A-Z0-9]+(?:_[A-Z0-9]+)?(?![^\W_])")
_EXPIRY_DIGITS = 6
_PATIENCE = 50
_HAN = (0x4E00, 0x9FA5)
_LETTERS = {"Lu": ("A", 26), "Ll": ("a", 26), "Nd": ("0", 10)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Symbol:
    """A symbol such as BTCUSDT, ETHUSDC_261225 or BTCUSD_PERP; `suffix` begins with the underscore, or is empty."""

    base: str
    quote: str
    suffix: str

    def __str__(self) -> str:
        return self.base + self.quote + self.suffix


class SymbolParser:
    """Takes symbols apart by the quotes everybody knows."""

    def __init__(self, public: PublicNames) -> None:
        quotes = "|".join(map(re.escape, sorted(public.kept | set(public.quotes), key=len, reverse=True)))
        self._pattern = re.compile(rf"(?s:(?P<base>.*?))(?P<quote>{quotes})(?P<suffix>(?:_[A-Z0-9]+)?)")

    def parse(self, text: str) -> Symbol | None:
        """Take a symbol apart; None where no quote is known that it could have."""
        # BNBUSD_PERP is on BNB and US dollars, not on BN and BUSD.
        match = _COIN_MARGINED_SYMBOL.fullmatch(text) or self._pattern.fullmatch(text)
        return Symbol(**match.groupdict()) if match else None

    def settlement(self, text: str) -> str | None:
        """Give the asset a contract is settled in: the quote, or the base of a contract on US dollars."""
        symbol = self.parse(text)
        if symbol is None:
            return None
        return symbol.base if symbol.quote == _COIN_MARGINED else symbol.quote


class Sort(StrEnum):
    """What is drawn from one list."""

    QUOTE = "quote"
    COLLATERAL = "collateral"
    MULTIPLIED = "multiplied"
    COIN = "coin"
    EXPIRY = "expiry"


class Names:
    """The names of one run."""

    def __init__(self, draws: Draws, public: PublicNames) -> None:
        self._draws = draws
        self._symbols = SymbolParser(public)
        self._kept = public.kept
        codes = {
            Sort.QUOTE: public.quotes,
            Sort.COLLATERAL: public.collateral,
            Sort.MULTIPLIED: public.multiplied,
            Sort.COIN: public.coins,
            Sort.EXPIRY: public.expiries,
        }
        self._sorts = {code: sort for sort in codes for code in codes[sort]}
        self._pools = {sort: draws.shuffled(codes[sort], "public", sort) for sort in codes}
        # Taken from their ends: once coins are used up, thousands of them, as the exchange names those of low price.
        thousands = [f"1000{coin}" for coin in draws.shuffled(public.coins, "thousands")]
        self._pools |= {sort: thousands + self._pools[sort] for sort in (Sort.COIN, Sort.MULTIPLIED)}
        self._drawn: dict[str, str] = {}
        self._taken = set(public.kept)

    def asset(self, code: str) -> str:
        """Give another code of the same sort; the one that account totals are made of stays."""
        return code if code in self._kept or not code else self._of(code, self._sort(code))

    def symbol(self, text: str) -> str:
        """Give another symbol of the same form: its base, its quote and the day it expires on drawn on their own."""
        symbol = self._symbols.parse(text)
        if symbol is None:
            return self._of(text, None) if text else text
        expiry = symbol.suffix.removeprefix("_")
        suffix = symbol.suffix
        if any(map(str.isdigit, expiry)):
            dated = expiry.isdigit() and len(expiry) == _EXPIRY_DIGITS
            suffix = f"_{self._of(expiry, Sort.EXPIRY if dated else None)}"
        return str(Symbol(base=self.asset(symbol.base), quote=self.asset(symbol.quote), suffix=suffix))

    def words(self, text: str, *, public: bool = False) -> str:
        """Replace names that were met before wherever they stand in words, and on demand all that are public."""
        return _NAME.sub(lambda match: self._word(match[0], public=public), text)

    def _word(self, word: str, *, public: bool) -> str:
        def known(code: str) -> bool:
            return code in self._drawn or (public and code in self._sorts)

        symbol = self._symbols.parse(word)
        if symbol and known(symbol.base):
            return self.symbol(word)
        return self.asset(word) if known(word) else word

    def _of(self, code: str, sort: Sort | None) -> str:
        if code not in self._drawn:
            self._drawn[code] = self._free(code, sort)
            self._taken.add(self._drawn[code])
        return self._drawn[code]

    def _free(self, code: str, sort: Sort | None) -> str:
        """Take the next code of its sort; where there is none left, make one up."""
        pool = self._pools[sort] if sort else []
        while pool:
            if (made := pool.pop()) not in self._taken:
                return made
        return next(made for attempt in count() if (made := self._similar(code, attempt)) not in self._taken)

    def _sort(self, code: str) -> Sort | None:
        if code in self._sorts:
            return self._sorts[code]
        if not _CODE.fullmatch(code):
            return None
        return Sort.MULTIPLIED if _MULTIPLIED.fullmatch(code) else Sort.COIN

    def _similar(self, code: str, attempt: int) -> str:
        """Make up a text with letters for letters and digits for digits, and after some attempts a longer one."""
        code += "X" * (attempt // _PATIENCE)
        name = self._draws.name(code)
        return "".join(self._character(each, name, attempt, index) for index, each in enumerate(code))

    def _character(self, each: str, *words: object) -> str:
        category = unicodedata.category(each)
        # Beyond ASCII a letter or digit has a form that no contract takes for another's, whatever its case.
        if not each.isascii() and category[0] in "LN":
            return chr(_HAN[0] + self._draws.below(_HAN[1] - _HAN[0], "letter", *words))
        first, number = _LETTERS.get(category, (each, 1))
        return chr(ord(first) + self._draws.below(number, "letter", *words))
