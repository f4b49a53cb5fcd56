"""Where the values of one answer contradict each other, by the invariants, in exact decimal arithmetic.

Values the contract refuses, or that are absent, are passed over: they are findings already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from wireshape.catalog import invariants
from wireshape.catalog.invariants import Invariant, InvariantKind, Row
from wireshape.model import Endpoint, InstancePath, Mode

# Products are cut, not rounded, to 8 places: each term may be one unit of the last place off.
_UNIT = Decimal("1e-8")
# Wide enough for any amount seen; huge exponents become infinite instead of an error.
_EXACT = Context(prec=80, traps=[])
# What Decimal takes beyond this (blanks, underscores, digits of other scripts) the contract refuses.
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:E[-+]?[0-9]+)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """Where an invariant does not hold: the path from the payload, what would hold in words, and what is there."""

    invariant: Invariant
    path: InstancePath
    expected: str
    actual: str


Known = dict[str, list[Contradiction]]
"""What was found in one payload, by the id of the invariant."""


def find(
    schemas: Path, endpoint: Endpoint, mode: Mode, payload: Any, known: Known | None = None
) -> Iterator[Contradiction]:
    """Yield every place where an invariant of this endpoint and mode does not hold.

    `known` keeps what was found in this payload for other modes: most invariants hold in each.
    """
    if not isinstance(payload, dict):
        return
    known = {} if known is None else known
    facts = {"margin": mode.margin, "position": mode.position, "positions": endpoint.positions}
    for invariant in invariants.load(schemas):
        if all(facts[name] == wanted for name, wanted in invariant.when.items()):
            if invariant.id not in known:
                known[invariant.id] = list(_CHECKS[invariant.kind](invariant, payload))
            yield from known[invariant.id]


def _number(value: Any) -> Decimal | None:
    return _parsed(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)  # most amounts of most answers are a handful of zeros
def _parsed(value: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(value):
        return None
    number = _EXACT.create_decimal(value)
    return number if number.is_finite() else None


def _each(payload: Row, name: str) -> Iterator[tuple[int, Row]]:
    rows = payload.get(name)
    if isinstance(rows, list):
        yield from ((index, row) for index, row in enumerate(rows) if isinstance(row, dict))


def _where(payload: Row, fields: Mapping[str, Any]) -> tuple[int, Row] | None:
    wanted = fields["where"].items()
    return next(((i, row) for i, row in _each(payload, fields["each"]) if wanted <= row.items()), None)


def _numbers(row: Row, *fields: str) -> list[Decimal] | None:
    numbers = []
    for field in fields:
        number = _number(row.get(field))
        if number is None:
            return None
        numbers.append(number)
    return numbers


def _sum(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each, field, terms = itemgetter("each", "field", "terms")(invariant.fields)
    for index, row in _each(payload, each):
        numbers = _numbers(row, field, *terms)
        if numbers is None:
            continue
        total = _add(numbers[1:])
        if abs(numbers[0] - total) > _UNIT * len(terms):
            yield _contradiction(invariant, (each, index, field), _plain(total), row[field])


def _at_most(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each, field, bound = itemgetter("each", "field", "bound")(invariant.fields)
    for index, row in _each(payload, each):
        numbers = _numbers(row, field, bound)
        if numbers and numbers[0] > numbers[1]:
            yield _contradiction(invariant, (each, index, field), f"at most {row[bound]}", row[field])


def _unique(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each, field = itemgetter("each", "field")(invariant.fields)
    seen = set()
    for index, row in _each(payload, each):
        value = row.get(field)
        if isinstance(value, str) and value in seen:
            yield _contradiction(invariant, (each, index, field), "a value of its own", value)
        elif isinstance(value, str):
            seen.add(value)


def _totals(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    found = _where(payload, invariant.fields)
    for total, field in invariant.fields["pairs"].items() if found else ():
        mine, theirs = _number(payload.get(total)), _number(found[1].get(field)) if found else None
        if mine is not None and theirs is not None and abs(mine - theirs) > _UNIT:
            yield _contradiction(invariant, (total,), _plain(theirs), payload[total])


def _empty_together(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    present = [field for field in invariant.fields["fields"] if isinstance(payload.get(field), str)]
    empty = [field for field in present if payload[field] == ""]
    for field in empty if len(empty) < len(present) else ():
        yield _contradiction(invariant, (field,), "an amount, as the other totals have", "")


def _remainder(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    fields = invariant.fields
    found = _where(payload, fields)
    numbers = _numbers(found[1], fields["field"], fields["whole"]) if found else None
    if found is None or numbers is None:
        return
    patterns = {name: re.compile(pattern + r"\Z") for name, pattern in fields["parts-where"].items()}
    parts = [
        _number(row.get(fields["part"]))
        for _, row in _each(payload, fields["parts"])
        if all(pattern.search(str(row.get(name))) for name, pattern in patterns.items())
    ]
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return
    left = _EXACT.subtract(numbers[1], _add(known))
    if abs(numbers[0] - left) > _UNIT * len(known):
        index, row = found
        path = (fields["each"], index, fields["field"])
        yield _contradiction(invariant, path, _plain(left), row[fields["field"]])


def _equals(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each, field, wanted = itemgetter("each", "field", "value")(invariant.fields)
    for index, row in _each(payload, each):
        value = row.get(field)
        mine, other = (_number(value), _number(wanted)) if isinstance(wanted, str) else (value, wanted)
        if type(mine) is type(other) and mine != other:
            yield _contradiction(invariant, (each, index, field), str(wanted).lower(), str(value).lower())


def _same_sign(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each, field, like = itemgetter("each", "field", "like")(invariant.fields)
    for index, row in _each(payload, each):
        numbers = _numbers(row, field, like)
        if numbers and _sign(numbers[0]) != _sign(numbers[1]):
            yield _contradiction(invariant, (each, index, field), f"the sign of {row[like]}", row[field])


def _positive_when(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each, field, nonzero = itemgetter("each", "field", "when-nonzero")(invariant.fields)
    for index, row in _each(payload, each):
        value = row.get(field)
        number = value if type(value) is int else _number(value)
        if number is not None and number <= 0 and _number(row.get(nonzero)):
            yield _contradiction(invariant, (each, index, field), "more than 0", str(value))


def _not_empty(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    each = invariant.fields["each"]
    if payload.get(each) == []:
        yield _contradiction(invariant, (each,), "at least one row", "none")


def _contradiction(invariant: Invariant, path: InstancePath, expected: str, actual: str) -> Contradiction:
    return Contradiction(invariant=invariant, path=path, expected=expected, actual=actual)


def _add(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return total


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def _plain(number: Decimal) -> str:
    return f"{number:f}" if abs(number.adjusted()) < 40 else str(number)  # noqa: PLR2004 - what still reads as an amount


_CHECKS: dict[InvariantKind, Callable[[Invariant, Row], Iterator[Contradiction]]] = {
    InvariantKind.SUM: _sum,
    InvariantKind.AT_MOST: _at_most,
    InvariantKind.UNIQUE: _unique,
    InvariantKind.TOTALS: _totals,
    InvariantKind.EMPTY_TOGETHER: _empty_together,
    InvariantKind.REMAINDER: _remainder,
    InvariantKind.EQUALS: _equals,
    InvariantKind.SAME_SIGN: _same_sign,
    InvariantKind.POSITIVE_WHEN: _positive_when,
    InvariantKind.NOT_EMPTY: _not_empty,
}
