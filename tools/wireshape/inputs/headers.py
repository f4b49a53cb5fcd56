"""Reads HTTP headers in all the ways in which recorders keep them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_PAIR = 2


class _Header(NamedTuple):
    name: Any
    value: Any


def read(kept: Any) -> dict[str, str]:
    """Give headers by their names in small letters, each with its first value; none where it is no such thing."""
    first: dict[str, str] = {}
    for name, value in _headers(kept):
        text = value[0] if isinstance(value, list) and value else value
        if isinstance(name, str) and isinstance(text, str | int):
            first.setdefault(name.strip().lower(), str(text).strip())
    return first


def _headers(kept: Any) -> Iterator[_Header]:
    """Yield headers of an object, of name and value in turn, of pairs, and of objects with name or key and value."""
    if isinstance(kept, dict):
        yield from (_Header(name, value) for name, value in kept.items())
    elif isinstance(kept, list) and kept and all(isinstance(each, str) for each in kept):
        yield from (_Header(name, value) for name, value in zip(kept[::2], kept[1::2], strict=False))
    elif isinstance(kept, list):
        for each in kept:
            if isinstance(each, list) and len(each) == _PAIR:
                yield _Header(each[0], each[1])
            elif isinstance(each, dict):
                yield _Header(each.get("name", each.get("key")), each.get("value", each.get("values")))
