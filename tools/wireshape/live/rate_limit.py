"""What an exchange may expect of whoever asks it: weights kept, waits kept, and an end to everything."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import Any, TypeVar

from wireshape.jsontext.parser import at
from wireshape.live.errors import LIMIT, NETWORK, AskError

Answered = TypeVar("Answered")

LARGEST = 64_000_000
"""The most bytes an answer may have, packed or unpacked."""
_MINUTE = 60.0
_TRIES = 3
_FIRST_WAIT = 0.5
_USED = re.compile(r"x-mbx-used-weight-1m", re.IGNORECASE)
_JITTER = SystemRandom()


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """The longest waits in seconds: for a connection, for one whole answer, and for an answer after all retries."""

    connect: float = 10.0
    answer: float = 20.0
    total: float = 60.0


class Budget:
    """The request weight that an address has left at one environment; products and accounts share it."""

    def __init__(self, limit: int, handshake: int) -> None:
        """Take the documented weight a minute, until a frame states another, and that of opening a WebSocket."""
        self.handshake = handshake
        self._limit = limit
        self._used = 0
        self._since = time.monotonic()
        self._stopped: AskError | None = None

    def take(self, weight: int) -> None:
        """Account for a request before it is sent; AskError where it would reach the limit, or after a stop."""
        if self._stopped:
            raise AskError(self._stopped.word, "not asked any more after the exchange set a limit")
        if time.monotonic() - self._since >= _MINUTE:
            self._used, self._since = 0, time.monotonic()
        if self._used + weight > self._limit:
            text = f"{self._used} of {self._limit} request weight a minute are used, and this would cost {weight}"
            raise AskError(LIMIT, text)
        self._used += weight

    def stop(self, error: AskError) -> None:
        """Ask nothing more where the exchange said that it is enough: what follows is a ban."""
        if error.word == LIMIT:
            self._stopped = error

    def stop_for_good(self, error: AskError) -> None:
        """Ask nothing more at once where the exchange does not want to be asked again, as after a ban."""
        if not error.again:
            self.stop(error)

    def hear_headers(self, headers: Mapping[str, str]) -> None:
        """Take the used weight from the headers of an answer."""
        for name, value in headers.items():
            if _USED.fullmatch(name) and value.isascii() and value.isdigit():
                self._hear(int(value[:9]))

    def hear_limits(self, limits: Any) -> None:
        """Take the limit and the used weight from the rateLimits of a frame."""
        for row in limits if isinstance(limits, list) else ():
            kind = at(row, ("rateLimitType",)), at(row, ("interval",)), at(row, ("intervalNum",))
            limit, count = at(row, ("limit",)), at(row, ("count",))
            if kind == ("REQUEST_WEIGHT", "MINUTE", 1) and isinstance(limit, int) and isinstance(count, int):
                self._limit = limit
                self._hear(count)

    def _hear(self, used: int) -> None:
        """Believe the higher count within a minute: answers may overtake each other."""
        self._used = max(used, self._used)


async def patiently(ask: Callable[[], Awaitable[Answered]], patience: Patience) -> Answered:
    """Ask up to three times, waiting as long as the exchange says, else ever longer; AskError is that of the last."""
    deadline = time.monotonic() + patience.total
    for attempt in range(1, _TRIES + 1):
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await ask()
        except AskError as error:
            failure = error
        except TimeoutError:
            failure = AskError(NETWORK, f"no whole answer within {patience.total:g} seconds")
        wait = failure.after if failure.after is not None else _backoff(attempt)
        if not failure.again or attempt == _TRIES:
            break
        if time.monotonic() + wait >= deadline:
            failure = AskError(failure.word, f"{str(failure).partition(': ')[2]} (to be asked again in {wait:.0f} s)")
            break
        await asyncio.sleep(wait)
    raise failure


def _backoff(attempt: int) -> float:
    longest: float = _FIRST_WAIT * 2.0**attempt
    return _JITTER.uniform(longest / 2, longest)


def retry_after(headers: Iterable[tuple[str, str]]) -> float | None:
    """Give the seconds that a Retry-After header asks for, as a number or a date; None where there is none to read."""
    value = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
