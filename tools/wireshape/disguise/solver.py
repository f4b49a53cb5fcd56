"""Solves for new amounts that keep the relations of the old ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from wireshape.catalog.invariant_equations import Bound, Equation
from wireshape.disguise.amounts import Amount, Key
from wireshape.model import InstancePath

Form = tuple[dict[Key, Fraction], Fraction]
"""An amount by others: how often each, and what is added."""


# A relation is off by a unit of the 8th place per term at most; one off by more than this is none.
_SLACK = Fraction(1000, 10**8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """The amounts of one answer, which by kind and size are the unknowns, and what ties them together."""

    amounts: dict[InstancePath, tuple[str, Amount]]
    equations: tuple[Equation, ...]
    bounds: tuple[Bound, ...]

    def units(self, factor: Callable[[Key], Fraction]) -> dict[Key, Fraction]:
        """Give the coarsest unit in which each amount is written."""
        units: dict[Key, Fraction] = {}
        for kind, amount in self.amounts.values():
            if amount.size:
                key = (kind, amount.size)
                units[key] = max(units.get(key, Fraction(0)), amount.moved(factor(key)).unit)
        return units

    def terms(self, equation: Equation) -> tuple[dict[Key, int], Fraction] | None:
        """Give an equation over the unknowns and what it comes to; None where it does not hold, or not for amounts."""
        found = [(sign, *self.amounts[path]) for sign, path in equation if path in self.amounts]
        rest = sum((sign * amount.signed for sign, _, amount in found), Fraction(0))
        if len(found) < len(equation) or len({kind for _, kind, _ in found}) > 1 or abs(rest) > _SLACK:
            return None
        signs: dict[Key, int] = {}
        for sign, kind, amount in found:
            key = (kind, amount.size)
            signs[key] = signs.get(key, 0) + (-sign if amount.negative else sign)
        return {key: sign for key, sign in signs.items() if sign and key[1]}, rest


def solve(
    task: Task, known: dict[Key, Fraction], factor: Callable[[Key], Fraction], nudge: Callable[[Key], int]
) -> dict[Key, Fraction]:
    """Give each amount its new size: a multiple, rounded to its unit, unless a relation settles it.

    A relation keeps what it is off by: times the factor it could be off by more than anybody tolerates. Of its
    amounts the one in the finest unit, of those the largest, is settled by the others.
    """
    units = task.units(factor)
    solved = {key: known[key] for key, unit in units.items() if key in known and not known[key] % unit}
    rounding = _roundings(task)

    def free(key: Key) -> Fraction:
        steps = rounding.get(key, round)(key[1] * factor(key) / units[key]) + nudge(key)
        return max(steps, 1) * units[key]

    settled = _settled(task, {key: ({}, size) for key, size in solved.items()}, units)
    solved.update({key: free(key) for key in units if key not in settled})
    for key, (signs, rest) in settled.items():
        size = rest + sum(sign * solved[other] for other, sign in signs.items())
        solved[key] = size if size > 0 and not size % units[key] else free(key)
    return solved


def _settled(task: Task, known: dict[Key, Form], units: dict[Key, Fraction]) -> dict[Key, Form]:
    """Give each amount that the relations settle, by those they do not: elimination, exact, relation by relation."""
    settled = dict(known)
    for signs, rest in filter(None, map(task.terms, task.equations)):
        left, total = _substituted({key: Fraction(sign) for key, sign in signs.items()}, rest, settled)
        if not left:
            continue
        last = min(left, key=lambda key: (abs(left[key]) != 1, units[key], -key[1]))
        by = left.pop(last)
        mine: dict[Key, Form] = {last: ({key: -sign / by for key, sign in left.items()}, total / by)}
        for key, (others, constant) in settled.items():
            if last in others:
                replaced, moved = _substituted(others, -constant, mine)
                settled[key] = (replaced, -moved)
        settled |= mine
    return settled


def _substituted(signs: dict[Key, Fraction], total: Fraction, forms: dict[Key, Form]) -> Form:
    """Put forms in the place of unknowns in an equation: what is left on its one side, and on the other."""
    left: dict[Key, Fraction] = {}
    for key, sign in signs.items():
        others, constant = forms.get(key, ({key: Fraction(1)}, Fraction(0)))
        total -= sign * constant
        for other, factor in others.items():
            left[other] = left.get(other, Fraction(0)) + sign * factor
    return {key: sign for key, sign in left.items() if sign}, total


def _roundings(task: Task) -> dict[Key, Callable[[Fraction], int]]:
    """Round what is at most something down and what it is at most up, that neither's unit comes between them."""
    low = _keys(task, (path for path, _ in task.bounds))
    high = _keys(task, (path for _, path in task.bounds))
    return dict.fromkeys(low - high, floor) | dict.fromkeys(high - low, ceil)


def _keys(task: Task, paths: Iterable[InstancePath]) -> set[Key]:
    return {(kind, amount.size) for kind, amount in (task.amounts[path] for path in paths if path in task.amounts)}
