"""Timeouts and retries of live calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from wireshape.live.errors import LiveError
from wireshape.model import Reason

Response = TypeVar("Response")

_ATTEMPTS = 3
_FIRST_WAIT = 0.5
"""The shortest wait before the second attempt, in seconds; each further one is twice as long."""
_JITTER = SystemRandom()


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """The longest waits in seconds: for a connection, for one whole response, and for a response after all retries."""

    connect: float = 10.0
    response: float = 20.0
    total: float = 60.0


async def with_retries(ask: Callable[[], Awaitable[Response]], timeouts: Timeouts) -> Response:
    """Ask until there is a response; LiveError that of the last attempt, or of one that no other may follow."""
    deadline = time.monotonic() + timeouts.total
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await ask()
        except LiveError as error:
            failure = error
        except TimeoutError:
            failure = no_response(timeouts.total)
        wait = failure.retry_after if failure.retry_after is not None else _backoff(attempt)
        if not failure.retryable or attempt == _ATTEMPTS:
            break
        if time.monotonic() + wait >= deadline:
            failure = LiveError(failure.reason, f"{failure.detail}; not retried: the wait would be {wait:.0f} s")
            break
        await asyncio.sleep(wait)
    raise failure


def no_response(seconds: float) -> LiveError:
    """Give the failure of a call that was not answered in time."""
    return LiveError(Reason.NETWORK, f"no complete response within {seconds:g} seconds")


def _backoff(attempt: int) -> float:
    shortest: float = _FIRST_WAIT * 2.0 ** (attempt - 1)
    return _JITTER.uniform(shortest, shortest * 2)
