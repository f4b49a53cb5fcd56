"""Where a value breaks a contract: failures alike are one with a count, so that many rows cost no more than few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any, NamedTuple

from wireshape.jsontext.paths import ROWS
from wireshape.model import InstancePath

FORM = "form"
"""Stands for any keyword that speaks of a value's form."""
REQUIRED = "required"
TYPE = "type"
_OF_THE_FORM = {"pattern", "not", "anyOf", "minimum", "maximum"}
_MOST_VALUES = 1000
"""Different values of one field that are kept apart; those behind are counted together."""


class Failure(NamedTuple):
    """The first place where values alike break a contract, the keyword they break, and how many there are.

    Of `required`, the place is that of the member that is missing.
    """

    path: InstancePath
    keyword: str
    times: int = 1


class Failures:
    """Failures of one value, to be added in its order: one for each field, keyword and value there."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Failure] = {}
        self._values: Counter[Hashable] = Counter()

    def add(self, path: InstancePath, keyword: str, value: Any = None, times: int = 1) -> None:
        """Take what a value breaks at a path, or at so many with that the first."""
        place = (*(ROWS if isinstance(step, int) else step for step in path), keyword)
        key: Hashable = (place, identity(value))
        if key not in self._found:
            if self._values[place] >= _MOST_VALUES:
                key = (place, type(value))
            self._values[place] += 1
        before = self._found.get(key)
        self._found[key] = before._replace(times=before.times + times) if before else Failure(path, keyword, times)

    def ordered(self) -> list[Failure]:
        """List them in the order of the value; a missing member comes where its object does."""
        return sorted(self._found.values(), key=in_order)


def kind_of(keyword: str) -> str:
    """Give what a keyword of a schema is called here."""
    return FORM if keyword in _OF_THE_FORM else keyword


def identity(value: Any) -> Hashable:
    """Give what values alike have in common: true, 1 and 1.0 are three, and every array is like another."""
    kind = type(value)
    return value if kind is str else kind if kind is dict or kind is list else (kind, value)


def in_order(failure: Failure) -> tuple[list[tuple[bool, str | int]], str]:
    """Order failures as the value has them; a missing member comes where its object does."""
    path = failure.path[:-1] if failure.keyword == REQUIRED else failure.path
    return [(isinstance(step, str), step) for step in path], failure.keyword
