"""What ties the amounts of an answer together: equations and bounds, each as far as it holds in that answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from wireshape.catalog import invariant_equations
from wireshape.catalog.invariant_equations import Bound, Equation, Term
from wireshape.disguise.members import Members
from wireshape.disguise.names import SymbolParser
from wireshape.model import InstancePath

Json = dict[str, Any]
Amounts = Mapping[InstancePath, Fraction]

_UNIT = Fraction(1, 10**8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """Amounts with 1 or -1 that add up to something from least to most; None is no bound.

    Amounts of 0 are left out. A bound that is strict is not reached. `sums` is the place of the amount that is the sum
    of others, if there is one. An equation that is off by something has `slack`: it may be off by
    anything else from -slack to slack.
    """

    terms: tuple[Term, ...]
    least: Fraction | None
    most: Fraction | None
    strict: bool = False
    sums: InstancePath | None = None
    slack: Fraction | None = None


def gather(schemas: Path, members: Members, payload: Any, amounts: Amounts) -> list[Relation]:
    """List what holds among the amounts of a payload: the invariants of the catalog, and what accounts add up besides.

    An equation that is off by no more than rounding explains may be off so again; of two amounts that are compared, the
    lesser stays the lesser, and equal ones stay equal.
    """
    if not isinstance(payload, dict):
        return []
    equations = [*invariant_equations.equations(schemas, payload), *_sums(members, payload)]
    bounds = [*invariant_equations.bounds(schemas, payload), *_bounds(members, payload)]
    found = [_equation(each, amounts) or _sign(each, amounts) for each in equations]
    found += [_order(each, amounts) for each in bounds]
    return [relation for relation in found if relation]


def _equation(equation: Equation, amounts: Amounts) -> Relation | None:
    if any(path not in amounts for _, path in equation.terms):
        return None
    terms = tuple(term for term in equation.terms if amounts[term.path])
    rest, slack = _total(terms, amounts), _UNIT * equation.units
    if not terms or abs(rest) > slack:
        return None
    sums = equation.terms[0].path
    if not rest:
        return Relation(terms=terms, least=rest, most=rest, sums=sums)
    return Relation(terms=terms, least=-slack, most=slack, sums=sums, slack=slack)


def _sign(equation: Equation, amounts: Amounts) -> Relation | None:
    """Keep the sign of a sum that the answer leaves out: another answer of the same account may have it."""
    total, *parts = equation.terms
    if total.path in amounts or any(part.path not in amounts for part in parts):
        return None
    terms = tuple(Term(-part.sign, part.path) for part in parts if amounts[part.path])
    rest = _total(terms, amounts)
    if len(terms) < 2 or not rest:  # noqa: PLR2004 - one term has its sign already
        return None
    return _signed(terms, rest)


def _order(bound: Bound, amounts: Amounts) -> Relation | None:
    """Compare two amounts; with zero, an amount compares by its sign alone."""
    if not amounts.get(bound.path) or not amounts.get(bound.limit):
        return None
    terms = (Term(1, bound.path), Term(-1, bound.limit))
    return _signed(terms, _total(terms, amounts))


def _total(terms: tuple[Term, ...], amounts: Amounts) -> Fraction:
    return sum((sign * amounts[path] for sign, path in terms), Fraction(0))


def _signed(terms: tuple[Term, ...], rest: Fraction) -> Relation:
    """Keep the sign of what terms add up to."""
    zero = Fraction(0)
    return Relation(terms=terms, least=None if rest < 0 else zero, most=None if rest > 0 else zero, strict=bool(rest))


def _sums(members: Members, payload: Json) -> Iterator[Equation]:
    for rule in members.sums:
        for at in _places(payload, rule.each):
            yield _equation_of((*at, rule.field), [(*at, term) for term in rule.terms])
    yield from _column_sums(members, payload)


def _bounds(members: Members, payload: Json) -> Iterator[Bound]:
    for rule in members.bounds:
        for at in _places(payload, rule.each):
            yield Bound((*at, rule.field), (*at, rule.bound))


def _column_sums(members: Members, payload: Json) -> Iterator[Equation]:
    """Yield what an asset's row says against the sum of the positions that are settled in it."""
    rule, symbols = members.column_sums, SymbolParser(members.public)
    settled: dict[str, list[InstancePath]] = {}
    for at in _places(payload, rule.parts):
        symbol = payload[rule.parts][at[-1]].get(rule.symbol)
        if isinstance(symbol, str) and (asset := symbols.settlement(symbol)):
            settled.setdefault(asset, []).append(at)
    for at in _places(payload, rule.each):
        asset = payload[rule.each][at[-1]].get(rule.asset)
        parts = settled.pop(asset, []) if isinstance(asset, str) else []  # an asset that comes twice is no sum twice
        for field in rule.fields if parts else ():
            yield _equation_of((*at, field), [(*part, field) for part in parts])


def _equation_of(total: InstancePath, parts: list[InstancePath]) -> Equation:
    """Give the equation of a sum, each part of which may be cut to eight places."""
    return Equation(terms=(Term(1, total), *(Term(-1, part) for part in parts)), units=len(parts))


def _places(payload: Json, each: str | None) -> list[InstancePath]:
    """List where the objects are that a rule speaks of: the rows of an array, or the payload itself."""
    if each is None:
        return [()]
    rows = payload.get(each)
    return [(each, index) for index, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []
