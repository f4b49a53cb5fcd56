"""Contracts: one flat schema per endpoint and mode, and what it says at a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from wireshape.catalog import history
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.flatten import Schema, flatten, identifier
from wireshape.catalog.history import State
from wireshape.jsontext import paths
from wireshape.model import Endpoint, InstancePath, Mode

ROW = 0
"""The step that stands for every row in a path of a contract."""


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The shape an answer is held to: of an endpoint in one mode, or of an error.

    As of a day, `absent` are the collapsed paths that were not there yet or no more, `optional` those of which nobody
    knows whether they were; the schema requires neither, and says of both what their values have to be.
    """

    file: Path
    absent: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @property
    def id(self) -> str | None:
        """The `$id` of the file; None where it has none."""
        return identifier(self.file)

    @cached_property
    def schema(self) -> Schema:
        """The flat schema of the whole answer, envelope included."""
        whole = flatten(self.file)
        free = self.absent | self.optional
        return _relaxed(whole, "", free) if free else whole

    def at(self, path: InstancePath) -> Schema:
        """Give the flat schema at an instance path, whatever its indices; empty where the contract says nothing."""
        node = self.schema
        for step in path:
            node = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step, {})
        return node

    def fields(self) -> list[InstancePath]:
        """List every field by its path with ROW for any index, one before those in it."""
        return list(_fields(self.schema, ()))

    def leaves(self) -> dict[InstancePath, Schema]:
        """Give every field that holds no other, by its path with ROW for any index."""
        return dict(_leaves(self.schema, ()))


@cache
def load(catalog: Catalog, endpoint: Endpoint, mode: Mode) -> Contract:
    """Give the contract of an endpoint in a mode, as of the day of the catalogue where it has one."""
    file = catalog.contract_file(endpoint, mode)
    if catalog.day is None:
        return Contract(file=file)
    states = {
        paths.join(endpoint.payload or "", path): interval.state(catalog.day)
        for path, interval in history.load(catalog.schemas).of_fields(endpoint, mode).items()
    }
    absent, optional = (
        frozenset(path for path, state in states.items() if state is wanted)
        for wanted in (State.ABSENT, State.OPTIONAL)
    )
    return Contract(file=file, absent=absent, optional=optional)


@cache
def error_contract(catalog: Catalog, endpoint: Endpoint) -> Contract:
    """Give the contract of an endpoint's error answers, which its transport fixes."""
    return Contract(file=catalog.schemas / endpoint.error)


def payload_path(endpoint: Endpoint, path: InstancePath) -> InstancePath:
    """Give a path inside the payload the same name over REST and WebSocket."""
    return path[1:] if endpoint.payload and len(path) > 1 and path[0] == endpoint.payload else path


def inside(endpoint: Endpoint, collapsed: frozenset[str]) -> frozenset[str]:
    """Give collapsed paths of a whole answer as they are named inside the payload."""
    return frozenset(path.removeprefix(f"{endpoint.payload}.") for path in collapsed)


def _relaxed(schema: Schema, at: str, free: frozenset[str]) -> Schema:
    """Give a flat schema that requires none of some collapsed paths."""
    relaxed = dict(schema)
    if "properties" in schema:
        fields = schema["properties"].items()
        relaxed["properties"] = {name: _relaxed(field, paths.join(at, name), free) for name, field in fields}
        relaxed["required"] = [name for name in schema.get("required", ()) if paths.join(at, name) not in free]
    if "items" in schema:
        relaxed["items"] = _relaxed(schema["items"], f"{at}{paths.ROWS}", free)
    return relaxed


def _fields(schema: Schema, at: InstancePath) -> Iterator[InstancePath]:
    for name, field in schema.get("properties", {}).items():
        yield (*at, name)
        yield from _fields(field, (*at, name))
    if "items" in schema:
        yield from _fields(schema["items"], (*at, ROW))


def _leaves(schema: Schema, at: InstancePath) -> Iterator[tuple[InstancePath, Schema]]:
    if "properties" in schema:
        for name, field in schema["properties"].items():
            yield from _leaves(field, (*at, name))
    elif "items" in schema:
        yield from _leaves(schema["items"], (*at, ROW))
    else:
        yield at, schema


@cache
def mode_dependent_paths(of_one_endpoint: tuple[Contract, ...]) -> tuple[InstancePath, ...]:
    """List the paths, with ROW for any index, where the modes of one endpoint allow different values."""
    leaves = [contract.leaves() for contract in of_one_endpoint]
    shared = [path for path in leaves[0] if all(path in each for each in leaves)]
    return tuple(path for path in shared if len({str(choices(each[path])) for each in leaves}) > 1)


def choices(schema: Schema) -> list[Any]:
    """Give the values a schema names, none where it names none."""
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))
