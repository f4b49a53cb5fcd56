"""Makes times up: in the order of the true ones, equal where these are equal, and otherwise independent of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from wireshape.disguise.draws import Draws
from wireshape.errors import InputError

_WHOLE = re.compile(r"[1-9][0-9]*")
_PER_SECOND = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}
"""How many units of a time a second has, by its digits."""
# Times before the first are none that a contract takes, and stay so.
_FIRST = 1_500_000_000
_FAR = 2_000_000_000
"""In 2033: what an answer has of such times is a mistake, whenever it was recorded."""


class _Era(Enum):
    """From and to when times are made up; far times stay so, as a check tells them."""

    EARLY = (10**9, _FIRST)
    PAST = (1_600_000_000, 1_760_000_000)
    FUTURE = (4_000_000_000, 9_000_000_000)


class _Kind(NamedTuple):
    unit: int
    era: _Era


class Times:
    """The times of one run."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._new: dict[_Kind, dict[int, int]] = {}

    def meet(self, texts: Iterable[str]) -> None:
        """Make up times for all of an answer, so that there is room between them; InputError where there is none."""
        new: dict[_Kind, set[int]] = {}
        for text in texts:
            if kind := _kind(text):
                new.setdefault(kind, set()).add(int(text))
        for kind, times in new.items():
            if unmet := times.difference(self._new.get(kind, ())):
                self._add(kind, sorted(unmet))

    def get(self, text: str) -> str | None:
        """Give the made-up time of one that was met; None for what is no time, 0 among it."""
        kind = _kind(text)
        if kind is None:
            return None
        self.meet([text])
        return str(self._new[kind][int(text)])

    def _add(self, kind: _Kind, times: list[int]) -> None:
        known = self._new.setdefault(kind, {})
        true = sorted(known)
        first, last = kind.era.value
        edges = [first * kind.unit - 1, *(known[each] for each in true), last * kind.unit]
        gaps: dict[int, list[int]] = {}
        for each in times:
            gaps.setdefault(bisect_left(true, each), []).append(each)
        for gap, inside in gaps.items():
            known.update(zip(inside, self._between(edges[gap], edges[gap + 1], len(inside)), strict=True))

    def _between(self, below: int, above: int, number: int) -> list[int]:
        """Draw different times between two, in order."""
        room = above - below - 1
        if room < number * 2:
            raise InputError("its times leave no other times in the same order")
        drawn: set[int] = set()
        attempt = 0
        while len(drawn) < number:
            drawn.add(below + 1 + self._draws.below(room, "time", below, above, attempt))
            attempt += 1
        return sorted(drawn)


def is_time(text: str) -> bool:
    """Tell whether a text may be a time since 1970, by its digits."""
    return _kind(text) is not None


def _kind(text: str) -> _Kind | None:
    unit = _PER_SECOND.get(len(text)) if _WHOLE.fullmatch(text) else None
    if not unit:
        return None
    seconds = int(text) // unit
    return _Kind(unit, _Era.EARLY if seconds < _FIRST else _Era.PAST if seconds < _FAR else _Era.FUTURE)


def month(recorded_at: str) -> str:
    """Give the first day of the month of a time in ISO 8601, at midnight."""
    day = datetime.fromisoformat(recorded_at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return day.isoformat().replace("+00:00", "Z")
