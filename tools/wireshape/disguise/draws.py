"""Random numbers that a secret seed and a few words decide, so that one seed always makes the same disguise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_BITS = 512
_DIGITS = 50  # of one draw
_SHARE_BITS = 53
# A number is first placed by its magnitude and then drawn from the 3 % above, so that every digit of it is random.
_SMEAR = 32


class Draws:
    """Draws numbers: the same words give the same number, other words one that has nothing to do with it."""

    def __init__(self, seed: bytes) -> None:
        self._key = seed[: blake2b.MAX_KEY_SIZE]

    def below(self, limit: int, *words: object) -> int:
        """Draw a whole number from 0 to below a limit that is far less than 512 bits long."""
        text = "\0".join(map(str, words)).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, key=self._key, digest_size=_BITS // 8).digest()) % limit

    def digits(self, number: int, *words: object) -> str:
        """Draw as many decimal digits."""
        parts = range(-(-number // _DIGITS))
        return "".join(str(self.below(10**_DIGITS, "digits", *words, part)).zfill(_DIGITS) for part in parts)[:number]

    def name(self, text: str) -> int:
        """Give a short name for a long text, to draw by."""
        return self.below(1 << _BITS // 2, "name", text)

    def between(self, least: int, most: int, *words: object) -> int:
        """Draw a whole number of at least 1 within bounds, every magnitude as likely as any other."""
        share = self.below(1 << _SHARE_BITS, "magnitude", *words) / (1 << _SHARE_BITS)
        factor = math.exp(share * (math.log(most) - math.log(least)))
        start = min(most, max(least, least * int(factor * (1 << _SHARE_BITS)) >> _SHARE_BITS))
        end = min(most, start + start // _SMEAR)
        return start + self.below(end - start + 1, "digits", *words)

    def pick(self, options: Sequence[T], *words: object) -> T:
        """Draw one of several."""
        return options[self.below(len(options), *words)]

    def shuffled(self, items: Iterable[T], *words: object) -> list[T]:
        """Give items in an order of their own."""
        numbered = [(self.below(1 << _BITS // 2, index, *words), item) for index, item in enumerate(items)]
        return [item for _, item in sorted(numbered, key=lambda each: each[0])]
