"""What the exchange can be asked, what it limits and how it refuses, as the data of schemas/ says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wireshape import resources
from wireshape.catalog import endpoints, error_codes, operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.error_codes import ErrorCode, ErrorCodes
from wireshape.catalog.operations import Call, Limits, Transport
from wireshape.model import Operation


class Refusal(Exception):  # noqa: N818 - it is an answer, and no error of ours
    """The exchange answers with an error; `retry_after` is in seconds."""

    def __init__(self, error: ErrorCode, text: str, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.error = error
        self.body = {"code": error.code, "msg": text}
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Protocol:
    """Calls, limits and errors together; `ip` is the address that messages name."""

    catalog: Catalog
    calls: tuple[Call, ...]
    limits: Limits
    errors: ErrorCodes
    ip: str = "127.0.0.1"

    def find(self, transport: str, method: str, path: str) -> Call | None:
        """Find the call of a request: by HTTP method and path, or by the method of a frame and the socket's path."""
        operation = Operation(method=method, path=path)
        return next((call for call in self.calls if (call.transport, call.operation) == (transport, operation)), None)

    def replacement(self, call: Call) -> str | None:
        """Name what took over from a call: the path, or the method of a frame; None where nothing did."""
        newer = next((each for each in reversed(self.catalog.endpoints) if call.id in each.replaces), None)
        if newer is None:
            return self.errors.replacement(call.operation)
        return newer.operation.method if call.transport == Transport.WS else newer.operation.path

    def sockets(self) -> dict[str, str]:
        """Give the paths a WebSocket can be opened at, with their products."""
        return {call.operation.path: call.product for call in self.calls if call.transport == Transport.WS}

    def knows_prefix(self, path: str) -> bool:
        """Tell whether a path lies below the first folder of a known one."""
        return path.split("/")[1:2] in [call.operation.path.split("/")[1:2] for call in self.calls]

    def refusal(self, name: str, *, retry_after: int | None = None, **words: object) -> Refusal:
        """Give the refusal of an error by its name, with these words in its message."""
        error = self.errors.get(name)
        return Refusal(error, error.message.format(ip=self.ip, **words), retry_after)


@cache
def load(schemas: Path = resources.SCHEMAS) -> Protocol:
    """Read the data of a schema folder."""
    catalog = endpoints.load(schemas)
    return Protocol(
        catalog=catalog,
        calls=operations.load(catalog),
        limits=operations.limits(schemas),
        errors=error_codes.load(schemas),
    )
