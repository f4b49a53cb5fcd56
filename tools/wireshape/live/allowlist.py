"""All that may ever be sent: the endpoints of the catalogue, and the operations a live run needs beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wireshape.catalog import operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.errors import UsageError
from wireshape.model import Operation

_READS = "GET"
_PURPOSES = {Purpose.ACCOUNT, Purpose.TIME, Purpose.MODE, Purpose.LOGON}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Allowlist:
    """The calls in the order of their files."""

    calls: tuple[Call, ...]

    def of(self, product: str, purpose: Purpose, transport: Transport = Transport.REST) -> list[Call]:
        """List the calls of a product for one purpose."""
        wanted = (product, purpose, transport)
        return [call for call in self.calls if (call.product, call.purpose, call.transport) == wanted]

    def require(self, product: str, transport: str, operation: Operation) -> None:
        """Raise UsageError for whatever is none of these calls, or does more than read over HTTP."""
        wanted = (product, transport, operation)
        known = any((call.product, call.transport, call.operation) == wanted for call in self.calls)
        if not known or (transport == Transport.REST and operation.method != _READS):
            raise UsageError(
                f"not sent: {operation.method} {operation.path} is not a read operation of {product} over {transport}"
            )


@cache
def load(catalog: Catalog) -> Allowlist:
    """Give the calls that a live run can need."""
    return Allowlist(calls=tuple(call for call in operations.load(catalog) if call.purpose in _PURPOSES))
