"""A session of a live run: what both transports need to ask one product as one account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wireshape.live.allowlist import Allowlist
from wireshape.live.credentials import LiveAccount
from wireshape.live.rate_limit import RateLimiter
from wireshape.live.retry import Timeouts

MAX_RESPONSE_BYTES = 64_000_000
"""The most bytes a response may have, packed or unpacked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Which account asks for which product, what it may send, how much of it, and how long it waits."""

    account: LiveAccount
    product: str
    allowlist: Allowlist
    limiter: RateLimiter
    timeouts: Timeouts


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveResponse:
    """The response to a call: the body as sent but unpacked, and its JSON value.

    `status` is that of HTTP, None over WebSocket. `sent` and `received` are monotonic seconds of the try that was
    answered.
    """

    status: int | None
    body: bytes
    value: Any
    sent: float = 0.0
    received: float = 0.0
