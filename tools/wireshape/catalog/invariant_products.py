"""The relations of schemas/invariants.json that tie a size, a price and what they come to together.

Prices are rounded, so that what they come to is known to within one in their last place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from wireshape.catalog import amounts, invariant_equations
from wireshape.catalog.invariants import Invariant, Row
from wireshape.jsontext import paths
from wireshape.model import InstancePath

_SHORT = Decimal("1e-4")
"""The last place of a number that somebody chose, as sizes and settings are: one that was computed goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """What stands at the first of the paths is the product of what stands at the factors, plus what stands at the rest.

    `off` is by how much it is not, 0 where rounding explains that, up to `explained`. Signs do not matter if
    `unsigned`. `rate` is a factor that stands
    nowhere, if there is one.
    """

    field: InstancePath
    factors: tuple[InstancePath, ...]
    plus: tuple[InstancePath, ...]
    off: Decimal
    explained: Decimal
    unsigned: bool = False
    rate: Decimal | None = None

    @property
    def paths(self) -> tuple[InstancePath, ...]:
        """The places of all its amounts, likely ones first: totals at a rate, or the factors, which stand in no sum."""
        places = (*self.factors, *self.plus, self.field)
        return places if self.rate is None else places[::-1]


def of(invariant: Invariant, payload: Row) -> Iterator[Product]:
    """Yield the products of one invariant, those without an amount left out."""
    fields = invariant.fields
    for at, row in invariant_equations.places(invariant, payload):
        factors = [amounts.number(row.get(name)) for name in fields["factors"]]
        plus = [amounts.number(row.get(name)) for name in fields.get("plus", ())]
        whole = amounts.number(row.get(fields["field"]))
        if whole is None or None in factors or None in plus:
            continue
        known = [each for each in factors if each is not None]
        product = amounts.product(known)
        if fields.get("unsigned"):
            whole, product = abs(whole), abs(product)
        off = amounts.add([whole, -product, *(-each for each in plus if each is not None)])
        explained = _explained(invariant, row, known, whole)
        yield Product(
            field=(*at, fields["field"]),
            factors=tuple((*at, name) for name in fields["factors"]),
            plus=tuple((*at, name) for name in fields.get("plus", ())),
            off=off if abs(off) > explained else amounts.ZERO,
            explained=explained,
            unsigned=fields.get("unsigned", False),
        )


def _explained(invariant: Invariant, row: Row, factors: list[Decimal], whole: Decimal) -> Decimal:
    """Give by how much the factors that are rounded, each by one in its last place, and the result may be off.

    What is divided by is a rate of eight places for the exchange: one in the last of them makes `whole` times as much.
    """
    explained = 2 * amounts.UNIT
    for name in invariant.fields["rounded"]:
        number = invariant.fields["factors"].index(name)
        others = amounts.product(each for index, each in enumerate(factors) if index != number)
        explained = amounts.add([explained, abs(amounts.product([others, amounts.last_place(row[name])]))])
    for name in invariant.fields.get("divisors", ()):
        rate = amounts.product([factors[invariant.fields["factors"].index(name)], amounts.UNIT])
        explained = amounts.add([explained, abs(amounts.product([whole, rate]))])
    return explained


def would_hold(product: Product, suspect: InstancePath, payload: Row) -> Decimal:
    """Give what would stand at one of its places if all the others are right, cut to the eighth place."""
    there = amounts.number(paths.at(payload, suspect)) or amounts.ZERO
    missing = product.off
    if suspect == product.field:
        missing = product.off if product.unsigned and there < 0 else product.off.copy_negate()
    elif suspect in product.factors:
        missing = amounts.quotient(product.off, _others(product, suspect, payload))
    return amounts.rounded(amounts.add([there, missing]), amounts.UNIT) if missing.is_finite() else there


def fits(product: Product, suspect: InstancePath, payload: Row) -> bool:
    """Tell whether what would hold at one of its places is short, or no longer than what is there."""
    weight = _others(product, suspect, payload) if suspect in product.factors else Decimal(1)
    held = would_hold(product, suspect, payload)
    place = min(_SHORT, amounts.last_place(paths.at(payload, suspect)) or _SHORT)
    lost = amounts.add([held, amounts.rounded(held, place).copy_negate()])
    return bool(weight) and abs(amounts.product([lost, weight])) <= product.explained


def _others(product: Product, suspect: InstancePath, payload: Row) -> Decimal:
    places = (path for path in product.factors if path != suspect)
    return amounts.product(
        [
            Decimal(1) if product.rate is None else product.rate,
            *(amounts.number(paths.at(payload, path)) or amounts.ZERO for path in places),
        ]
    )
