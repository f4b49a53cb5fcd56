"""Lists what breaks a flat contract column by column: the values of one field in all rows, each different one once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain
from typing import Any, NamedTuple

import jsonschema_rs

from wireshape.catalog.contracts import Contract
from wireshape.catalog.flatten import Schema, constraints
from wireshape.check.failures import REQUIRED, TYPE, Failure, Failures, identity, kind_of
from wireshape.model import InstancePath

_INSIDE = {"properties", "items", REQUIRED}


class _Column(NamedTuple):
    """The values at one place of the contract, and the path of each by its number."""

    values: Sequence[Any]
    path: Callable[[int], InstancePath]


class _Alike(NamedTuple):
    """The number of the first of values alike, and how many there are."""

    first: int
    times: int


class _Node:
    """What a contract says at one place: of the value itself, of its members and of its rows."""

    def __init__(self, schema: Schema) -> None:
        self.required: Sequence[str] = schema.get(REQUIRED, ())
        self.members = {name: _Node(field) for name, field in schema.get("properties", {}).items()}
        self.rows = _Node(schema["items"]) if "items" in schema else None
        self._own = {key: value for key, value in schema.items() if key not in _INSIDE}
        self._others = {kind_of(key) for key in self._own if key != TYPE}

    def accepts(self, value: Any) -> bool:
        """Tell whether a value fits by itself, whatever it holds."""
        return self._whole.is_valid(_hollow(value))

    def broken(self, value: Any) -> set[str]:
        """Name what a value that does not fit breaks; where its type is wrong, nothing else matters."""
        value = _hollow(value)
        if not self._typed.is_valid(value):
            return {TYPE}
        if len(self._others) == 1:
            return self._others
        return {kind_of(_keyword(error.schema_path)) for error in self._whole.iter_errors(value)}

    @cached_property
    def _whole(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self._own)

    @cached_property
    def _typed(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator({key: each for key, each in self._own.items() if key == TYPE})


def failures(contract: Contract, value: Any) -> list[Failure]:
    """List what breaks a contract, in the order of the value."""
    found = Failures()
    _visit(_tree(contract), _Column([value], lambda _: ()), found)
    return found.ordered()


@cache
def _tree(contract: Contract) -> _Node:
    return _Node(constraints(contract.schema))


def _visit(node: _Node, column: _Column, found: Failures) -> None:
    """Add what is wrong with the values of a column, then with what they hold."""
    values = column.values
    for alike in _refused(node, values):
        for keyword in node.broken(values[alike.first]):
            found.add(column.path(alike.first), keyword, values[alike.first], alike.times)
    if node.members or node.required:
        _visit_members(node, _selected(column, dict), found)
    if node.rows:
        rows = _rows(_selected(column, list))
        if rows.values:
            _visit(node.rows, rows, found)


def _refused(node: _Node, values: Sequence[Any]) -> Iterator[_Alike]:
    """Yield the values that do not fit, those alike once."""
    keys = values if set(map(type, values)) == {str} else list(map(identity, values))
    last = len(keys) - 1
    first = dict(zip(reversed(keys), range(last, -1, -1), strict=True))
    refused = sorted(number for number in first.values() if not node.accepts(values[number]))
    counts = Counter(keys) if refused else Counter()
    for number in refused:
        yield _Alike(number, counts[keys[number]])


def _visit_members(node: _Node, objects: _Column, found: Failures) -> None:
    rows, path = objects
    for name in node.required:
        lacking = [number for number, row in enumerate(rows) if name not in row]
        if lacking:
            found.add((*path(lacking[0]), name), REQUIRED, times=len(lacking))
    for name, member in node.members.items():
        having = [number for number, row in enumerate(rows) if name in row]
        if having:
            _visit(member, _member(objects, name, having), found)


def _member(objects: _Column, name: str, having: Sequence[int]) -> _Column:
    rows, path = objects
    return _Column([rows[number][name] for number in having], lambda number: (*path(having[number]), name))


def _selected(column: _Column, kind: type) -> _Column:
    """Give the objects of a column, or its arrays."""
    numbers = [number for number, value in enumerate(column.values) if type(value) is kind]
    if len(numbers) == len(column.values):
        return column
    return _Column([column.values[number] for number in numbers], lambda number: column.path(numbers[number]))


def _rows(arrays: _Column) -> _Column:
    """Give the rows of all arrays as one column."""
    ends = list(accumulate(map(len, arrays.values)))

    def path(number: int) -> InstancePath:
        array = bisect_right(ends, number)
        return (*arrays.path(array), number - (ends[array] - len(arrays.values[array])))

    return _Column(list(chain.from_iterable(arrays.values)), path)


def _hollow(value: Any) -> Any:
    """Give a container without what it holds, which is looked at by itself."""
    return {} if type(value) is dict else [] if type(value) is list else value


def _keyword(schema_path: list[str | int]) -> str:
    return next(part for part in reversed(schema_path) if isinstance(part, str))
