"""Where one object of an answer breaks an invariant: a row of an array, or the account itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from wireshape.catalog import amounts
from wireshape.catalog.amounts import number, sign
from wireshape.catalog.contradiction import Contradiction
from wireshape.catalog.invariants import Invariant, InvariantKind, Row
from wireshape.model import InstancePath

_PLAIN = frozenset({str, int, bool, type(None)})


class Broken(NamedTuple):
    """A field that breaks an invariant, and what it should be, in words."""

    field: str
    expected: str


def find(invariant: Invariant, payload: Row) -> Iterator[Contradiction]:
    """Yield where an invariant of one object does not hold; rows that are alike are looked at once."""
    check, deciding = ROW_CHECKS[invariant.kind], names(invariant)
    rows: Iterable[tuple[InstancePath, Row]] = [((), payload)]
    if invariant.each is not None:
        rows = (((invariant.each, index), row) for index, row in invariant.rows(payload))
    sound: set[Hashable] = set()
    for at, row in rows:
        values = tuple(map(row.get, deciding))
        types = tuple(map(type, values))
        plain = _PLAIN.issuperset(types)
        key = (values, types)  # a truth is not the number it equals
        if plain and key in sound:
            continue
        broken = _blamed(invariant, check(invariant.fields, row)) if invariant.condition.holds(row) else []
        if plain and not broken:
            sound.add(key)
        for field, expected in broken:
            actual = str(row[field]).lower() if isinstance(row[field], bool) else str(row[field])
            yield Contradiction(invariant=invariant, path=(*at, field), expected=expected, actual=actual)


def _blamed(invariant: Invariant, found: Iterator[Broken]) -> list[Broken]:
    """Name the field on which an invariant depends instead of several that break it: that one is wrong, not they."""
    broken, asked = list(found), invariant.condition
    if len(broken) > 1 and len(asked.zero) == 1:
        return [Broken(asked.zero[0], "not 0")]
    return broken


def names(invariant: Invariant) -> list[str]:
    """List the fields that decide whether an invariant of one object holds."""
    fields = invariant.fields
    single = [fields[key] for key in ("field", "bound", "like", "by", "witness") if key in fields]
    return [*single, *fields.get("fields", ()), *fields.get("of", ()), *invariant.condition.names]


def _at_most(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    mine, bound = number(row.get(fields["field"])), number(row.get(fields["bound"]))
    if mine is not None and bound is not None and mine > bound:
        yield Broken(fields["field"], f"at most {row[fields['bound']]}")


def _least_of(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    mine = number(row.get(fields["field"]))
    others = [each for name in fields["of"] if (each := number(row.get(name))) is not None]
    if mine is None or len(others) < len(fields["of"]):
        return
    least = max(amounts.ZERO, min(others))
    if mine != least:
        yield Broken(fields["field"], amounts.plain(least))


def _equals(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    value, wanted = row.get(fields["field"]), fields["value"]
    mine, other = (number(value), number(wanted)) if isinstance(wanted, str) else (value, wanted)
    if type(mine) is type(other) and mine != other:
        yield Broken(fields["field"], str(wanted).lower())


def _same_sign(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    mine, other = number(row.get(fields["field"])), number(row.get(fields["like"]))
    if mine is not None and other is not None and sign(mine) != sign(other):
        yield Broken(fields["field"], f"the sign of {row[fields['like']]}")


def _sign_by(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    """Look at a sign that another field has decided."""
    mine, by = number(row.get(fields["field"])), row.get(fields["by"])
    wanted = fields["signs"].get(by) if isinstance(by, str) else None
    if mine is not None and wanted and sign(mine) == -wanted:
        witness = number(row.get(fields.get("witness", "")))
        if witness is not None and isinstance(by, str) and sign(witness) == sign(mine):
            yield Broken(fields["by"], next(name for name, each in fields["signs"].items() if each != wanted))
        else:
            yield Broken(fields["field"], "0 or more" if wanted > 0 else "0 or less")


def _positive(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    for field in fields["fields"]:
        mine = number(row.get(field))
        if mine is not None and mine <= 0:
            yield Broken(field, "more than 0")


def _not_negative(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    for field in fields["fields"]:
        mine = number(row.get(field))
        if mine is not None and mine < 0:
            yield Broken(field, "0 or more")


def _zero(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    for field in fields["fields"]:
        if number(row.get(field)):
            yield Broken(field, "0")


def _within(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    mine = number(row.get(fields["field"]))
    if mine is not None and not fields["least"] <= mine <= fields["most"]:
        yield Broken(fields["field"], f"{fields['least']} to {fields['most']}")


def _near(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    mine, other, times = number(row.get(fields["field"])), number(row.get(fields["like"])), fields["times"]
    if mine is not None and other and not 1 <= amounts.quotient(amounts.product([mine, times]), other) <= times * times:
        yield Broken(fields["field"], f"less than {times} times away from {row[fields['like']]}")


def _form(fields: Mapping[str, Any], row: Row) -> Iterator[Broken]:
    value = row.get(fields["field"])
    if isinstance(value, str) and not re.fullmatch(fields["pattern"], value):
        yield Broken(fields["field"], fields["like-this"])


ROW_CHECKS: dict[InvariantKind, Callable[[Mapping[str, Any], Row], Iterator[Broken]]] = {
    InvariantKind.AT_MOST: _at_most,
    InvariantKind.LEAST_OF: _least_of,
    InvariantKind.EQUALS: _equals,
    InvariantKind.SAME_SIGN: _same_sign,
    InvariantKind.SIGN_BY: _sign_by,
    InvariantKind.POSITIVE: _positive,
    InvariantKind.NOT_NEGATIVE: _not_negative,
    InvariantKind.ZERO: _zero,
    InvariantKind.WITHIN: _within,
    InvariantKind.NEAR: _near,
    InvariantKind.FORM: _form,
}
"""The kinds that say something of one object."""
