"""Faults by name: how an exchange can go wrong, one row each, so that a client can be shown every one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from wireshape.catalog import error_codes
from wireshape.catalog.error_codes import ErrorCode
from wireshape.catalog.operations import Transport
from wireshape.errors import UsageError, nearest

_BOTH = (Transport.REST, Transport.WS)
_WS = (Transport.WS,)


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultKind:
    """One row: what happens, over which transports, and the number that may be given, with its unit.

    `error` names the error that a request is refused with, and `signed` is set where only a signed one is.
    """

    name: str
    happens: str
    transports: tuple[Transport, ...] = _BOTH
    value: float = 0
    unit: str = ""
    error: str | None = None
    signed: bool = False

    @property
    def form(self) -> str:
        """How the fault is written, with the value it has where none is given."""
        return f"{self.name}[:{self.value:g}]" if self.unit else self.name

    @property
    def description(self) -> str:
        """What happens, with the unit of the value."""
        return f"{self.happens} ({self.unit})" if self.unit else self.happens


_ROWS = (
    FaultKind(name="late", happens="responds late", value=30, unit="seconds"),
    FaultKind(name="drop", happens="never responds, and keeps the connection open"),
    FaultKind(name="cut", happens="closes the connection in the middle of the response"),
    FaultKind(name="reset", happens="resets the connection instead of responding"),
    FaultKind(name="slow-drip", happens="sends the response byte by byte", value=0.05, unit="seconds between bytes"),
    FaultKind(name="endless", happens="sends a response that never ends"),
    FaultKind(name="huge", happens="sends a response that is far too large", value=200, unit="MB"),
    FaultKind(
        name="html",
        happens="sends an HTML page, over WebSocket at the handshake",
        value=403,
        unit="HTTP status",
    ),
    FaultKind(name="wrong-type", happens="labels a good response text/plain", transports=(Transport.REST,)),
    FaultKind(name="redirect", happens="redirects to another port, over WebSocket at the handshake"),
    FaultKind(
        name="429",
        happens="refuses with 429, error -1003",
        value=1,
        unit="seconds of Retry-After",
        error="too-many-requests",
    ),
    FaultKind(
        name="418", happens="refuses with 418, error -1003", value=120, unit="seconds of Retry-After", error="banned"
    ),
    FaultKind(name="503", happens="refuses with 503, error -1001", error="disconnected"),
    FaultKind(name="maintenance", happens="refuses with 503, error -1016", error="shutting-down"),
    FaultKind(name="clock", happens="runs its clock ahead", value=3600, unit="seconds"),
    FaultKind(name="mode-flip", happens="changes the position mode after the first request for the mode"),
    FaultKind(name="duplicate-id", happens="sends every response twice", transports=_WS),
    FaultKind(name="wrong-id", happens="responds under an id that no request has", transports=_WS),
    FaultKind(
        name="revoked",
        happens="refuses with 401, error -2015 and no id, as for a deleted key",
        transports=_WS,
        error="key-rejected",
    ),
    FaultKind(
        name="out-of-order",
        happens="holds each response back until the next one",
        transports=_WS,
        value=0.25,
        unit="seconds at most",
    ),
    FaultKind(name="noise-frame", happens="sends an unrequested event before the response", transports=_WS),
    FaultKind(name="binary-frame", happens="sends a binary frame before the response", transports=_WS),
)
_RETRY_AFTER = {429: 1, 418: 120}
"""The seconds of Retry-After by status; a ban lasts two minutes at least."""


@cache
def kinds() -> dict[str, FaultKind]:
    """Give every fault by its name: the rows above, and each error of the exchange."""
    return {row.name: row for row in (*_ROWS, *map(_of_error, error_codes.load().errors))}


def _of_error(error: ErrorCode) -> FaultKind:
    seconds = _RETRY_AFTER.get(error.status, 0)
    return FaultKind(
        name=error.name,
        happens=f"refuses with {error.status}, error {error.code}",
        transports=error.transports,
        value=seconds,
        unit="seconds of Retry-After" if seconds else "",
        error=error.name,
        signed=error.signed,
    )


WHOLE_RUN = frozenset({"clock", "mode-flip"})
"""Faults of the exchange as a whole, not of single responses."""

HANDSHAKE = frozenset({"html", "redirect"})
"""Faults that a WebSocket meets when it is opened."""

_STATUS_DIGITS = 3
"""A longer number is meant as an error code."""

_FORM = "NAME[:VALUE][xTIMES][@WORDS]"
_SPELLING = re.compile(
    r"(?P<name>[a-z0-9-]*?[a-z0-9])(?::(?P<value>-?[0-9]+(?:\.[0-9]+)?))?(?:x(?P<times>[0-9]+))?(?:@(?P<on>[\w.-]+))?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault: `times` limits it to the first requests, `on` to ids that have these words in a row."""

    name: str
    value: float
    times: int | None = None
    on: str | None = None

    def applies_to(self, call: str, transport: str, *, signed: bool) -> bool:
        """Tell whether a request of that id and transport, signed or not, is one it concerns."""
        kind = kinds()[self.name]
        meant = self.on is None or f".{self.on}." in f".{call}."
        return meant and transport in kind.transports and (signed or not kind.signed)


def parse(spelling: str) -> Fault:
    """Read `NAME[:VALUE][xTIMES][@WORDS]`, such as `late:5x2@usdm.rest`; UsageError names the known ones.

    NAME may be an error code, such as `-1021`: of the errors with that code, the first is meant.
    """
    match = _SPELLING.fullmatch(spelling)
    if not match:
        raise UsageError(f"fault {spelling!r} does not have the form {_FORM}")
    kind = _kind(match["name"])
    name = kind.name
    if match["times"] == "0" or (match["value"] or "").startswith("-"):
        raise UsageError(f"fault {spelling!r} would never happen: TIMES must be 1 or more, VALUE 0 or more")
    if match["value"] and not kind.unit:
        raise UsageError(f"fault {spelling!r}: {name} takes no value")
    if name in WHOLE_RUN and (match["times"] or match["on"]):
        raise UsageError(f"fault {spelling!r}: {name} concerns the whole run and takes neither TIMES nor WORDS")
    return Fault(
        name=name,
        value=float(match["value"] or kind.value),
        times=int(match["times"]) if match["times"] else None,
        on=match["on"],
    )


def _kind(name: str) -> FaultKind:
    by_code = {str(error.code): error.name for error in reversed(error_codes.load().errors)}
    known = kinds()
    kind = known.get(by_code.get(name, name))
    if kind:
        return kind
    if name.lstrip("-").isdecimal() and len(name) > _STATUS_DIGITS:
        # The code that looks most like another is another error: only a forgotten sign is worth a guess.
        meant = f" (did you mean -{name}?)" if f"-{name}" in by_code else ""
        raise UsageError(f"unknown error code {name!r}{meant}; known: {', '.join(reversed(by_code))}")
    listed = ", ".join(row.name for row in _ROWS)
    raise UsageError(
        f"unknown fault {name!r}{nearest(name, known)}; known: {listed}, and errors: `wireshape serve --help` lists all"
    )
