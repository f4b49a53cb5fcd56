"""One group of amounts that relations tie together, in whole numbers of the smallest unit among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor

from wireshape.disguise import solver
from wireshape.disguise.amounts import Amount, Notation, power_of_ten
from wireshape.disguise.draws import Draws
from wireshape.disguise.linear import Linear, Term
from wireshape.disguise.members import Range
from wireshape.disguise.relations import Relation
from wireshape.disguise.solver import Unknown
from wireshape.model import InstancePath

_LARGEST = power_of_ten(18)
_MAX_DIGITS = 17  # of a binary floating-point number: what has more places than the wire's 8 is one
_WIRE_PLACES = 8
_SPREAD = 1000  # how far apart the bounds of a range are at least


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An amount that is not zero: where it stands, what names that place in every answer of a run, and its range."""

    path: InstancePath
    name: tuple[str, ...]
    amount: Amount
    range: Range


@dataclass(frozen=True, kw_only=True)
class Group:
    """Places and the relations between them; levels say of how many relations an amount is the sum."""

    places: Sequence[Place]
    relations: Sequence[Relation]
    levels: Mapping[InstancePath, int]

    @cached_property
    def rows(self) -> Counter[InstancePath]:
        """How many rows have an amount in the same column."""
        return Counter(_column(place.path) for place in self.places)

    def solve(
        self,
        notations: Mapping[InstancePath, Notation],
        known: Mapping[InstancePath, Amount],
        draws: Draws,
        *words: object,
    ) -> dict[InstancePath, Amount]:
        """Give every place an amount in these notations, the known ones theirs; Contradiction where that failed."""
        bounds = [bound for each in self.relations for bound in (each.least, each.most) if bound]
        grid = min(*(notation.unit for notation in notations.values()), *map(_unit, bounds), Fraction(1))

        def draw(index: int, least: int, most: int) -> int:
            return draws.between(least, most, *self.places[index].name, *words)

        unknowns = [self._unknown(place, notations[place.path], grid) for place in self.places]
        fixed = {
            index: int(known[place.path].signed / grid)
            for index, place in enumerate(self.places)
            if place.path in known
        }
        values = solver.solve(unknowns, self._linear(notations, grid, draws, *words), fixed, draw)
        return {
            place.path: Amount(size=abs(value) * grid, notation=notations[place.path])
            for place, value in zip(self.places, values, strict=True)
        }

    def _unknown(self, place: Place, notation: Notation, grid: Fraction) -> Unknown:
        step = int(notation.unit / grid)
        least, most = _possible(notation)
        low, high = _wanted(notation, place.range, least, most)
        if notation.negative:
            least, most, low, high = -most, -least, -high, -low
        return Unknown(
            least=least * step,
            most=most * step,
            step=step,
            low=low * step,
            high=high * step,
            rows=self.rows[_column(place.path)],
            level=self.levels[place.path],
        )

    def _linear(
        self, notations: Mapping[InstancePath, Notation], grid: Fraction, draws: Draws, *words: object
    ) -> list[Linear]:
        indices = {place.path: index for index, place in enumerate(self.places)}
        found = []
        for number, relation in enumerate(self.relations):
            least = None if relation.least is None else ceil(relation.least / grid) + relation.strict
            most = None if relation.most is None else floor(relation.most / grid) - relation.strict
            total = least if least == most else None
            if relation.slack:
                step = min(notations[path].unit for _, path in relation.terms)
                total = _rest(int(relation.slack / step), draws, *words, number) * int(step / grid)
            terms = tuple(Term(sign, indices[path]) for sign, path in relation.terms)
            found.append(Linear(terms=terms, least=least, most=most, total=total))
        return found


def _rest(most: int, draws: Draws, *words: object) -> int:
    """Draw by how many units an equation is off: what it was off by in truth would be a remainder of true amounts."""
    size = 1 + draws.below(most, "rest", *words) if most else 0
    return -size if draws.below(2, "sign of a rest", *words) else size


def _column(path: InstancePath) -> InstancePath:
    return tuple(step for step in path if isinstance(step, str))


@lru_cache
def _possible(notation: Notation) -> tuple[int, int]:
    """Give the bounds of a size in its unit; with an exponent, the digits before the point stay as many."""
    if notation.letter is None:
        return 1, max(1, int(_LARGEST / notation.unit))
    digits = notation.places + notation.whole
    return 10 ** (digits - 1) if notation.whole else 1, 10**digits - 1


@lru_cache
def _wanted(notation: Notation, kind: Range, least: int, most: int) -> tuple[int, int]:
    """Give the range of a kind in a unit; binary floating-point numbers have no more digits than fit."""
    if notation.letter is not None:
        return least, most
    low, high = ceil(kind.low / notation.unit), floor(kind.high / notation.unit)
    if notation.places > _WIRE_PLACES:
        high = min(high, 10 ** max(_MAX_DIGITS, notation.places))
        low = min(low, high // _SPREAD)
    return max(low, least), min(high, most)


def _unit(bound: Fraction) -> Fraction:
    """Give the power of ten that a bound is a multiple of."""
    unit = Fraction(1)
    while bound % unit:
        unit /= 10
    return unit
