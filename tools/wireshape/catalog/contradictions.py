"""Where the values of one answer contradict each other, by the invariants, in exact decimal arithmetic.

Values the contract refuses, or that are absent, are passed over: they are findings already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from wireshape.catalog import (
    amounts,
    array_checks,
    invariant_equations,
    invariant_products,
    invariant_rates,
    invariants,
    row_checks,
)
from wireshape.catalog.contradiction import Contradiction
from wireshape.catalog.invariant_equations import LINEAR, Equation
from wireshape.catalog.invariant_products import Product
from wireshape.catalog.invariants import Invariant, InvariantKind, Row
from wireshape.catalog.suspects import Suspects
from wireshape.jsontext import paths
from wireshape.model import Endpoint, InstancePath, Mode

_CLOCKS_APART = timedelta(days=1)
_COMPARING = {InvariantKind.AT_MOST, InvariantKind.LEAST_OF, InvariantKind.SAME_SIGN, InvariantKind.NEAR}
_LOST_IN_A_DISGUISE = {InvariantKind.PRODUCT, InvariantKind.NEAR, InvariantKind.RATE}
"""What ties sizes to prices, and totals to rates: a disguise draws them apart."""
_MODES = {"margin", "position"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one invariant says of a payload: where it is broken, and the sums or products that hold and that do not."""

    contradictions: tuple[Contradiction, ...] = ()
    sound: tuple[Equation | Product, ...] = ()
    broken: tuple[Equation | Product, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What was found in one payload, by the id of the invariant: most hold in every mode.

    Of a payload that is `disguised`, nothing is said that a disguise does not keep.
    """

    disguised: bool = False
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def find(
    schemas: Path, endpoint: Endpoint, mode: Mode, payload: Any, known: Known | None = None
) -> Iterator[Contradiction]:
    """Yield every place where an invariant of this endpoint and mode does not hold.

    A sum that does not add up is told of the amount in it that most others speak against, once for each amount.
    """
    outcomes = _outcomes(schemas, endpoint, mode, payload, known or Known())
    named = _named(outcomes, payload)
    certain = {path for path, each in named.items() if not each.invariant.doubt}
    told = {found.path for invariant, each in outcomes if not invariant.doubt for found in each.contradictions}
    for invariant, outcome in outcomes:
        for each in outcome.contradictions:
            # What is compared with an amount that is wrong is not wrong as well.
            if not (named.keys() if invariant.doubt else certain) & set(_compared(each)):
                yield each
        for path, each in named.items():
            # Of an amount that is wrong for certain, no doubt is told.
            if each.invariant is invariant and not (invariant.doubt and path in told):
                yield each


def _named(outcomes: Sequence[tuple[Invariant, Outcome]], payload: Any) -> dict[InstancePath, Contradiction]:
    """Name the amounts that are to blame for sums that do not add up, each by what leaves the least doubt."""
    if not any(each.broken for _, each in outcomes):
        return {}
    suspects = Suspects()
    for invariant, each in outcomes:
        telling = not invariant.doubt or invariant.kind is InvariantKind.NEAR
        compared = (tuple(_compared(found)) for found in each.contradictions if telling)
        suspects.add(
            sound=[relation.paths for relation in each.sound],
            broken=[*(relation.paths for relation in each.broken), *compared],
        )
    named: dict[InstancePath, Contradiction] = {}
    for invariant, each in outcomes:
        for relation in each.broken:
            path = suspects.of(relation.paths, _values(relation.paths, payload), partial(_fits, relation, payload))
            found = _unsound(invariant, payload, relation, path)
            before = named.setdefault(found.path, found)
            if before.invariant.doubt and not invariant.doubt:
                named[found.path] = found
    return named


def _compared(found: Contradiction) -> Iterator[InstancePath]:
    """Yield the places that an invariant compares; none for one that says something of a single amount."""
    fields = found.invariant.fields
    if found.invariant.kind in _COMPARING:
        names = [fields["field"], fields.get("bound"), fields.get("like"), *fields.get("of", ())]
        yield from ((*found.path[:-1], name) for name in names if name)


def against(schemas: Path, endpoint: Endpoint, mode: Mode, payload: Any, known: Known | None = None) -> int:
    """Count what speaks against a mode: contradictions to what holds in it and not in every mode.

    A row that is missing speaks of an answer that was cut, and against no mode.
    """
    return sum(
        len(outcome.contradictions) + len(outcome.broken)
        for invariant, outcome in _outcomes(schemas, endpoint, mode, payload, known or Known())
        if _MODES & invariant.when.keys() and invariant.kind is not InvariantKind.HAS_ROW
    )


def of_the_future(schemas: Path, payload: Any, recorded: date) -> Iterator[Contradiction]:
    """Yield the times of an answer that are after the day it was recorded, give or take a day."""
    end = datetime.combine(recorded, datetime.max.time(), UTC) + _CLOCKS_APART
    for invariant in invariants.load(schemas) if isinstance(payload, dict) else ():
        if invariant.kind is not InvariantKind.NOT_AFTER:
            continue
        name = invariant.fields["field"]
        for at, row in invariant_equations.places(invariant, payload):
            if type(row.get(name)) is int and row[name] > end.timestamp() * 1000:
                expected = f"not after {recorded}"
                yield Contradiction(invariant=invariant, path=(*at, name), expected=expected, actual=str(row[name]))


def applies(invariant: Invariant, endpoint: Endpoint, mode: Mode) -> bool:
    """Tell whether an invariant is about the answers of an endpoint in a mode."""
    facts = {
        "product": endpoint.product,
        "margin": mode.margin,
        "position": mode.position,
        "positions": endpoint.positions,
    }
    return all(facts[name] == wanted for name, wanted in invariant.when.items())


def outcome(invariant: Invariant, payload: Row) -> Outcome:
    """Hold one invariant against a payload."""
    if invariant.kind in LINEAR:
        return _sorted((each.equation, each.holds) for each in invariant_equations.of(invariant, payload))
    if invariant.kind is InvariantKind.PRODUCT:
        return _sorted((each, not each.off) for each in invariant_products.of(invariant, payload))
    if invariant.kind is InvariantKind.RATE:
        return _sorted((each, not each.off) for each in invariant_rates.of(invariant, payload))
    if invariant.kind in row_checks.ROW_CHECKS:
        return Outcome(contradictions=tuple(row_checks.find(invariant, payload)))
    if invariant.kind in array_checks.ARRAY_CHECKS:
        return Outcome(contradictions=tuple(array_checks.ARRAY_CHECKS[invariant.kind](invariant, payload)))
    return Outcome()


def _outcomes(
    schemas: Path, endpoint: Endpoint, mode: Mode, payload: Any, known: Known
) -> list[tuple[Invariant, Outcome]]:
    found = []
    for invariant in invariants.load(schemas) if isinstance(payload, dict) else ():
        lost = known.disguised and invariant.kind in _LOST_IN_A_DISGUISE
        if not lost and applies(invariant, endpoint, mode):
            if invariant.id not in known.outcomes:
                known.outcomes[invariant.id] = outcome(invariant, payload)
            found.append((invariant, known.outcomes[invariant.id]))
    return found


def _sorted(relations: Iterable[tuple[Equation | Product, bool]]) -> Outcome:
    sides: dict[bool, list[Equation | Product]] = {True: [], False: []}
    for relation, holds in relations:
        sides[holds].append(relation)
    return Outcome(sound=tuple(sides[True]), broken=tuple(sides[False]))


def _values(at: Sequence[InstancePath], payload: Row) -> list[Decimal]:
    return [amounts.number(paths.at(payload, path)) or amounts.ZERO for path in at]


def _fits(relation: Equation | Product, payload: Row, suspect: InstancePath) -> bool:
    return not isinstance(relation, Product) or invariant_products.fits(relation, suspect, payload)


def _sum(equation: Equation, payload: Row) -> Decimal:
    values = _values(equation.paths, payload)
    return amounts.add(value if term.sign > 0 else -value for term, value in zip(equation.terms, values, strict=True))


def _unsound(invariant: Invariant, payload: Row, broken: Equation | Product, suspect: InstancePath) -> Contradiction:
    """Say what would stand at the suspect if all else is right."""
    (there,) = _values([suspect], payload)
    if isinstance(broken, Product):
        expected = f"about {amounts.plain(invariant_products.would_hold(broken, suspect, payload))}"
    else:
        rest, sign = _sum(broken, payload), broken.terms[broken.paths.index(suspect)].sign
        expected = amounts.plain(amounts.add([there, -rest if sign > 0 else rest]))
    return Contradiction(invariant=invariant, path=suspect, expected=expected, actual=str(paths.at(payload, suspect)))
