"""Asks the exchange for its time and for the mode of an account, which a REST v3 answer does not state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wireshape.catalog.operations import Call, ModePart
from wireshape.jsontext.paths import at
from wireshape.live.errors import LiveError
from wireshape.live.rest import RestClient
from wireshape.live.signing import Clock
from wireshape.model import Mode, Reason

_EARLIEST, _LATEST = 1_500_000_000_000, 10_000_000_000_000
"""Milliseconds since 1970 between which a server time is believed."""
_NAMES = {
    ModePart.MARGIN: {False: "single-asset", True: "multi-assets"},
    ModePart.POSITION: {False: "one-way", True: "hedge"},
}
_OF_ONE_OPERATION = {Reason.RETIRED, Reason.REFUSED, Reason.REQUEST, Reason.HTML, Reason.TYPE, Reason.MODE}
"""Failures of one operation that need not be those of the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DetectedMode:
    """The mode of an account, and the calls that told it."""

    mode: Mode
    calls: tuple[Call, ...]


async def server_clock(rest: RestClient, call: Call) -> Clock:
    """Ask for the time of the exchange; LiveError where the response has none."""
    response = await rest.ask(call)
    now = at(response.value, ("serverTime",))
    if type(now) is not int or not _EARLIEST < now < _LATEST:
        raise LiveError(Reason.CLOCK, "the response has no valid serverTime")
    return Clock(now, response.sent, response.received)


async def detect(rest: RestClient, calls: Sequence[Call], parts: frozenset[ModePart]) -> DetectedMode:
    """Ask in order until all parts of the mode are known; LiveError is that of the last call that did not tell."""
    found: dict[ModePart, str] = {}
    telling: list[Call] = []
    failure: LiveError | None = None
    for call in calls:
        missing = {member: part for member, part in call.tells.items() if part in parts and part not in found}
        if not missing:
            continue
        try:
            response = await rest.ask(call)
            found |= _flags(response.value, missing)
        except LiveError as error:
            if error.reason not in _OF_ONE_OPERATION:
                raise
            failure = error
        else:
            telling.append(call)
    if found.keys() != parts:
        raise failure or LiveError(Reason.MODE, "no operation tells the account mode")
    mode = Mode(margin=found.get(ModePart.MARGIN), position=found[ModePart.POSITION])
    return DetectedMode(mode=mode, calls=tuple(telling))


async def require_unchanged(rest: RestClient, before: DetectedMode, parts: frozenset[ModePart]) -> None:
    """Repeat the calls that told the mode; LiveError where it is another now."""
    after = await detect(rest, before.calls, parts)
    if after.mode != before.mode:
        raise LiveError(Reason.MODE, f"the account mode changed from {before.mode} to {after.mode} during the run")


def _flags(value: Any, missing: Mapping[str, ModePart]) -> dict[ModePart, str]:
    found = {part: at(value, (member,)) for member, part in missing.items()}
    flags = {part: _NAMES[part][flag] for part, flag in found.items() if isinstance(flag, bool)}
    if not flags:
        raise LiveError(Reason.MODE, f"the response has no {' and no '.join(missing)}")
    return flags
