"""Says where and when an answer was recorded, from what a recorder keeps: the address, and a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from wireshape.catalog import environments
from wireshape.model import Origin

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_UNKNOWN = "report"
_DIGITS = re.compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?")
# Seconds of a day in the year 5138: what is above counts milliseconds, microseconds or nanoseconds.
_LAST_SECOND = 100_000_000_000
_THOUSAND = 1000


def of(host: str | None, date: Any) -> Origin | None:
    """Give the origin of an answer of a host at a date; None without a date, since that claims nothing.

    host may be a whole address. The origin of a host that is not the exchange's is that of a report.
    """
    moment = iso(date)
    if moment is None:
        return None
    return Origin(kind=_kind(host), recorded_at=moment)


def iso(date: Any) -> str | None:
    """Write a date as ISO 8601 has it, in UTC: one of ISO or HTTP, or the time since 1970; None where it is none."""
    if isinstance(date, datetime):
        return _written(date)
    if isinstance(date, bool) or not isinstance(date, str | int | float):
        return None
    text = str(date).strip()
    try:
        if _DIGITS.fullmatch(text):
            seconds = float(text)
            while seconds > _LAST_SECOND:
                seconds /= _THOUSAND
            return _written(datetime.fromtimestamp(seconds, UTC))
        return _written(_parsed(text))
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return parsedate_to_datetime(text)


def _written(moment: datetime) -> str:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _kind(address: str | None) -> str:
    try:
        parts = urlsplit(address if address and "//" in address else f"//{address or ''}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return _UNKNOWN
    return "loopback" if host in LOOPBACK else _hosts().get(host, _UNKNOWN)


@cache
def _hosts() -> dict[str, str]:
    return {
        urlsplit(address).hostname or "": environment.origin
        for environment in environments.load().values()
        for by_transport in environment.hosts.values()
        for address in by_transport.values()
    }
