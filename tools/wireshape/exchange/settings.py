"""How a loopback exchange is started, and what it keeps of each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wireshape.catalog.operations import Transport
from wireshape.errors import UsageError
from wireshape.exchange import faults, mutations, protocol
from wireshape.exchange.account import MockAccount
from wireshape.exchange.account_kinds import DEFAULT_MODE, Account
from wireshape.exchange.api_keys import ApiKey
from wireshape.exchange.faults import Fault
from wireshape.model import Mode

_MARGIN = "single-asset"
"""The margin mode of an account of which only the position mode is given."""


def handshake(product: str) -> str:
    """Give the id under which the opening of a WebSocket is recorded."""
    return f"{product}.{Transport.WS}.handshake"


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestRecord:
    """One request as it was dealt with: names of its parameters, never their values.

    `id` is that of the endpoint or operation, `usdm.ws.handshake` where a WebSocket was to be opened, `unknown` for
    anything else, of which `operation` has method and path, redacted. `key` tells whether it came with a key,
    `at_redirect_port` whether it came to the redirect port.
    """

    id: str
    transport: Transport
    weight: int
    status: int
    code: int | None = None
    parameters: tuple[str, ...] = ()
    operation: str | None = None
    key: bool = False
    at_redirect_port: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """One account in one mode, its keys, and what goes wrong; UsageError where a fault, drift or mode is unknown.

    `limit` is the weight per minute, `heartbeat` the seconds between pings, and `watch` is called with each request
    before the response is sent. `ip` is the address that messages name, `listen_key` the one in an unrequested event,
    and `headers` go with every REST response: what a client must not let out can be planted there.
    """

    mode: str = DEFAULT_MODE
    account: Account = field(default_factory=MockAccount)
    keys: tuple[ApiKey, ...] = ()
    faults: tuple[str, ...] = ()
    drifts: tuple[str, ...] = ()
    port: int = 0
    limit: int | None = None
    heartbeat: float = 180.0
    ip: str = "127.0.0.1"
    listen_key: str = field(default="fakeListenKey000" * 4, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    watch: Callable[[RequestRecord], None] | None = None

    def __post_init__(self) -> None:
        catalog = protocol.load().catalog
        catalog.require_mode(self.mode, None)
        for spelling in self.faults:
            _require_request(faults.parse(spelling), spelling)
        for spelling in self.drifts:
            mutations.parse(spelling, catalog)
        if len({key.name for key in self.keys}) < len(self.keys):
            raise UsageError("the same API key is given twice")

    def mode_of(self, product: str) -> Mode:
        """Give the mode of a product, which may have position modes alone."""
        mode = Mode.parse(self.mode)
        has_margin = any(m.margin for e in protocol.load().catalog.endpoints if e.product == product for m in e.modes)
        return Mode(margin=(mode.margin or _MARGIN) if has_margin else None, position=mode.position)


def _require_request(fault: Fault, spelling: str) -> None:
    """Refuse a fault that would never happen: it would look like a client that copes with it."""
    known = protocol.load()
    if any(fault.applies_to(call.id, call.transport, signed=call.signed) for call in known.calls):
        return
    handshakes = map(handshake, known.sockets().values())
    if not any(fault.applies_to(each, Transport.WS, signed=False) for each in handshakes):
        raise UsageError(f"fault {spelling!r} applies to no request")
