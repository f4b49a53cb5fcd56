"""How pages word modes, weights and fields: schemas/documentation.json and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

_BETWEEN = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Vocabulary:
    """Phrases by what they mean: products, margin modes, position modes, fields; and what a weight is called."""

    weight: re.Pattern[str]
    heads: dict[str, tuple[str, ...]]
    rows: tuple[tuple[str, ...], ...]
    asides: tuple[str, ...]
    examples: tuple[str, ...]
    products: dict[str, tuple[str, ...]]
    margin: dict[str, tuple[str, ...]]
    position: dict[str, tuple[str, ...]]
    fields: tuple[tuple[str, frozenset[str]], ...]

    def describes(self, comment: str) -> frozenset[str]:
        """Name the fields a comment can be about, by the longest phrase in it; none where it has no known phrase."""
        words = _plain(comment)
        found = [(len(phrase), fields) for phrase, fields in self.fields if phrase in words]
        return max(found, key=lambda each: each[0])[1] if found else frozenset()

    def explains(self, comment: str) -> bool:
        """Tell whether a comment puts its field in terms of others, and so speaks of them rightly."""
        return any(aside in comment.lower() for aside in self.asides)

    def lists_all(self, comment: str, at: int) -> bool:
        """Tell whether what a comment lists from an offset on is meant to be all there can be."""
        return not any(word in comment[:at].lower() for word in self.examples)

    def knows(self, field: str) -> bool:
        """Tell whether there are phrases for a field."""
        return any(field in fields for _, fields in self.fields)


@cache
def load(schemas: Path) -> Vocabulary:
    """Read the wording of a schema folder."""
    raw = orjson.loads((schemas / "documentation.json").read_bytes())
    return Vocabulary(
        weight=re.compile("|".join(map(re.escape, raw["weight"])), re.IGNORECASE),
        heads={name: tuple(map(_plain, raw[name])) for name in ("request", "response")},
        rows=tuple(map(tuple, raw["rows"])),
        asides=tuple(raw["asides"]),
        examples=tuple(raw["examples"]),
        products={name: tuple(map(str.lower, phrases)) for name, phrases in raw["products"].items()},
        margin={name: tuple(map(_plain, phrases)) for name, phrases in raw["margin"].items()},
        position={name: tuple(map(_plain, phrases)) for name, phrases in raw["position"].items()},
        fields=tuple((_plain(p), frozenset(row["fields"])) for row in raw["meanings"] for p in row["phrases"]),
    )


def named(lines: Iterable[str], words: dict[str, tuple[str, ...]]) -> str | None:
    """Give what the first line that names exactly one of words names."""
    for line in lines:
        plain = _plain(line)
        found = [name for name, phrases in words.items() if any(phrase in plain for phrase in phrases)]
        if len(found) == 1:
            return found[0]
    return None


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", text.lower()).strip()
