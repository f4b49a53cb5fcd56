"""Walks a value beside its contract: the keys of each kind of row, and where an integer was sent as a float."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wireshape.catalog.flatten import Schema
from wireshape.model import InstancePath


def rows(
    schema: Schema, value: Any, at: InstancePath = ()
) -> Iterator[tuple[Schema, Iterable[str], int, InstancePath]]:
    """Yield each distinct set of keys in value: the schema of the object, the keys, how often, and where first.

    Rows of one array mostly share their keys, so an array of 700 costs hardly more than one of 7.
    """
    if type(value) is dict:
        yield schema, value, 1, at
    elif type(value) is list and "items" in schema:
        found: dict[tuple[str, ...], list[int]] = {}
        for index, row in enumerate(value):
            if type(row) is dict:
                found.setdefault(tuple(row), []).append(index)
        for keys, indices in found.items():
            yield schema["items"], keys, len(indices), (*at, indices[0])
    for field, child, path in _containers(schema, value, at):
        yield from rows(field, child, path)


def floats(schema: Schema, value: Any, at: InstancePath = ()) -> Iterator[InstancePath]:
    """Yield the paths where the contract has an integer and the wire a number with a point or an exponent.

    JSON Schema counts 1.0 as an integer; the exchange never sends one and strict clients refuse it.
    """
    fields = schema.get("items", schema).get("properties", {})
    integers = [name for name, field in fields.items() if "integer" in field.get("type", ())]
    for path, node in _objects(value, at) if integers else ():
        for name in integers:
            if type(node.get(name)) is float:
                yield (*path, name)
    for field, child, path in _containers(schema, value, at):
        yield from floats(field, child, path)


def _objects(value: Any, at: InstancePath) -> Iterator[tuple[InstancePath, dict[str, Any]]]:
    """Yield an object itself, or the objects that are the rows of an array."""
    if type(value) is dict:
        yield at, value
    elif type(value) is list:
        for index, row in enumerate(value):
            if type(row) is dict:
                yield (*at, index), row


def _containers(schema: Schema, value: Any, at: InstancePath) -> Iterator[tuple[Schema, Any, InstancePath]]:
    """Yield the objects and arrays directly inside, with what the contract says of them."""
    fields = schema.get("items", schema).get("properties", {})
    nested = {name: field for name, field in fields.items() if "properties" in field or "items" in field}
    for path, node in _objects(value, at) if nested else ():
        for name, field in nested.items():
            if name in node:
                yield field, node[name], (*path, name)
