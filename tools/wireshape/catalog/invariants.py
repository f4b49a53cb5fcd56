"""What must add up inside one answer: the rows of schemas/invariants.json, in exact decimal arithmetic.

Values the contract refuses, or that are absent, are passed over: they are findings already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Context, Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson

from wireshape.errors import ContractError
from wireshape.model import Endpoint, InstancePath, Mode

Row = dict[str, Any]
Broken = tuple[InstancePath, str, str]
"""Where an invariant is broken, what would hold, and what is there."""

# Products are cut, not rounded, to 8 places: each term may be one unit of the last place off.
_UNIT = Decimal("1e-8")
# Wide enough for any amount seen; huge exponents become infinite instead of an error.
_EXACT = Context(prec=80, traps=[])


# What Decimal takes beyond this (blanks, underscores, digits of other scripts) the contract refuses.
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:E[-+]?[0-9]+)?")


@cache
def load(schemas: Path) -> tuple[Row, ...]:
    """Read the invariants of a schema folder; ContractError for a form that has no meaning here."""
    rows = tuple(orjson.loads((schemas / "invariants.json").read_bytes())["invariants"])
    for row in rows:
        if row["form"] not in _FORMS:
            raise ContractError(f"invariant {row['id']} has the unknown form {row['form']!r}")
    return rows


def broken(schemas: Path, endpoint: Endpoint, mode: Mode, payload: Any) -> Iterator[tuple[Row, Broken]]:
    """Yield every place where an invariant of this endpoint and mode does not hold."""
    if not isinstance(payload, dict):
        return
    facts = {"margin": mode.margin, "position": mode.position, "positions": endpoint.positions}
    for row in load(schemas):
        if all(facts[name] == wanted for name, wanted in row.get("when", {}).items()):
            for place in _FORMS[row["form"]](row, payload):
                yield row, place


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


def _where(payload: Row, rule: Row) -> tuple[int, Row] | None:
    wanted = rule["where"].items()
    return next(((i, row) for i, row in _each(payload, rule["each"]) if wanted <= row.items()), None)


def _numbers(row: Row, *fields: str) -> list[Decimal] | None:
    numbers = [number for field in fields if (number := _number(row.get(field))) is not None]
    return numbers if len(numbers) == len(fields) else None


def _sum(rule: Row, payload: Row) -> Iterator[Broken]:
    for index, row in _each(payload, rule["each"]):
        numbers = _numbers(row, rule["field"], *rule["terms"])
        if numbers is None:
            continue
        total = _add(numbers[1:])
        if abs(numbers[0] - total) > _UNIT * len(rule["terms"]):
            yield (rule["each"], index, rule["field"]), _plain(total), row[rule["field"]]


def _at_most(rule: Row, payload: Row) -> Iterator[Broken]:
    for index, row in _each(payload, rule["each"]):
        numbers = _numbers(row, rule["field"], rule["bound"])
        if numbers and numbers[0] > numbers[1]:
            yield (rule["each"], index, rule["field"]), f"at most {row[rule['bound']]}", row[rule["field"]]


def _unique(rule: Row, payload: Row) -> Iterator[Broken]:
    seen = set()
    for index, row in _each(payload, rule["each"]):
        value = row.get(rule["field"])
        if isinstance(value, str) and value in seen:
            yield (rule["each"], index, rule["field"]), "a value of its own", value
        elif isinstance(value, str):
            seen.add(value)


def _totals(rule: Row, payload: Row) -> Iterator[Broken]:
    found = _where(payload, rule)
    for total, field in rule["pairs"].items() if found else ():
        mine, theirs = _number(payload.get(total)), _number(found[1].get(field)) if found else None
        if mine is not None and theirs is not None and abs(mine - theirs) > _UNIT:
            yield (total,), _plain(theirs), payload[total]


def _empty_together(rule: Row, payload: Row) -> Iterator[Broken]:
    present = [field for field in rule["fields"] if isinstance(payload.get(field), str)]
    empty = [field for field in present if payload[field] == ""]
    if len(empty) < len(present):
        yield from (((field,), "an amount, as the other totals have", "") for field in empty)


def _remainder(rule: Row, payload: Row) -> Iterator[Broken]:
    found = _where(payload, rule)
    numbers = _numbers(found[1], rule["field"], rule["whole"]) if found else None
    if found is None or numbers is None:
        return
    patterns = {name: re.compile(pattern + r"\Z") for name, pattern in rule["parts-where"].items()}
    parts = [
        _number(row.get(rule["part"]))
        for _, row in _each(payload, rule["parts"])
        if all(pattern.search(str(row.get(name))) for name, pattern in patterns.items())
    ]
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return
    left = _EXACT.subtract(numbers[1], _add(known))
    if abs(numbers[0] - left) > _UNIT * len(known):
        yield (rule["each"], found[0], rule["field"]), _plain(left), found[1][rule["field"]]


def _equals(rule: Row, payload: Row) -> Iterator[Broken]:
    wanted = rule["value"]
    for index, row in _each(payload, rule["each"]):
        value = row.get(rule["field"])
        mine, other = (_number(value), _number(wanted)) if isinstance(wanted, str) else (value, wanted)
        if type(mine) is type(other) and mine != other:
            yield (rule["each"], index, rule["field"]), str(wanted).lower(), str(value).lower()


def _same_sign(rule: Row, payload: Row) -> Iterator[Broken]:
    for index, row in _each(payload, rule["each"]):
        numbers = _numbers(row, rule["field"], rule["like"])
        if numbers and _sign(numbers[0]) != _sign(numbers[1]):
            yield (rule["each"], index, rule["field"]), f"the sign of {row[rule['like']]}", row[rule["field"]]


def _positive_when(rule: Row, payload: Row) -> Iterator[Broken]:
    for index, row in _each(payload, rule["each"]):
        value = row.get(rule["field"])
        number = value if type(value) is int else _number(value)
        if number is not None and number <= 0 and _number(row.get(rule["when-nonzero"])):
            yield (rule["each"], index, rule["field"]), "more than 0", str(value)


def _not_empty(rule: Row, payload: Row) -> Iterator[Broken]:
    if payload.get(rule["each"]) == []:
        yield (rule["each"],), "at least one row", "none"


def _add(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return total


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def _plain(number: Decimal) -> str:
    return f"{number:f}" if abs(number.adjusted()) < 40 else str(number)  # noqa: PLR2004 - what still reads as an amount


_FORMS: dict[str, Callable[[Row, Row], Iterator[Broken]]] = {
    "sum": _sum,
    "at-most": _at_most,
    "unique": _unique,
    "totals": _totals,
    "empty-together": _empty_together,
    "remainder": _remainder,
    "equals": _equals,
    "same-sign": _same_sign,
    "positive-when": _positive_when,
    "not-empty": _not_empty,
}
