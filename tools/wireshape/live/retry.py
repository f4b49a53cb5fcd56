"""Timeouts and retries of live calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import TypeVar

from wireshape.live.errors import LiveError
from wireshape.model import Reason

Answered = TypeVar("Answered")

_TRIES = 3
_FIRST_WAIT = 0.5
_JITTER = SystemRandom()


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """The longest waits in seconds: for a connection, for one whole answer, and for an answer after all retries."""

    connect: float = 10.0
    answer: float = 20.0
    total: float = 60.0


async def with_retries(ask: Callable[[], Awaitable[Answered]], timeouts: Timeouts) -> Answered:
    """Ask up to three times, waiting as long as the exchange says, else ever longer; LiveError is that of the last."""
    deadline = time.monotonic() + timeouts.total
    for attempt in range(1, _TRIES + 1):
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await ask()
        except LiveError as error:
            failure = error
        except TimeoutError:
            failure = LiveError(Reason.NETWORK, f"no whole answer within {timeouts.total:g} seconds")
        wait = failure.retry_after if failure.retry_after is not None else _backoff(attempt)
        if not failure.retryable or attempt == _TRIES:
            break
        if time.monotonic() + wait >= deadline:
            failure = LiveError(failure.reason, f"{failure.detail} (to be asked again in {wait:.0f} s)")
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
