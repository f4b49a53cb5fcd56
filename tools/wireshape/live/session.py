"""A session: one account asked for one product, with what both transports share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wireshape.catalog.operations import Transport
from wireshape.live.allowlist import Allowlist
from wireshape.live.credentials import LiveAccount
from wireshape.live.rate_limit import RateLimiter
from wireshape.live.retry import Timeouts

MAX_RESPONSE_BYTES = 64_000_000
"""The most bytes a response may have, packed or unpacked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What may be sent, how much of it and for how long, as which account and for which product."""

    account: LiveAccount
    product: str
    allowlist: Allowlist
    limiter: RateLimiter
    timeouts: Timeouts

    def url(self, transport: Transport) -> str:
        """Give scheme and host of the product over a transport."""
        return self.account.environment.hosts[self.product][transport]

    def is_direct(self, transport: Transport) -> bool:
        """Tell whether the host is this machine, which is reached past the system's proxies."""
        return self.account.environment.is_direct(self.product, transport)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveResponse:
    """What came back for a call: the body as sent but unpacked, and its JSON value.

    `status` is that of HTTP, None over WebSocket. `sent` and `received` are monotonic seconds of the try that was
    answered.
    """

    status: int | None
    body: bytes
    value: Any
    sent: float = 0.0
    received: float = 0.0
