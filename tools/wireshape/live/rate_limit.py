"""The rate limit on the client's side: request weight is kept below the limit, and nothing is sent after a ban."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from wireshape.catalog.operations import Limits
from wireshape.jsontext.paths import at
from wireshape.live.errors import LiveError
from wireshape.model import Reason

_MINUTE = 60.0
_USED_WEIGHT = re.compile(r"x-mbx-used-weight-1m", re.IGNORECASE)


class RateLimiter:
    """The request weight that an address has left at one environment; products and accounts share it."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        """Start with the documented limit, until a frame states another; `now` gives seconds."""
        self.handshake = limits.handshake
        self._limit = limits.weight
        self._now = now
        self._used = 0
        self._since = now()
        self._halted = False

    def spend(self, weight: int) -> None:
        """Count a request before it is sent; LiveError where it would exceed the limit, or after a halt."""
        if self._halted:
            raise LiveError(Reason.LIMIT, "not sent: the exchange has limited or banned this address")
        if self._now() - self._since >= _MINUTE:
            self._used, self._since = 0, self._now()
        if self._used + weight > self._limit:
            used = f"{self._used} of {self._limit} request weight per minute is used"
            raise LiveError(Reason.LIMIT, f"not sent: {used}, and the request costs {weight}")
        self._used += weight

    def halt(self, error: LiveError) -> None:
        """Send nothing more where the exchange set a limit: what follows is a ban."""
        if error.reason is Reason.LIMIT:
            self._halted = True

    def halt_if_final(self, error: LiveError) -> None:
        """Send nothing more where the exchange set a limit that no retry may follow, as after a ban."""
        if not error.retryable:
            self.halt(error)

    def update_from_headers(self, headers: Mapping[str, str]) -> None:
        """Take the used weight from the headers of a response."""
        for name, value in headers.items():
            if _USED_WEIGHT.fullmatch(name) and value.isascii() and value.isdigit():
                self._update(int(value[:9]))

    def update_from_frame(self, limits: Any) -> None:
        """Take the limit and the used weight from the rateLimits of a frame."""
        for row in limits if isinstance(limits, list) else ():
            kind = at(row, ("rateLimitType",)), at(row, ("interval",)), at(row, ("intervalNum",))
            limit, count = at(row, ("limit",)), at(row, ("count",))
            if kind == ("REQUEST_WEIGHT", "MINUTE", 1) and isinstance(limit, int) and isinstance(count, int):
                self._limit = limit
                self._update(count)

    def _update(self, used: int) -> None:
        """Believe the higher count within a minute: responses may overtake each other."""
        self._used = max(used, self._used)
