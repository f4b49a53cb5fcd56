"""Which endpoints a file is named for: by their id or operation, whatever stands between the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from wireshape.catalog.endpoints import Catalog
from wireshape.model import Endpoint

_WORD = re.compile(r"[a-z0-9]+")
_FOLDER = re.compile(r"[/\\]")
_LEAST = 2
"""Words that say something: one alone stands in too many names."""
_KEPT = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spelled:
    """Words of a name that spell endpoints: from start to before end."""

    start: int
    end: int
    endpoints: frozenset[str]

    def inside(self, other: _Spelled) -> bool:
        """Tell whether another one has all of these words, and more."""
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


@lru_cache(maxsize=_KEPT)
def named(catalog: Catalog, file: str) -> frozenset[str]:
    """Give the ids of the endpoints that a file is named for, or else its folders; none where neither is.

    Of two spellings of which one is part of the other, the longer counts.
    """
    parts = [_words(part) for part in _FOLDER.split(file)]
    words = [word for part in parts for word in part]
    own = len(words) - len(parts[-1])
    found = list(_found(words, _spellings(catalog)))
    longest = [each for each in found if not any(each.inside(other) for other in found)]
    last = max((each.end for each in longest), default=0)
    counted = [each for each in longest if each.end > own] or [each for each in longest if each.end == last]
    return frozenset(endpoint for each in counted for endpoint in each.endpoints)


def _found(words: Sequence[str], spellings: Mapping[tuple[str, ...], frozenset[str]]) -> Iterator[_Spelled]:
    for size in {len(spelling) for spelling in spellings}:
        for start in range(len(words) - size + 1):
            if endpoints := spellings.get(tuple(words[start : start + size])):
                yield _Spelled(start=start, end=start + size, endpoints=endpoints)


@cache
def _spellings(catalog: Catalog) -> Mapping[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for endpoint in catalog.endpoints:
        for spelling in _spellings_of(endpoint):
            if len(spelling) >= _LEAST:
                found[spelling] = found.get(spelling, frozenset()) | {endpoint.id}
    return found


def _spellings_of(endpoint: Endpoint) -> set[tuple[str, ...]]:
    """List the words of an endpoint's id, of what is left of it without the version, and of its operation."""
    operation = endpoint.operation.method if endpoint.payload else endpoint.operation.path
    rest = endpoint.id.removeprefix(f"{endpoint.product}.{endpoint.transport}.{endpoint.version}.")
    return {tuple(_words(text)) for text in (endpoint.id, rest, operation)}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
