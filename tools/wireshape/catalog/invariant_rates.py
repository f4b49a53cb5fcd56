"""The relations of schemas/invariants.json that tie account totals to the one asset they are made of, at a rate."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from wireshape.catalog import amounts
from wireshape.catalog.invariant_products import Product
from wireshape.catalog.invariants import Invariant, Row
from wireshape.model import InstancePath

_WITNESSES = 3
"""Totals that have to have one rate before another is said to be without it."""


class _Pair(NamedTuple):
    """An account total and the amount of the asset that it is made of, with their places."""

    total: Decimal
    amount: Decimal
    total_path: InstancePath
    path: InstancePath

    def explained(self, rate: Decimal, known_by: Decimal) -> Decimal:
        """Give by how much the total may be off: a rate is known as far as the amount allows that it was taken of."""
        worth = amounts.quotient(self.amount, known_by)
        return amounts.product(
            [amounts.UNIT, amounts.add([Decimal(2), abs(worth), abs(rate), abs(amounts.product([worth, rate]))])]
        )


def of(invariant: Invariant, payload: Row) -> Iterator[Product]:
    """Yield that each total is the amount of the only asset that has any, times the rate that most of them have."""
    pairs = list(_pairs(invariant, payload))
    rated = [(_rate(each), each.amount) for each in pairs if each.amount]
    if not rated:
        return
    rate, known_by = max(rated, key=lambda each: _witnesses(pairs, *each))
    if _witnesses(pairs, rate, known_by) < _WITNESSES:
        return
    for each in pairs:
        off, explained = _off(each, rate), each.explained(rate, known_by)
        yield Product(
            field=each.total_path,
            factors=(each.path,),
            plus=(),
            off=off if abs(off) > explained else amounts.ZERO,
            explained=explained,
            rate=rate,
        )


def _pairs(invariant: Invariant, payload: Row) -> Iterator[_Pair]:
    """Yield the pairs of the only asset that has an amount in any of them; none where several have."""
    fields, beside = invariant.fields["pairs"], invariant.fields.get("beside", ())
    bearing = [
        (index, row)
        for index, row in invariant.rows(payload)
        if any(amounts.number(row.get(field)) for total, field in fields.items() if total not in beside)
    ]
    if len(bearing) != 1:
        return
    ((index, row),) = bearing
    for name, field in fields.items():
        total, amount = amounts.number(payload.get(name)), amounts.number(row.get(field))
        if total is not None and amount is not None and amounts.is_short(total) and amounts.is_short(amount):
            yield _Pair(total, amount, (name,), (invariant.each or "", index, field))


def _rate(pair: _Pair) -> Decimal:
    return amounts.ratio(pair.total, pair.amount)


def _off(pair: _Pair, rate: Decimal) -> Decimal:
    return amounts.add([pair.total, amounts.product([pair.amount, rate]).copy_negate()])


def _witnesses(pairs: list[_Pair], rate: Decimal, known_by: Decimal) -> int:
    return sum(bool(each.amount) and abs(_off(each, rate)) <= each.explained(rate, known_by) for each in pairs)
