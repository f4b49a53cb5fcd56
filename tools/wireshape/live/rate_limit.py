"""What an exchange may expect of whoever asks it: weights kept, waits kept, and an end to everything."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from wireshape.catalog.operations import Limits
from wireshape.jsontext.paths import at
from wireshape.live.errors import LiveError
from wireshape.model import Reason

LARGEST = 64_000_000
"""The most bytes an answer may have, packed or unpacked."""
_MINUTE = 60.0
_USED = re.compile(r"x-mbx-used-weight-1m", re.IGNORECASE)


class RateLimiter:
    """The request weight that an address has left at one environment; products and accounts share it."""

    def __init__(self, limits: Limits) -> None:
        """Take the documented weight a minute, until a frame states another, and that of opening a WebSocket."""
        self.handshake = limits.handshake
        self._limit = limits.weight
        self._used = 0
        self._since = time.monotonic()
        self._halted: LiveError | None = None

    def spend(self, weight: int) -> None:
        """LiveAccount for a request before it is sent; LiveError where it would reach the limit, or after a stop."""
        if self._halted:
            raise LiveError(self._halted.reason, "not asked any more after the exchange set a limit")
        if time.monotonic() - self._since >= _MINUTE:
            self._used, self._since = 0, time.monotonic()
        if self._used + weight > self._limit:
            text = f"{self._used} of {self._limit} request weight a minute are used, and this would cost {weight}"
            raise LiveError(Reason.LIMIT, text)
        self._used += weight

    def halt(self, error: LiveError) -> None:
        """Ask nothing more where the exchange said that it is enough: what follows is a ban."""
        if error.reason is Reason.LIMIT:
            self._halted = error

    def halt_if_final(self, error: LiveError) -> None:
        """Ask nothing more at once where the exchange does not want to be asked again, as after a ban."""
        if not error.retryable:
            self.halt(error)

    def update_from_headers(self, headers: Mapping[str, str]) -> None:
        """Take the used weight from the headers of an answer."""
        for name, value in headers.items():
            if _USED.fullmatch(name) and value.isascii() and value.isdigit():
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
        """Believe the higher count within a minute: answers may overtake each other."""
        self._used = max(used, self._used)
