"""Finds what looks like a leak in a text: by name, by pattern, by the letters of a key, by being an address."""

from __future__ import annotations

from collections.abc import Iterator

from wireshape.scan.detectors.addresses import addresses
from wireshape.scan.detectors.keys import keys
from wireshape.scan.detectors.mails import mails
from wireshape.scan.detectors.named import named
from wireshape.scan.detectors.plausible import is_placeholder
from wireshape.scan.detectors.table import Hit, load


def find(data: bytes) -> Iterator[Hit]:
    """Yield everything in a text that looks like a leak, whatever secrets are known."""
    yield from named(data)
    yield from patterns(data)
    yield from keys(data)
    yield from addresses(data)
    yield from mails(data)


def patterns(data: bytes) -> Iterator[Hit]:
    """Yield what the patterns of the table match, but for placeholders."""
    for row in load().patterns:
        if row.anchor not in data:
            continue
        for match in row.shape.finditer(data):
            group = match.lastindex or 0
            if not is_placeholder(match[group]):
                yield Hit(rule=row.rule, kind=row.kind, start=match.start(group), value=match[group])
