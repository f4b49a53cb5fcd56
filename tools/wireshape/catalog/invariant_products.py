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


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """What stands at the first of the paths is the product of what stands at the factors, plus what stands at the rest.

    `off` is by how much it is not, 0 where rounding explains that.
    """

    field: InstancePath
    factors: tuple[InstancePath, ...]
    plus: tuple[InstancePath, ...]
    off: Decimal

    @property
    def paths(self) -> tuple[InstancePath, ...]:
        """The places of all its amounts, factors first: of these, one alone may be wrong and no sum tells it."""
        return (*self.factors, *self.plus, self.field)


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
        yield Product(
            field=(*at, fields["field"]),
            factors=tuple((*at, name) for name in fields["factors"]),
            plus=tuple((*at, name) for name in fields.get("plus", ())),
            off=off if abs(off) > _explained(invariant, row, known) else amounts.ZERO,
        )


def _explained(invariant: Invariant, row: Row, factors: list[Decimal]) -> Decimal:
    """Give by how much the factors that are rounded, each by one in its last place, and the result may be off."""
    explained = 2 * amounts.UNIT
    for name in invariant.fields["rounded"]:
        number = invariant.fields["factors"].index(name)
        others = amounts.product(each for index, each in enumerate(factors) if index != number)
        explained = amounts.add([explained, abs(amounts.product([others, amounts.last_place(row[name])]))])
    return explained


def would_hold(product: Product, suspect: InstancePath, payload: Row) -> Decimal:
    """Give what would stand at one of its places if all the others are right, cut to the eighth place."""
    there = amounts.number(paths.at(payload, suspect)) or amounts.ZERO
    if suspect == product.field:
        return amounts.add([there, product.off.copy_negate()])
    if suspect in product.plus:
        return amounts.add([there, product.off])
    others = [amounts.number(paths.at(payload, path)) or amounts.ZERO for path in product.factors if path != suspect]
    missing = amounts.quotient(product.off, amounts.product(others))
    return amounts.add([there, missing]) if missing.is_finite() else there
