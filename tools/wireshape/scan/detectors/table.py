"""Reads detectors.toml: the kinds of secrets, the patterns, the placeholders, and the networks that are nobody's."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import chain
from pathlib import Path
from typing import Any

_PATTERNS = ("patterns", "statements", "tokens")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Something in a text that looks like a leak: the rule it breaks, what it is, its value, and where that begins."""

    rule: str
    kind: str
    start: int
    value: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Values that are secret by their name; `value` is what one has to look like."""

    rule: str
    kind: str
    names: tuple[re.Pattern[bytes], ...]
    value: re.Pattern[bytes]
    whole: bool
    prose: bool
    random: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """Values that are secret by what they look like, tried where a text has the anchor."""

    rule: str
    kind: str
    anchor: bytes
    shape: re.Pattern[bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The rows of detectors.toml, ready to be looked for."""

    named: tuple[Named, ...]
    patterns: tuple[Pattern, ...]
    placeholder: re.Pattern[str]
    nobody: tuple[IPv4Network | IPv6Network, ...]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent.parent / f"{name}.toml").read_text("utf-8"))


@cache
def load() -> Table:
    """Read detectors.toml and the tables of patterns."""
    rows = _read("detectors")
    patterns = chain.from_iterable(_read(name)["pattern"] for name in _PATTERNS)
    return Table(
        named=tuple(
            Named(
                rule=row["rule"],
                kind=row["kind"],
                names=tuple(re.compile(name.encode()) for name in row["names"]),
                value=re.compile(row.get("value", ".*").encode(), re.DOTALL),
                whole=row.get("whole", False),
                prose=row.get("prose", False),
                random=row.get("random", False),
            )
            for row in rows["named"]
        ),
        patterns=tuple(
            Pattern(
                rule=row["rule"],
                kind=row["kind"],
                anchor=row["anchor"].encode("latin-1"),
                shape=re.compile(row["pattern"].encode("latin-1")),
            )
            for row in patterns
        ),
        placeholder=re.compile("|".join(f"(?:{shape})" for shape in rows["placeholders"]), re.IGNORECASE | re.DOTALL),
        nobody=tuple(map(ip_network, rows["nobody"])),
    )
