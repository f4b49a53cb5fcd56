"""Asks the exchange for its time and for the mode an account is in, which no REST v3 body tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wireshape.catalog.operations import Call, ModePart
from wireshape.inputs.frame_matcher import parsed
from wireshape.jsontext.paths import at
from wireshape.live.errors import LiveError
from wireshape.live.rest import Rest
from wireshape.live.session import LiveResponse
from wireshape.live.signing import Clock
from wireshape.model import Mode, Reason

_EARLIEST, _LATEST = 1_500_000_000_000, 10_000_000_000_000
_WORDS = {ModePart.MARGIN: ("single-asset", "multi-assets"), ModePart.POSITION: ("one-way", "hedge")}
_OF_ONE_OPERATION = {Reason.RETIRED, Reason.REFUSED, Reason.REQUEST, Reason.HTML, Reason.TYPE, Reason.MODE}
"""Failures of one operation that need not be those of the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DetectedMode:
    """The mode of an account, and the calls that told it."""

    mode: Mode
    by: tuple[Call, ...]


async def clock(rest: Rest, asked: Call) -> Clock:
    """Ask for the time of the exchange; LiveError where it tells none."""
    answer = await rest.ask(asked)
    now = at(parsed(answer.body), ("serverTime",))
    if type(now) is not int or not _EARLIEST < now < _LATEST:
        raise LiveError(Reason.CLOCK, "the exchange told no time")
    return Clock(now, answer.sent, answer.came)


async def mode(rest: Rest, asked: Sequence[Call], parts: Iterable[str]) -> DetectedMode:
    """Ask in order until all parts of the mode are told; LiveError is that of the last call that did not tell."""
    told: dict[ModePart, str] = {}
    by: list[Call] = []
    failure = LiveError(Reason.MODE, "no operation tells it")
    for call in asked:
        missing = {member: part for member, part in call.tells.items() if part in parts and part not in told}
        if not missing:
            continue
        try:
            found = _flags(await rest.ask(call), missing)
        except LiveError as error:
            if error.reason not in _OF_ONE_OPERATION:
                raise
            failure = error
            continue
        told |= found
        by.append(call)
    if told.keys() != set(parts):
        raise failure
    return DetectedMode(mode=Mode(margin=told.get(ModePart.MARGIN), position=told[ModePart.POSITION]), by=tuple(by))


async def require_same(rest: Rest, before: DetectedMode, parts: Iterable[str]) -> None:
    """Ask once more whoever told the mode; LiveError where it is another now."""
    after = await mode(rest, before.by, parts)
    if after.mode != before.mode:
        raise LiveError(Reason.MODE, f"it changed from {before.mode} to {after.mode} while answers were asked for")


def _flags(answer: LiveResponse, missing: Mapping[str, ModePart]) -> dict[ModePart, str]:
    value = parsed(answer.body)
    found = {part: at(value, (member,)) for member, part in missing.items()}
    flags = {part: _WORDS[part][flag] for part, flag in found.items() if isinstance(flag, bool)}
    if not flags:
        raise LiveError(Reason.MODE, f"the answer holds no {' and no '.join(missing)}")
    return flags
