"""All that the exchange can be asked here: the endpoints of the catalogue, and what schemas/operations.json adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson

from wireshape.catalog.endpoints import Catalog
from wireshape.model import Endpoint, Operation

ACCOUNT, TIME, MODE, LOGON = "account", "time", "mode", "logon"
"""What calls are for: account is that of every endpoint of the catalogue, other operations state theirs."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Call:
    """One operation that only reads; `endpoint` is that of the catalogue, `tells` which members tell the mode."""

    id: str
    product: str
    transport: str
    operation: Operation
    signed: bool
    weight: int
    purpose: str
    tells: Mapping[str, str] = field(default_factory=dict)
    endpoint: Endpoint | None = None


@cache
def load(catalog: Catalog) -> tuple[Call, ...]:
    """Read the calls of a catalogue and of the operations beside it, in the order of their files."""
    rows = orjson.loads((catalog.schemas / "operations.json").read_bytes())["operations"]
    return (*map(_of_endpoint, catalog.endpoints), *map(_of_row, rows))


def _of_endpoint(endpoint: Endpoint) -> Call:
    return Call(
        id=endpoint.id,
        product=endpoint.product,
        transport=endpoint.transport,
        operation=endpoint.operation,
        signed=True,
        weight=endpoint.weight,
        purpose=ACCOUNT,
        endpoint=endpoint,
    )


def _of_row(row: dict[str, Any]) -> Call:
    return Call(**{**row, "operation": Operation(**row["operation"])})
