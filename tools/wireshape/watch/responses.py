"""What comes of a request: a response of bounded size and time, or one line that says why there is none."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wireshape.errors import InputError
from wireshape.inputs import dates

if TYPE_CHECKING:
    import httpx


def bounded(response: httpx.Response, most: int, deadline: float, timeout: float) -> bytes:
    """Read a response as it was sent; InputError where it is too large, or not there by the deadline (monotonic)."""
    raw = bytearray()
    for chunk in response.iter_raw():
        raw += chunk
        if len(raw) > most:
            raise InputError(f"larger than {most / 1_000_000:g} MB, the most that is read")
        if time.monotonic() > deadline:
            raise InputError(late(timeout))
    return bytes(raw)


def require_type(headers: httpx.Headers, types: frozenset[str]) -> None:
    """Raise InputError for a content type that is none of those, where there are any."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and types and kind not in types:
        raise InputError(f"content type {kind[:60]}, which is no page")


def retry_after(written: str) -> float | None:
    """Give the seconds that a header asks to wait, as a number or a date; None where it says neither."""
    if written.strip().isdecimal():
        return float(written.strip()[:9])
    day = dates.moment(written) if written else None
    return max(0.0, (day - datetime.now(UTC)).total_seconds()) if day else None


def late(timeout: float) -> str:
    """Say that nothing came in time."""
    return f"no complete answer within {timeout:g} seconds"


def failure(error: Exception) -> str:
    """Put an error of the network into one line, without the request that it may hold."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    for each in causes:
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"the certificate is not accepted: {each.verify_message}"
    return "no answer: " + next((str(each) for each in causes if str(each)), type(error).__name__)
