"""Reads the strings and numbers of an answer: which of them are amounts, and what names each place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from wireshape.disguise import amounts, times
from wireshape.disguise.amounts import Amount
from wireshape.disguise.members import Members, Role
from wireshape.jsontext.scalars import Scalar, leaves
from wireshape.model import Endpoint, InstancePath

_WHOLE = re.compile(r"-?[0-9]+")
_FLAG = re.compile(r"-?[0-9]")
_MIN_IDENTIFIER = 9  # digits from which on a string of digits in a member named nowhere is no amount
_ROW_DEPTHS = (1, 2)  # of an array that is the payload, and of one in it


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A string or number: where it stands in the payload, what names that place in every answer, and the amount in it.

    `row` is the asset or symbol of the row it stands in, empty outside of rows. A member whose key comes again has no
    name, and a path of its own.
    """

    leaf: Scalar
    path: InstancePath
    name: tuple[str, ...]
    row: str
    amount: Amount | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The payload of an answer, and the members of the whole answer."""

    payload: Any
    members: tuple[Member, ...]

    def amounts(self) -> dict[InstancePath, Fraction]:
        """Give the amounts by their path, zeros too."""
        return {member.path: member.amount.signed for member in self.members if member.amount}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    name: tuple[str, ...]
    title: str


def read(endpoint: Endpoint, text: str, value: Any, members: Members) -> Reading:
    """Read an answer from its text and the value it was parsed to."""
    payload, under = payload_of(endpoint, value)
    rows = _rows(payload, members)
    found: dict[InstancePath, Member] = {}
    for leaf in leaves(text):
        path = leaf.path[len(under) :] if leaf.path[: len(under)] == under else ("", *leaf.path)
        if path in found:  # of a key that comes twice, readers take the last
            earlier = replace(found[path], path=(*path, found[path].leaf.start), name=())
            found[earlier.path] = earlier
        found[path] = _member(endpoint, leaf, path, rows, members)
    return Reading(payload=payload, members=tuple(found.values()))


def payload_of(endpoint: Endpoint, value: Any) -> tuple[Any, InstancePath]:
    """Give the payload of an answer, and the path it stands under."""
    if endpoint.payload and isinstance(value, dict) and endpoint.payload in value:
        return value[endpoint.payload], (endpoint.payload,)
    return value, ()


def _member(
    endpoint: Endpoint, leaf: Scalar, path: InstancePath, rows: Mapping[InstancePath, _Row], members: Members
) -> Member:
    name, title = path, ""
    for depth in _ROW_DEPTHS:
        if row := rows.get(path[:depth]):
            name, title = (*row.name, *path[depth:]), row.title
    return Member(
        leaf=leaf,
        path=path,
        name=(endpoint.product, *map(str, name)),
        row=title,
        amount=amounts.parse(leaf.text) if _is_amount(leaf, members) else None,
    )


def _is_amount(leaf: Scalar, members: Members) -> bool:
    """Tell what may be an amount; in a member named nowhere, what looks like an identifier is none."""
    role = members.roles.get(leaf.name)
    if role is not None:
        return role is Role.AMOUNT
    if is_flag(leaf.text) or not _WHOLE.fullmatch(leaf.text):
        return not is_flag(leaf.text)
    return len(leaf.text) < _MIN_IDENTIFIER if leaf.is_string else not times.is_time(leaf.text)


def is_flag(text: str) -> bool:
    """Tell a number of one digit: in a member named nowhere it says nothing of an account."""
    return bool(_FLAG.fullmatch(text))


def _rows(payload: Any, members: Members) -> dict[InstancePath, _Row]:
    """Name the rows of the payload's arrays by their asset or symbol, their side, and their number among equal ones."""
    arrays = {(key,): value for key, value in payload.items()} if isinstance(payload, dict) else {(): payload}
    rows: dict[InstancePath, _Row] = {}
    for at, array in arrays.items():
        seen: Counter[tuple[str, ...]] = Counter()
        for index, row in enumerate(array) if isinstance(array, list) else ():
            if isinstance(row, dict):
                titles = [str(row[each]) for each in members.row_names if each in row]
                name = (*at, *titles)
                seen[name] += 1
                rows[*at, index] = _Row(name=(*name, str(seen[name])), title=titles[0] if titles else "")
    return rows
