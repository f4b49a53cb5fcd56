"""Makes single faults in answers: one field or row of one answer is changed, and all else stays."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wireshape.jsontext import paths
from wireshape.model import InstancePath

_AMOUNT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_ROWS = 3
"""Rows of an array that are tried beside those with a position."""
_COMING = 9_999_999_999_000


class FaultClass(StrEnum):
    """Whether a fault breaks the shape of an answer or only what its values say."""

    SHAPE = "shape"
    MEANING = "meaning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """An answer with one fault; a finding at one of the places tells of it."""

    fault: str
    fault_class: FaultClass
    path: InstancePath
    places: frozenset[str]
    value: Any


Change = Callable[[Any], Any]


def mutants(value: Any) -> Iterator[Mutant]:
    """Yield every single fault of an answer; of arrays some rows are tried, and all that hold a position."""
    for path, parent, key in _fields(value, ()):
        yield from _of_field(value, path, parent[key])
        yield from _of_object(value, path, parent, key)
    for path, rows in _arrays(value, ()):
        yield from _of_array(value, path, rows)


def _fields(value: Any, at: InstancePath) -> Iterator[tuple[InstancePath, Any, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield (*at, key), value, key
            yield from _fields(child, (*at, key))
    elif isinstance(value, list):
        for index, row in enumerate(value):
            if index < _ROWS or _open(row):
                yield from _fields(row, (*at, index))


def _open(row: Any) -> bool:
    return isinstance(row, dict) and str(row.get("positionAmt", "0")).strip("0.") != ""


def _arrays(value: Any, at: InstancePath) -> Iterator[tuple[InstancePath, list[Any]]]:
    for key, child in value.items() if isinstance(value, dict) else ():
        if isinstance(child, list):
            yield (*at, key), child
        yield from _arrays(child, (*at, key))


def _of_field(value: Any, path: InstancePath, old: Any) -> Iterator[Mutant]:
    for fault, new in _wrong_shapes(old):
        yield _set(value, path, fault, FaultClass.SHAPE, new)
    for fault, new in _wrong_meanings(path, old):
        yield _set(value, path, fault, FaultClass.MEANING, new)


def _wrong_shapes(old: Any) -> Iterator[tuple[str, Any]]:
    """Yield other types, and texts of a form that the type of value never has."""
    for fault, new in {"number": 1, "string": "x", "boolean": True, "null": None, "array": [], "object": {}}.items():
        if type(new) is not type(old):
            yield f"retype to {fault}", new
    if isinstance(old, str) and _AMOUNT.fullmatch(old):
        yield "comma", f"{old},0"
        yield "blank", f" {old}"
        yield "empty", ""
        yield "word", "NaN"
    elif isinstance(old, str):
        yield "lower case", old.lower()
        yield "line break", f"{old}\n"
    elif type(old) is int:
        yield "fraction", old + 0.5
        yield "negative", -1 - old


def _wrong_meanings(path: InstancePath, old: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(old, bool):
        yield "other truth", not old
    elif isinstance(old, str) and _AMOUNT.fullmatch(old):
        number = Decimal(old)
        unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
        yield "one in the last place", f"{number + unit:f}"
        if number:
            yield "other sign", f"{-number:f}"
            yield "ten times", f"{number * 10:f}"
            yield "nothing", "0"
        else:
            yield "something", f"{number + 7:f}"
    elif type(old) is int and path[-1] == "updateTime":
        yield "in the future", _COMING
        if old:
            yield "never", 0
    elif path[-1] == "positionSide":
        yield from ((f"side {side}", side) for side in ("BOTH", "LONG", "SHORT") if side != old)
    elif path[-1] == "symbol":
        yield "symbol of a client", f"{old[:3]}/USDT:USDT"
        yield "symbol of the other product", "BTCUSDT" if "USD_" in old else "BTCUSD_PERP"
    elif path[-1] == "asset":
        yield "unknown asset", "ZZZ"


def _of_object(value: Any, path: InstancePath, parent: dict[str, Any], key: str) -> Iterator[Mutant]:
    """Yield what happens to a field among the others of its object."""
    without = copy.deepcopy(value)
    del paths.at(without, path[:-1])[key]
    yield _mutant("drop", FaultClass.SHAPE, path, without)
    renamed = copy.deepcopy(value)
    inside = paths.at(renamed, path[:-1])
    inside[f"{key}X"] = inside.pop(key)
    yield _mutant("rename", FaultClass.SHAPE, path, renamed, (*path[:-1], f"{key}X"))
    names = list(parent)
    other = names[(names.index(key) + 1) % len(names)]
    if type(parent[key]) is str and type(parent[other]) is str and not _equal(parent[key], parent[other]):
        swapped = copy.deepcopy(value)
        inside = paths.at(swapped, path[:-1])
        inside[key], inside[other] = inside[other], inside[key]
        yield _mutant("swap", FaultClass.MEANING, path, swapped, (*path[:-1], other))


def _equal(one: str, other: str) -> bool:
    amounts = _AMOUNT.fullmatch(one) and _AMOUNT.fullmatch(other)
    return Decimal(one) == Decimal(other) if amounts else one == other


def _of_array(value: Any, path: InstancePath, rows: list[Any]) -> Iterator[Mutant]:
    if not rows:
        return
    for fault, new in {"no rows": [], "a row of no shape": [*rows, {}], "a row that is none": [*rows, None]}.items():
        fault_class = FaultClass.MEANING if fault == "no rows" else FaultClass.SHAPE
        yield _set(value, path, fault, fault_class, new)
    for index, row in enumerate(rows):
        if index < _ROWS or _open(row):
            yield _set(value, path, "row twice", FaultClass.MEANING, [*rows, copy.deepcopy(row)])
            yield _set(value, path, "row lost", FaultClass.MEANING, [*rows[:index], *rows[index + 1 :]])


def _set(value: Any, path: InstancePath, fault: str, fault_class: FaultClass, new: Any) -> Mutant:
    changed = copy.deepcopy(value)
    paths.at(changed, path[:-1])[path[-1]] = new
    return _mutant(fault, fault_class, path, changed)


def _mutant(fault: str, fault_class: FaultClass, path: InstancePath, value: Any, *others: InstancePath) -> Mutant:
    places = frozenset(map(paths.collapse, (path, *others)))
    return Mutant(fault=fault, fault_class=fault_class, path=path, places=places, value=value)
