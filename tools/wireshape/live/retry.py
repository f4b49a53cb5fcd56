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

from wireshape.live.errors import NETWORK, AskError

Answered = TypeVar("Answered")

_TRIES = 3
_FIRST_WAIT = 0.5
_JITTER = SystemRandom()


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """The longest waits in seconds: for a connection, for one whole answer, and for an answer after all retries."""

    connect: float = 10.0
    answer: float = 20.0
    total: float = 60.0


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
