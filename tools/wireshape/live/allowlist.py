"""All that may ever be sent: the endpoints of the catalogue and the operations of schemas/operations.json."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wireshape.catalog import operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.errors import UsageError

_READS = "GET"
_PURPOSES = {Purpose.ACCOUNT, Purpose.TIME, Purpose.MODE, Purpose.LOGON}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Allowlist:
    """The calls in the order of their files."""

    all: tuple[Call, ...]

    def of(self, product: str, purpose: Purpose, transport: Transport = Transport.REST) -> list[Call]:
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
        if not known or (transport == Transport.REST and method != _READS):
            raise UsageError(f"not sent: {method} {path} is no read operation of {product} over {transport}")


@cache
def load(catalog: Catalog) -> Allowlist:
    """Give the calls that a run can need."""
    return Allowlist(all=tuple(call for call in operations.load(catalog) if call.purpose in _PURPOSES))
