"""Finds secrets by their names: of members, parameters, headers, variables, options and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from wireshape.scan.detectors import columns, values
from wireshape.scan.detectors.plausible import is_message, is_placeholder, is_sentence, looks_random
from wireshape.scan.detectors.table import Hit, Named, load
from wireshape.scan.detectors.values import Name, Value

_MAX_PREFIX_BYTES = 64
_PREFIX = re.compile(rb"[A-Za-z0-9_.$-]{0,%d}\Z" % _MAX_PREFIX_BYTES)
# What may end an identifier without changing what it is; any other ending makes it another name.
_SUFFIX = re.compile(
    rb"(?:[-_.]?(?:test|main|prod|live|demo|dev|stag|hex|value|str|plain|old|new|[0-9])[a-z0-9]{0,8})?(?!-?[a-z0-9_])"
)
# What a header says of how it authorizes is no word of a sentence.
_SCHEME = re.compile(rb"(?i)(?:bearer|basic|token|apikey|negotiate)\s+\S+")


def named(data: bytes) -> Iterator[Hit]:
    """Yield the values of all names that say they are secret."""
    # One search per name, each for letters as they are, is several times as fast as one for all in any case.
    lowered = data.lower()
    for row in load().named:
        for match in chain.from_iterable(name.finditer(lowered) for name in row.names):
            if end := _SUFFIX.match(lowered, match.end()):
                yield from _hits(data, row, match.start(), end.end())


def _hits(data: bytes, row: Named, start: int, end: int) -> Iterator[Hit]:
    prefix = _PREFIX.search(data[max(start - _MAX_PREFIX_BYTES, 0) : start])
    name = Name(start=start - (len(prefix[0]) if prefix else 0), end=end)
    value = values.find(data, name, whole=row.whole)
    for each in [value] if value else columns.find(data, name, random=row.rule != "identity-found"):
        if _is_secret(row, each):
            yield Hit(rule=row.rule, kind=row.kind, start=each.start, value=each.text)


def _is_secret(row: Named, value: Value) -> bool:
    if is_placeholder(value.text) or not row.value.fullmatch(value.text):
        return False
    if row.random and not looks_random(value.text):
        return False
    if row.whole and _SCHEME.fullmatch(value.text):
        return True
    return not (is_message(value.text) if row.prose else is_sentence(value.text))
