"""Faults by name: how an exchange can go wrong, one row each, so that a client can be shown every one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wireshape.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One row: what happens, over which transports, and the number that may be given."""

    says: str
    transports: tuple[str, ...] = ("rest", "ws")
    value: float = 0
    unit: str = ""


KINDS = {
    "late": Kind(says="answers late", value=30, unit="seconds"),
    "drop": Kind(says="never answers, and keeps the connection"),
    "cut": Kind(says="ends before the length it announced, or in the middle of a frame"),
    "reset": Kind(says="resets the connection instead of answering"),
    "slow-drip": Kind(says="sends the answer byte by byte", value=0.05, unit="seconds between bytes"),
    "endless": Kind(says="begins an answer that never ends"),
    "huge": Kind(says="sends an answer far too large", value=200, unit="MB"),
    "html": Kind(says="answers with an HTML page, over WebSocket at the handshake", value=403, unit="HTTP status"),
    "wrong-type": Kind(says="calls a good answer text/plain", transports=("rest",)),
    "redirect": Kind(says="redirects to another port, over WebSocket at the handshake"),
    "429": Kind(says="refuses with 429, -1003", value=1, unit="seconds of Retry-After"),
    "418": Kind(says="refuses with 418, -1003", value=120, unit="seconds of Retry-After"),
    "503": Kind(says="refuses with 503, -1001"),
    "retired": Kind(says="refuses with 400, -5000"),
    "maintenance": Kind(says="refuses with 503, -1016"),
    "clock": Kind(says="has a clock that is ahead", value=3600, unit="seconds"),
    "mode-flip": Kind(says="changes the position mode after it was first asked for the mode"),
    "duplicate-id": Kind(says="answers twice", transports=("ws",)),
    "wrong-id": Kind(says="answers under an id nobody gave", transports=("ws",)),
    "revoked": Kind(says="refuses with 401, -2015 and no id, as if the key was deleted", transports=("ws",)),
    "out-of-order": Kind(
        says="holds each answer back until the next", transports=("ws",), value=0.25, unit="seconds at most"
    ),
    "noise-frame": Kind(says="sends an event before the answer", transports=("ws",)),
    "binary-frame": Kind(says="sends a binary frame before the answer", transports=("ws",)),
}
ALWAYS = frozenset({"clock", "mode-flip"})
"""Faults of the exchange as a whole, not of single answers."""

HANDSHAKE = frozenset({"html", "redirect"})
"""Faults that a WebSocket meets when it is opened."""

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

    def meets(self, call: str, transport: str) -> bool:
        """Tell whether a request of that id and transport meets it."""
        return transport in KINDS[self.name].transports and (self.on is None or f".{self.on}." in f".{call}.")


def parse(spelling: str) -> Fault:
    """Read `NAME[:VALUE][xTIMES][@WORDS]`, such as `late:5x2@usdm.rest`; UsageError names the known ones."""
    match = _SPELLING.fullmatch(spelling)
    if not match or match["name"] not in KINDS:
        raise UsageError(f"no fault {spelling!r}; known: {', '.join(KINDS)}; written NAME[:VALUE][xTIMES][@WORDS]")
    kind = KINDS[match["name"]]
    if match["times"] == "0" or (match["value"] or "").startswith("-"):
        raise UsageError(f"the fault {spelling!r} would never happen: times and values are more than 0")
    if match["value"] and not kind.unit:
        raise UsageError(f"the fault {match['name']} takes no value")
    if match["name"] in ALWAYS and (match["times"] or match["on"]):
        raise UsageError(f"the fault {match['name']} is of the whole run, not of single requests")
    return Fault(
        name=match["name"],
        value=float(match["value"] or kind.value),
        times=int(match["times"]) if match["times"] else None,
        on=match["on"],
    )


def described() -> list[tuple[str, str]]:
    """List the faults as a help text has them: how each is written, and what it does."""
    return [
        (f"{name}[:{kind.value:g}]" if kind.unit else name, f"{kind.says}{f' ({kind.unit})' if kind.unit else ''}")
        for name, kind in KINDS.items()
    ]
