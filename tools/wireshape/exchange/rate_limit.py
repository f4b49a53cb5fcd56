"""The rate limit on the server's side: the weight used within a minute, refusals above the limit, and the ban."""

from __future__ import annotations

import time
from collections.abc import Callable

from wireshape.exchange.protocol import Protocol

_MINUTE = 60
_BAN = 120
"""The shortest ban the exchange documents, in seconds."""

_REFUSALS_BEFORE_BAN = 3
"""How many requests over the limit are refused before the address is banned."""


class WeightLimit:
    """Counts the weight of requests; `now` gives seconds, and the fault `clock` does not change it."""

    def __init__(self, protocol: Protocol, limit: int, now: Callable[[], float] = time.time) -> None:
        self._protocol = protocol
        self._now = now
        self._began = now()
        self._over = 0
        self._banned_until = 0.0
        self.limit = limit
        self.used = 0

    def spend(self, weight: int) -> None:
        """Count a request; Refusal too-many-requests over the limit, banned after more of them."""
        now = self._now()
        if now - self._began >= _MINUTE:
            self._began, self.used, self._over = now, 0, 0
        self.used += weight
        if now >= self._banned_until and self.used > self.limit:
            self._over += 1
            if self._over <= _REFUSALS_BEFORE_BAN:
                rest = max(1, round(self._began + _MINUTE - now))
                raise self._protocol.refusal("too-many-requests", limit=self.limit, retry_after=rest)
            self._banned_until = now + _BAN
        if now < self._banned_until:
            rest = max(1, round(self._banned_until - now))
            until = round(self._banned_until * 1000)
            raise self._protocol.refusal("banned", until=until, retry_after=rest)

    def rate_limits(self) -> list[dict[str, object]]:
        """Give the limits as a WebSocket frame has them."""
        row = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1}
        return [{**row, "limit": self.limit, "count": self.used}]
