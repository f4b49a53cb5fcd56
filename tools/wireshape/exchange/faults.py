"""Faults by name: how an exchange can go wrong, one row each, so that a client can be shown every one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wireshape.catalog.operations import Transport
from wireshape.errors import UsageError, nearest

_BOTH = (Transport.REST, Transport.WS)
_WS = (Transport.WS,)


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultKind:
    """One row: what happens, over which transports, and the number that may be given, with its unit."""

    name: str
    happens: str
    transports: tuple[Transport, ...] = _BOTH
    value: float = 0
    unit: str = ""

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
    FaultKind(name="429", happens="refuses with 429, error -1003", value=1, unit="seconds of Retry-After"),
    FaultKind(name="418", happens="refuses with 418, error -1003", value=120, unit="seconds of Retry-After"),
    FaultKind(name="503", happens="refuses with 503, error -1001"),
    FaultKind(name="retired", happens="refuses with 400, error -5000"),
    FaultKind(name="maintenance", happens="refuses with 503, error -1016"),
    FaultKind(name="clock", happens="runs its clock ahead", value=3600, unit="seconds"),
    FaultKind(name="mode-flip", happens="changes the position mode after the first request for the mode"),
    FaultKind(name="duplicate-id", happens="sends every response twice", transports=_WS),
    FaultKind(name="wrong-id", happens="responds under an id that no request has", transports=_WS),
    FaultKind(name="revoked", happens="refuses with 401, error -2015 and no id, as for a deleted key", transports=_WS),
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
KINDS = {row.name: row for row in _ROWS}
WHOLE_RUN = frozenset({"clock", "mode-flip"})
"""Faults of the exchange as a whole, not of single responses."""

HANDSHAKE = frozenset({"html", "redirect"})
"""Faults that a WebSocket meets when it is opened."""

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

    def applies_to(self, call: str, transport: str) -> bool:
        """Tell whether a request of that id and transport is one it concerns."""
        return transport in KINDS[self.name].transports and (self.on is None or f".{self.on}." in f".{call}.")


def parse(spelling: str) -> Fault:
    """Read `NAME[:VALUE][xTIMES][@WORDS]`, such as `late:5x2@usdm.rest`; UsageError names the known ones."""
    match = _SPELLING.fullmatch(spelling)
    if not match:
        raise UsageError(f"fault {spelling!r} does not have the form {_FORM}")
    name = match["name"]
    if name not in KINDS:
        raise UsageError(f"unknown fault {name!r}{nearest(name, KINDS)}; known: {', '.join(KINDS)}")
    kind = KINDS[name]
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
