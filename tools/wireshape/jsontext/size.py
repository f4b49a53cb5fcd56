"""How many values a JSON text has, told before they are made: each takes many times the room of its text."""

from __future__ import annotations

import re

MAX_CONTAINERS = 250_000
"""Objects and arrays that are read; an answer of 700 symbols has less than two thousand."""
MAX_VALUES = 4_000_000
"""Values of any kind that are read."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def excess(text: bytes) -> str | None:
    """Say of which values a text has more than are read, None where it has no more."""
    said = _excess(text)
    # Brackets and commas inside of strings are no values; to leave them out costs more than to count them.
    return said and _excess(_STRING.sub(b"", text))


def _excess(text: bytes) -> str | None:
    containers = text.count(b"{") + text.count(b"[")
    if containers > MAX_CONTAINERS:
        return f"more than {MAX_CONTAINERS:,} objects and arrays"
    return f"more than {MAX_VALUES:,} values" if containers + text.count(b",") > MAX_VALUES else None
