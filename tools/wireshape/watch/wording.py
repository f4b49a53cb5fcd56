"""How change logs word what they announce: change_log.toml and nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class Kind(StrEnum):
    """What an announcement says becomes of something: the names are those of the phrases in change_log.toml."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WEIGHT = "weight"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """change_log.toml: phrases by what they announce, what events of a rule need, and the days between."""

    days_apart: int
    phrases: Mapping[Kind, re.Pattern[str]]
    of_answers: re.Pattern[str]
    of_requests: re.Pattern[str]
    rules: Mapping[str, frozenset[Kind]]


@cache
def load() -> Wording:
    """Read change_log.toml."""
    rows = tomllib.loads(Path(__file__).with_name("change_log.toml").read_text("utf-8"))
    return Wording(
        days_apart=rows["days_apart"],
        phrases={Kind(name): _any_of(each) for name, each in rows["phrases"].items()},
        of_answers=_any_of(rows["fields"]["of_answers"]),
        of_requests=_any_of(rows["fields"]["of_requests"]),
        rules={name: frozenset(map(Kind, each)) for name, each in rows["rules"].items()},
    )


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """Find one of some phrases; words of Latin letters are whole ones."""
    return re.compile("|".join(rf"\b{re.escape(each)}\b" if each.isascii() else re.escape(each) for each in phrases))
