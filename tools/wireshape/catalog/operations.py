"""All that the exchange can be asked here, and its limits: the catalogue, and what schemas/operations.json adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files
from wireshape.catalog.endpoints import Catalog
from wireshape.model import Endpoint, Operation

_FILE = "operations.json"


class Transport(StrEnum):
    """What live runs and the loopback exchange speak."""

    REST = "rest"
    WS = "ws"


class Purpose(StrEnum):
    """What a call is for: ACCOUNT is that of every endpoint of the catalogue, other operations state theirs."""

    ACCOUNT = "account"
    TIME = "time"
    PING = "ping"
    EXCHANGE_INFO = "exchange-info"
    MODE = "mode"
    LOGON = "logon"
    SESSION = "session"
    LOGOUT = "logout"


class ModePart(StrEnum):
    """The two parts of an account mode."""

    MARGIN = "margin"
    POSITION = "position"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Call:
    """One operation that only reads; `tells` maps members of the answer to the part of the mode they tell."""

    id: str
    product: str
    transport: str
    operation: Operation
    signed: bool
    weight: int
    purpose: Purpose
    tells: Mapping[str, ModePart] = field(default_factory=dict)
    endpoint: Endpoint | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What the exchange documents of its limits: request weights, and milliseconds of clock.

    `weight` is per minute and address, `handshake` that of opening a WebSocket. `window` is the recvWindow of a request
    that states none, and from `ahead` on a timestamp is refused for being ahead of the exchange.
    """

    weight: int
    handshake: int
    window: int
    longest_window: int
    ahead: int


@cache
def load(catalog: Catalog) -> tuple[Call, ...]:
    """Read the calls of a catalogue, those of retired endpoints left out, and of the operations beside it."""
    rows = data_files.read(catalog.schemas, _FILE)["operations"]
    return (*map(_of_endpoint, catalog.answering), *map(_of_row, rows))


@cache
def limits(schemas: Path) -> Limits:
    """Read the documented limits of a schema folder."""
    stated = data_files.read(schemas, _FILE)["limits"]
    return Limits(
        weight=stated["weight"],
        handshake=stated["handshake"],
        window=stated["recvWindow"],
        longest_window=stated["longestRecvWindow"],
        ahead=stated["ahead"],
    )


def _of_endpoint(endpoint: Endpoint) -> Call:
    return Call(
        id=endpoint.id,
        product=endpoint.product,
        transport=endpoint.transport,
        operation=endpoint.operation,
        signed=True,
        weight=endpoint.weight,
        purpose=Purpose.ACCOUNT,
        endpoint=endpoint,
    )


def _of_row(row: dict[str, Any]) -> Call:
    return Call(
        id=row["id"],
        product=row["product"],
        transport=row["transport"],
        operation=Operation(**row["operation"]),
        signed=row["signed"],
        weight=row["weight"],
        purpose=Purpose(row["purpose"]),
        tells={member: ModePart(part) for member, part in row["tells"].items()},
    )
