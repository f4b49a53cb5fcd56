"""The rate limit and the retries of the live client: what is not sent, and when something is sent again."""

from __future__ import annotations

import asyncio
import re

import pytest

from wireshape import resources
from wireshape.catalog import operations
from wireshape.live import errors, retry
from wireshape.live.errors import LiveError
from wireshape.live.rate_limit import RateLimiter
from wireshape.model import Reason

LIMITS = operations.limits(resources.SCHEMAS)
BANNED = LiveError(Reason.LIMIT, "banned")
BUSY = LiveError(Reason.LIMIT, "busy", retryable=True)


def test_weight_is_kept_below_the_limit() -> None:
    limiter = RateLimiter(LIMITS, lambda: 0.0)
    limiter.update_from_headers({"X-MBX-USED-WEIGHT-1M": "2300", "x-mbx-used-weight-1d": "9999"})
    limiter.spend(100)
    message = "limit: not sent: 2400 of 2400 request weight per minute is used, and the request costs 5"
    with pytest.raises(LiveError, match=f"^{re.escape(message)}$"):
        limiter.spend(5)
    row = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 12}
    limiter.update_from_frame([{}, None, row])
    limiter.spend(3600)
    limiter.halt(LiveError(Reason.NETWORK, "no matter"))
    with pytest.raises(LiveError, match="6000 of 6000"):
        limiter.spend(1)


def test_a_new_minute_is_a_new_start() -> None:
    moments = iter([0.0, 0.0, 59.9, 60.0, 60.0])
    limiter = RateLimiter(LIMITS, lambda: next(moments))
    limiter.spend(LIMITS.weight)
    with pytest.raises(LiveError):
        limiter.spend(1)
    limiter.spend(LIMITS.weight)


@pytest.mark.parametrize(("failure", "halted"), [(BANNED, True), (BUSY, False)], ids=["banned", "busy"])
def test_nothing_is_sent_after_a_ban(failure: LiveError, *, halted: bool) -> None:
    limiter = RateLimiter(LIMITS, lambda: 0.0)
    limiter.halt_if_final(failure)
    if halted:
        with pytest.raises(LiveError, match=r"^limit: not sent: the exchange has limited or banned this address$"):
            limiter.spend(1)
    else:
        limiter.spend(1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None), ("-1", None), ("", None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert errors.refusal(429, None, [value, "7"]).retry_after == seconds
    assert errors.refusal(429, None).retry_after is None


def test_every_wait_is_longer_than_the_one_before() -> None:
    for attempt in (1, 2, 3):
        shortest = 0.5 * 2 ** (attempt - 1)
        assert shortest <= retry._backoff(attempt) <= 2 * shortest  # noqa: SLF001 - the bounds of its chance


@pytest.mark.parametrize(("retryable", "times"), [(True, 3), (False, 1)])
def test_attempts_come_to_an_end(*, retryable: bool, times: int) -> None:
    attempts: list[None] = []

    async def ask() -> None:
        attempts.append(None)
        raise LiveError(Reason.LIMIT, "no", retryable=retryable, retry_after=0)

    with pytest.raises(LiveError):
        asyncio.run(retry.with_retries(ask, retry.Timeouts()))
    assert len(attempts) == times


def test_a_wait_that_takes_too_long_is_not_begun() -> None:
    async def ask() -> None:
        raise LiveError(Reason.LIMIT, "enough", retryable=True, retry_after=3600)

    with pytest.raises(LiveError, match=r"^limit: enough; not retried: the wait would be 3600 s$") as raised:
        asyncio.run(retry.with_retries(ask, retry.Timeouts()))
    assert raised.value.reason is Reason.LIMIT
