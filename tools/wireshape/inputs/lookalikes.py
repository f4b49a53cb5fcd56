"""Says what a file that is no answer looks like: rows of lookalikes.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from wireshape.inputs import pointers

_ROWS = 20
"""Rows of an array that are looked at."""
WORDING = "a file of translations"
"""What a value of words is called."""
_WORDS = 2
"""Texts from which on a value is taken for one of words."""
_WORDING = re.compile(r"[^\W\d_]{2}")
_FILE = Path(__file__).with_name("lookalikes.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookalike:
    """One row: see lookalikes.toml for what each member says."""

    name: str
    has: tuple[str, ...]
    without: tuple[str, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    index: bool = False

    def fits(self, value: Any) -> bool:
        """Tell whether a value looks like this."""
        if isinstance(value, dict) and value.keys().isdisjoint(_first_steps(self.has[0])):
            return False
        return (
            all(_has(value, each) for each in self.has)
            and not any(_has(value, each) for each in self.without)
            and all(text in str(pointers.first(value, [place])) for place, text in self.says.items())
        )


def _has(value: Any, places: str) -> bool:
    """Tell whether one of some places is in a value: one that begins with * in a row of an array."""
    return any(
        any(_reaches(row, steps[1:]) for row in value[:_ROWS]) if steps[0] == pointers.EVERY else _reaches(value, steps)
        for steps in _alternatives(places)
        if isinstance(value, list) or steps[0] != pointers.EVERY
    )


def _reaches(value: Any, steps: tuple[str, ...]) -> bool:
    for step in steps:
        if isinstance(value, list):
            value = dict(zip(map(str, range(_ROWS)), value, strict=False))
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


@cache
def _first_steps(places: str) -> frozenset[str]:
    return frozenset(steps[0] for steps in _alternatives(places))


@cache
def _alternatives(places: str) -> tuple[tuple[str, ...], ...]:
    return tuple(map(pointers.parse, places.split("|")))


def name_of(value: Any) -> str | None:
    """Say what a value looks like, None where it looks like nothing known."""
    if not isinstance(value, dict | list):
        return None
    return next((each.name for each in _load() if each.fits(value)), None)


def has_wording(value: Any) -> bool:
    """Tell whether a value names things in words, as files of translations do: texts alone, and no number is one."""
    texts = list(_texts(value))
    return len(texts) >= _WORDS and all(text is not None and _WORDING.search(text) for text in texts)


def _texts(value: Any) -> Iterator[str | None]:
    """Yield the texts in objects within each other, None for anything else."""
    if isinstance(value, dict) and value:
        for member in value.values():
            yield from _texts(member)
    else:
        yield value if isinstance(value, str) else None


def name_of_bytes(raw: bytes) -> str | None:
    """Say what begins with such bytes, None where that is nothing known."""
    return next((each.name for each in _begun() if raw[each.at :].startswith(each.begins)), None)


def is_index(value: Any) -> bool:
    """Tell whether a value only lists the files beside it, so that nothing of it is an answer."""
    return isinstance(value, dict) and any(each.index and each.fits(value) for each in _load())


class _Begun(NamedTuple):
    """What a kind of file begins with, after some bytes."""

    name: str
    begins: bytes
    at: int


@cache
def _begun() -> tuple[_Begun, ...]:
    rows = tomllib.loads(_FILE.read_text("utf-8"))["binary"]
    return tuple(_Begun(row["name"], bytes.fromhex(row["begins"]), row.get("at", 0)) for row in rows)


@cache
def _load() -> tuple[Lookalike, ...]:
    rows = tomllib.loads(_FILE.read_text("utf-8"))["lookalike"]
    return tuple(
        Lookalike(
            name=row["name"],
            has=tuple(row["has"]),
            without=tuple(row.get("without", ())),
            says=row.get("says", {}),
            index=row.get("index", False),
        )
        for row in rows
    )
