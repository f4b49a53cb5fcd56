"""Who asks whom: one key, one product of one environment, and what they agreed on."""

from __future__ import annotations

from dataclasses import dataclass

from wireshape.live.allowlist import Calls
from wireshape.live.credentials import Key
from wireshape.live.environments import Environment
from wireshape.live.rate_limit import Budget
from wireshape.live.retry import Patience


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """All that both transports need: calls say what may be sent, the budget how much, patience how long."""

    environment: Environment
    product: str
    key: Key
    calls: Calls
    budget: Budget
    patience: Patience


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back for a call: an HTTP status, None over WebSocket, and the body as sent but unpacked.

    sent and came are monotonic seconds, of the one try that was answered.
    """

    status: int | None
    body: bytes
    sent: float = 0.0
    came: float = 0.0
