"""Attacks on a recording: what somebody who is good at arithmetic makes of it, each ending in one guess at a wallet.

All of them know the code. Each is handed published answers and what its attacker knows besides, and gives the wallet
balance it takes for the true one, None where it has no idea. They look for a factor that all amounts share: that is
what there was to be found before amounts were drawn one by one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from lattice import reduced

Json = dict[str, Any]
UNIT = 10**8
"""Amounts are counted in units of the eighth place."""

_MAX_AMOUNTS = 16
_LEAST_FACTOR, _MOST_FACTOR = Fraction(1, 1000), Fraction(1000)
_MAX_BASES = 5
_MAX_STEPS = 300
_STEPS_PER_COIN = 1000
_LARGE = 100
_ADDED_UP = {
    "walletBalance", "unrealizedProfit", "marginBalance", "initialMargin", "positionInitialMargin",
    "openOrderInitialMargin", "crossWalletBalance", "crossUnPnl", "availableBalance", "isolatedMargin",
    "isolatedWallet", "notional",
}  # fmt: skip


class Bracket(NamedTuple):
    """A row of a published margin table: from which notional to which, at what rate, less what."""

    floor: int
    cap: int
    rate: Fraction
    less: int


BRACKETS = [
    Bracket(50_000, 600_000, Fraction("0.005"), 50),
    Bracket(600_000, 3_000_000, Fraction("0.01"), 3_050),
    Bracket(3_000_000, 12_000_000, Fraction("0.02"), 33_050),
]


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What an attacker has besides the recording."""

    balances: dict[str, Fraction] = field(default_factory=dict)
    """Balances of the account by the path they stand at, as its owner once told them."""
    prices: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    """Entry and mark price by symbol, from public candles."""


Attack = Callable[[Sequence[Json], Knowledge], Fraction | None]


def wallet(payload: Json) -> Fraction:
    """Give the wallet balance an attack is after: that of USDT, or of the first asset where there is none."""
    rows = payload["assets"]
    row = next((row for row in rows if row["asset"] == "USDT"), rows[0])
    return Fraction(row["walletBalance"])


def amounts(payload: Json) -> dict[str, Fraction]:
    """Give the amounts that add up, by their path, each size once."""
    found: dict[str, Fraction] = {"wallet": wallet(payload)}
    for name in ("assets", "positions"):
        for index, row in enumerate(payload[name]):
            found |= {f"{name}[{index}].{key}": abs(Fraction(row[key])) for key in row if key in _ADDED_UP}
    sizes: dict[Fraction, str] = {}
    for path, size in found.items():
        sizes.setdefault(size, path)
    return {path: size for size, path in sizes.items() if size * UNIT > 1000}


def common_divisor(published: Sequence[Json], _: Knowledge) -> Fraction | None:
    """Solve for the integers that all amounts are about one factor times of, by lattice reduction; nothing is known."""
    most = _MAX_AMOUNTS // len(published)
    found = sorted({int(size * UNIT) for payload in published for size in _chosen(payload)[:most]}, reverse=True)
    candidates: list[Fraction] = []
    for index in range(min(_MAX_BASES, len(found) - 3)):
        candidates += _multiples(found[index], found[index + 1 :])
    return _best(published, candidates)


def _multiples(first: int, others: list[int]) -> list[Fraction]:
    """Give factors under which the first of some numbers, and the others, are near to whole numbers."""
    basis = [[1, *others]]
    basis += [[0] * (index + 1) + [-first] + [0] * (len(others) - index - 1) for index in range(len(others))]
    return [Fraction(first, abs(vector[0])) for vector in reduced(basis) if vector[0]]


def known_balances(published: Sequence[Json], knowledge: Knowledge) -> Fraction | None:
    """Take the factor from the balances that are known, and the wallet from the factor."""
    return _best(published, _known_factors(published[0], knowledge))


def lattice_with_known(published: Sequence[Json], knowledge: Knowledge) -> Fraction | None:
    """Reduce the lattice, and take what it gives where the balances that are known agree with it."""
    known = _known_factors(published[0], knowledge)
    solved = common_divisor(published, knowledge)
    factor = wallet(published[0]) / solved if solved else None
    if factor and any(abs(each / factor - 1) < Fraction(1, 1000) for each in known):
        return solved
    return _best(published, known)


def _known_factors(payload: Json, knowledge: Knowledge) -> list[Fraction]:
    shown = amounts(payload)
    return [shown[path] / true for path, true in knowledge.balances.items() if path in shown and true]


def round_numbers(published: Sequence[Json], _: Knowledge) -> Fraction | None:
    """Guess that some amount is round: one or two digits and zeros."""
    guesses = [
        Fraction(digits) * 10**power for digits in range(1, 100) for power in range(5) if digits % 10 or not power
    ]
    factors = (size / guess for size in _chosen(published[0]) for guess in guesses)
    return _best(published, factors)


def margin_tables(published: Sequence[Json], _: Knowledge) -> Fraction | None:
    """Take the factor from maintenance margins: a published rate of the notional, less a published amount."""
    factors: list[Fraction] = []
    for row in published[0]["positions"]:
        notional, margin = abs(Fraction(row.get("notional", 0))), Fraction(row.get("maintMargin", 0))
        for bracket in BRACKETS:
            factor = (notional * bracket.rate - margin) / bracket.less
            if factor > 0 and bracket.floor <= notional / factor < bracket.cap:
                factors.append(factor)
    return wallet(published[0]) / factors[0] if factors else None


def price_history(published: Sequence[Json], knowledge: Knowledge) -> Fraction | None:
    """Take the factor from notionals: each is a whole number of steps at the mark price, and the factor one for all."""
    factors: list[tuple[Fraction, str]] = []
    for row in published[0]["positions"]:
        _, mark = knowledge.prices.get(row["symbol"], (None, None))
        notional = abs(Fraction(row.get("notional", 0)))
        if mark and notional:
            factors += [(notional * _STEPS_PER_COIN / mark / steps, row["symbol"]) for steps in range(1, _MAX_STEPS)]
    factors.sort()
    pairs = [(one, other) for one, other in itertools.pairwise(factors) if one[1] != other[1]]
    if not pairs:
        return None
    (factor, _), _ = min(pairs, key=lambda pair: pair[1][0] / pair[0][0])
    return wallet(published[0]) / factor


def entry_prices(published: Sequence[Json], knowledge: Knowledge) -> Fraction | None:
    """Take the factor from entry prices, in case they share it with the balances."""
    rows = [row for row in published[0]["positions"] if row["symbol"] in knowledge.prices and "entryPrice" in row]
    factors = [Fraction(row["entryPrice"]) / knowledge.prices[row["symbol"]][0] for row in rows]
    return _best(published, [factor for factor in factors if factor])


def linked(one: Json, other: Json) -> bool:
    """Tell whether two recordings look like one account: two amounts changed by one ratio, as by two factors."""
    before, after = amounts(one), amounts(other)
    ratios = sorted(after[path] / before[path] for path in before if path in after and before[path] > _LARGE)
    return any(larger / lesser - 1 < Fraction(1, 10**9) for lesser, larger in itertools.pairwise(ratios))


def _chosen(payload: Json) -> list[Fraction]:
    """Choose the wallet and the largest of the other amounts, as those say most."""
    first, *others = amounts(payload).values()
    return [first, *sorted(others, reverse=True)[: _MAX_AMOUNTS - 1]]


def _best(published: Sequence[Json], factors: Iterable[Fraction]) -> Fraction | None:
    """Give the wallet by the factor under which all amounts come nearest to whole units."""
    plausible = [factor for factor in factors if _LEAST_FACTOR < factor < _MOST_FACTOR]
    if not plausible:
        return None
    sizes = [int(size * UNIT) for size in _chosen(published[0])]
    best = min(
        plausible, key=lambda factor: sum(_distance(size * factor.denominator, factor.numerator) for size in sizes)
    )
    return wallet(published[0]) / best


def _distance(size: int, divisor: int) -> float:
    """Tell how far a quotient is from a whole number."""
    rest = size % divisor / divisor
    return min(rest, 1 - rest)
