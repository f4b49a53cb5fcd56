"""Says where and when an answer was recorded, from what a recorder keeps: the address, and a date."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from wireshape.catalog import environments
from wireshape.inputs import dates
from wireshape.model import Origin

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_UNKNOWN = "report"


def of(host: str | None, date: Any) -> Origin | None:
    """Give the origin of an answer of a host at a date; None without a date, since that claims nothing.

    host may be a whole address. The origin of a host that is not the exchange's is that of a report.
    """
    moment = dates.iso(date)
    if moment is None:
        return None
    return Origin(kind=_kind(host), recorded_at=moment)


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
