"""Walks a value beside its contract: the keys of each kind of row, and where an integer was sent as a float."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from wireshape.catalog.flatten import Schema
from wireshape.model import InstancePath


@dataclass(frozen=True, slots=True)
class Rows:
    """Objects of one array, or one object alone, that share their keys: the first of them, its path, how many."""

    schema: Schema
    first: dict[str, Any]
    path: InstancePath
    count: int


class _Node(NamedTuple):
    schema: Schema
    value: Any
    path: InstancePath


def rows(schema: Schema, value: Any) -> Iterator[Rows]:
    """Yield each distinct set of keys in value with the schema of its objects.

    Rows of one array mostly share their keys, so an array of 700 costs hardly more than one of 7.
    """
    yield from _rows(_Node(schema, value, ()))


def _rows(node: _Node) -> Iterator[Rows]:
    schema, value, path = node
    if type(value) is dict:
        yield Rows(schema, value, path, 1)
    elif type(value) is list and "items" in schema:
        found: dict[tuple[str, ...], list[int]] = {}
        for index, row in enumerate(value):
            if type(row) is dict:
                found.setdefault(tuple(row), []).append(index)
        for indices in found.values():
            yield Rows(schema["items"], value[indices[0]], (*path, indices[0]), len(indices))
    for child in _containers(node):
        yield from _rows(child)


def floats(schema: Schema, value: Any) -> Iterator[InstancePath]:
    """Yield the paths where the contract has an integer and the wire a number with a point or an exponent.

    JSON Schema counts 1.0 as an integer; the exchange never sends one and strict clients refuse it.
    """
    yield from _floats(_Node(schema, value, ()))


def _floats(node: _Node) -> Iterator[InstancePath]:
    integers = [name for name, field in _fields(node.schema).items() if "integer" in field.get("type", ())]
    for each in _objects(node) if integers else ():
        for name in integers:
            if type(each.value.get(name)) is float:
                yield (*each.path, name)
    for child in _containers(node):
        yield from _floats(child)


def _fields(schema: Schema) -> dict[str, Schema]:
    fields: dict[str, Schema] = schema.get("items", schema).get("properties", {})
    return fields


def _objects(node: _Node) -> Iterator[_Node]:
    """Yield an object itself, or the objects that are the rows of an array."""
    schema, value, path = node
    if type(value) is dict:
        yield node
    elif type(value) is list:
        for index, row in enumerate(value):
            if type(row) is dict:
                yield _Node(schema, row, (*path, index))


def _containers(node: _Node) -> Iterator[_Node]:
    """Yield the objects and arrays directly inside, with what the contract says of them."""
    nested = {name: each for name, each in _fields(node.schema).items() if "properties" in each or "items" in each}
    for inside in _objects(node) if nested else ():
        for name, field in nested.items():
            if name in inside.value:
                yield _Node(field, inside.value[name], (*inside.path, name))
