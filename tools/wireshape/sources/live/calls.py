"""All that may ever be sent: the endpoints of the catalogue and the operations of schemas/operations.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from wireshape.catalog import Catalog
from wireshape.errors import UsageError
from wireshape.model import Endpoint, Operation

ACCOUNT, TIME, MODE, LOGON = "account", "time", "mode", "logon"
_READS = "GET"


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
    tells: Mapping[str, str]
    endpoint: Endpoint | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Calls:
    """The calls in the order of their files."""

    all: tuple[Call, ...]

    def of(self, product: str, purpose: str, transport: str = "rest") -> list[Call]:
        """List the calls of a product for one purpose."""
        wanted = (product, purpose, transport)
        return [call for call in self.all if (call.product, call.purpose, call.transport) == wanted]

    def require(self, product: str, transport: str, method: str, path: str) -> None:
        """Raise UsageError for whatever is none of these calls, or over HTTP does more than read."""
        known = any(
            (call.product, call.transport, call.operation.method, call.operation.path)
            == (product, transport, method, path)
            for call in self.all
        )
        if not known or (transport == "rest" and method != _READS):
            raise UsageError(f"not sent: {method} {path} is no read operation of {product} over {transport}")


@cache
def load(catalog: Catalog) -> Calls:
    """Read the calls of a catalogue and of the operations beside it."""
    rows = orjson.loads((catalog.schemas / "operations.json").read_bytes())["operations"]
    needed = [row for row in rows if row["purpose"] in {TIME, MODE, LOGON}]
    return Calls(all=(*map(_of_endpoint, catalog.endpoints), *map(_of_row, needed)))


def _of_endpoint(endpoint: Endpoint) -> Call:
    return Call(
        id=endpoint.id,
        product=endpoint.product,
        transport=endpoint.transport,
        operation=endpoint.operation,
        signed=True,
        weight=endpoint.weight,
        purpose=ACCOUNT,
        tells={},
        endpoint=endpoint,
    )


def _of_row(row: dict[str, Any]) -> Call:
    return Call(**{**row, "operation": Operation(**row["operation"])})
