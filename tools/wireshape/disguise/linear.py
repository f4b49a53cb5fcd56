"""Linear relations between whole numbers, and the elimination of unknowns from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import gcd, inf
from typing import NamedTuple


class Contradiction(Exception):  # noqa: N818 - the way back out of a dead end, and no error
    """No numbers fit, or none with what was drawn so far."""


class Term(NamedTuple):
    """How often an unknown counts."""

    times: int
    unknown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Linear:
    """Terms that add up to something from least to most; None is no bound.

    An equation has a total. Where other equations settle its terms, anything from least to most will do.
    """

    terms: tuple[Term, ...]
    least: int | None
    most: int | None
    total: int | None = None

    @property
    def width(self) -> float:
        """How far apart its bounds are."""
        return inf if self.least is None or self.most is None else self.most - self.least

    def allows(self, total: int) -> bool:
        """Tell whether the terms may add up to that."""
        return (self.least is None or total >= self.least) and (self.most is None or total <= self.most)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """Unknowns, how often each counts, and a number that is added."""

    terms: dict[int, int] = field(default_factory=dict)
    constant: int = 0

    def value(self, values: Mapping[int, int]) -> int:
        """Give its value where the unknowns have these."""
        return self.constant + sum(times * values[unknown] for unknown, times in self.terms.items())

    def between(self, least: int | None, most: int | None) -> Linear:
        """Give the relation that it is from least to most."""
        return Linear(
            terms=tuple(Term(times, unknown) for unknown, times in self.terms.items()),
            least=None if least is None else least - self.constant,
            most=None if most is None else most - self.constant,
        )


Expressions = dict[int, Expression]


def eliminated(
    equations: Iterable[Linear], known: Mapping[int, int], order: Callable[[int], tuple[int, ...]]
) -> Expressions:
    """Express as many unknowns by the others as there are equations; Contradiction where these contradict each other.

    Of an equation's unknowns, the first by the order is expressed. Known numbers are expressed by themselves.
    """
    found: Expressions = {unknown: Expression(constant=value) for unknown, value in known.items()}
    used: dict[int, set[int]] = {}  # in the expressions of which others an unknown counts
    for equation in equations:
        left = substituted(Expression(terms=_terms(equation)), found)
        if not left.terms:
            if not equation.allows(left.constant):
                raise Contradiction
            continue
        pivot, expression = _solved(replace(left, constant=left.constant - (equation.total or 0)), order)
        single = {pivot: expression}
        for other in used.pop(pivot, set()):
            found[other] = substituted(found[other], single)
            for unknown in expression.terms:
                used.setdefault(unknown, set()).add(other)
        found[pivot] = expression
        for unknown in expression.terms:
            used.setdefault(unknown, set()).add(pivot)
    return found


def substituted(expression: Expression, found: Mapping[int, Expression]) -> Expression:
    """Put expressions in the place of unknowns."""
    terms: dict[int, int] = {}
    constant = expression.constant
    for unknown, times in expression.terms.items():
        known = found.get(unknown)
        constant += times * known.constant if known else 0
        for other, count in known.terms.items() if known else ((unknown, 1),):
            terms[other] = terms.get(other, 0) + times * count
    return Expression(terms={unknown: times for unknown, times in terms.items() if times}, constant=constant)


def _terms(equation: Linear) -> dict[int, int]:
    terms: dict[int, int] = {}
    for times, unknown in equation.terms:
        terms[unknown] = terms.get(unknown, 0) + times
    return terms


def _solved(zero: Expression, order: Callable[[int], tuple[int, ...]]) -> tuple[int, Expression]:
    """Solve for an unknown that counts once in what is to be 0."""
    divisor = gcd(*zero.terms.values())
    if zero.constant % divisor:
        raise Contradiction
    terms = {unknown: times // divisor for unknown, times in zero.terms.items()}
    candidates = [unknown for unknown, times in terms.items() if abs(times) == 1]
    if not candidates:
        raise Contradiction
    pivot = min(candidates, key=order)
    sign = terms.pop(pivot)
    others = {unknown: -sign * times for unknown, times in terms.items()}
    return pivot, Expression(terms=others, constant=-sign * (zero.constant // divisor))
