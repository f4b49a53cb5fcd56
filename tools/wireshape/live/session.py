"""Who asks whom: one key, one product of one environment, and what they agreed on."""

from __future__ import annotations

from dataclasses import dataclass

from wireshape.live.allowlist import Allowlist
from wireshape.live.credentials import Credentials
from wireshape.live.environments import Environment
from wireshape.live.rate_limit import RateLimiter
from wireshape.live.retry import Timeouts


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """All that both transports need: calls say what may be sent, the limiter how much, timeouts how long."""

    environment: Environment
    product: str
    key: Credentials
    calls: Allowlist
    limiter: RateLimiter
    timeouts: Timeouts


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveResponse:
    """What came back for a call: an HTTP status, None over WebSocket, and the body as sent but unpacked.

    sent and came are monotonic seconds, of the one try that was answered.
    """

    status: int | None
    body: bytes
    sent: float = 0.0
    came: float = 0.0
