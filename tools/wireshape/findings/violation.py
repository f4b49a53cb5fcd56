"""A rule broken at one place, as values; findings/describe.py makes the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wireshape.catalog.field import Field
from wireshape.catalog.flatten import Schema
from wireshape.findings import rules
from wireshape.jsontext.paths import Absent
from wireshape.jsontext.positions import Position
from wireshape.model import InstancePath, Level


@dataclass(frozen=True, slots=True)
class SchemaNode:
    """What a contract asks of a value: its flat schema there."""

    schema: Schema

    @property
    def types(self) -> frozenset[str]:
        """The JSON types it allows, none where it does not say."""
        types = self.schema.get("type", ())
        return frozenset([types] if isinstance(types, str) else types)


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A value that stands in an answer or an example."""

    value: Any


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a field of a shape has."""

    field: Field


@dataclass(frozen=True, slots=True)
class RowShare:
    """How many rows of an array have a field."""

    having: int
    rows: int


Operand = SchemaNode | JsonValue | Field | Values | RowShare | Absent | str
"""One thing that was expected or is there; a string says it as an input or a data file words it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A rule broken at one path of one value, `count` times alike.

    `expected` and `actual` hold what should be there and what is, of several any one. `detail` takes the place of the
    rule's message where the rule leaves open what is wrong, `note` follows it. `field` is the collapsed path of a
    violation that a shape and no one value shows. `position` is set where the path alone does not tell the place, and
    `invariant` is the id of the invariant that is broken.
    """

    rule: str
    path: InstancePath = ()
    expected: tuple[Operand, ...] = ()
    actual: tuple[Operand, ...] = ()
    detail: str | None = None
    note: str | None = None
    count: int = 1
    field: str | None = None
    position: Position | None = None
    invariant: str | None = None

    @property
    def level(self) -> Level:
        """How much its rule matters."""
        return rules.get(self.rule).level
