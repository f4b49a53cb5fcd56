"""What the exchange can be asked, what it limits and how it refuses: read from schemas/, with the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from wireshape import resources
from wireshape.catalog import endpoints, operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.operations import Call
from wireshape.model import Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Weight per minute, the weight of opening a WebSocket, and how far clocks may differ, in ms."""

    weight: int
    handshake: int
    window: int
    longest_window: int
    ahead: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorRow:
    """One row of errors.json."""

    name: str
    code: int
    status: int
    reason: str
    message: str


class Refusal(Exception):  # noqa: N818 - it is an answer, and no error of ours
    """The exchange answers with an error; `retry_after` is in seconds."""

    def __init__(self, row: ErrorRow, text: str, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.row = row
        self.body = {"code": row.code, "msg": text}
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Protocol:
    """Everything above together; `retired` maps method and path to what replaced it, `ip` is whom messages name."""

    catalog: Catalog
    calls: tuple[Call, ...]
    limits: Limits
    errors: Mapping[str, ErrorRow]
    retired: Mapping[tuple[str, str], str]
    ip: str = "127.0.0.1"

    def find(self, transport: str, method: str, path: str) -> Call | None:
        """Find what a request asks: by HTTP method and path, or by the method of a frame and the socket's path."""
        operation = Operation(method=method, path=path)
        return next((call for call in self.calls if (call.transport, call.operation) == (transport, operation)), None)

    def sockets(self) -> dict[str, str]:
        """Give the paths a WebSocket can be opened at, with their products."""
        return {call.operation.path: call.product for call in self.calls if call.transport == "ws"}

    def knows_prefix(self, path: str) -> bool:
        """Tell whether a path lies below the first folder of a known one."""
        return path.split("/")[1:2] in [call.operation.path.split("/")[1:2] for call in self.calls]

    def refusal(self, name: str, *, retry_after: int | None = None, **words: object) -> Refusal:
        """Word an error of that name."""
        row = self.errors[name]
        return Refusal(row, row.message.format(ip=self.ip, **words), retry_after)


@cache
def load(schemas: Path = resources.SCHEMAS) -> Protocol:
    """Read operations.json and errors.json beside the catalogue."""
    known = endpoints.load(schemas)
    raw = orjson.loads((schemas / "operations.json").read_bytes())
    errors = orjson.loads((schemas / "errors.json").read_bytes())
    limits = raw["limits"]
    return Protocol(
        catalog=known,
        calls=operations.load(known),
        limits=Limits(
            weight=limits["weight"],
            handshake=limits["handshake"],
            window=limits["recvWindow"],
            longest_window=limits["longestRecvWindow"],
            ahead=limits["ahead"],
        ),
        errors={row["name"]: ErrorRow(**row) for row in errors["errors"]},
        retired={(row["method"], row["path"]): row["replacement"] for row in errors["retired"]},
    )
