"""Reads one answer per line; request frames of the WebSocket API among the lines name the endpoint of their answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from wireshape.model import Endpoint, Problem
from wireshape.sources import body
from wireshape.sources.context import Context, Item


def looks_like(raw: bytes) -> bool:
    """Tell whether the first of several lines is a JSON object of its own."""
    first, _, rest = raw.strip().partition(b"\n")
    return bool(rest) and isinstance(_parsed(first), dict)


def read(raw: bytes, context: Context) -> Iterator[Item]:
    """Yield an interaction per line; a line that cannot be read is a finding of its own."""
    asked: dict[Any, Endpoint | None] = {}
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        frame = _parsed(line) if asked or b'"method"' in line else None
        if isinstance(frame, dict) and isinstance(frame.get("method"), str) and "id" in frame:
            asked[str(frame["id"])] = context.find(frame["method"], None)
            continue
        answered = asked.pop(str(frame.get("id")), None) if isinstance(frame, dict) else None
        item = body.read(line, replace(context, endpoint=answered or context.endpoint), number)
        if isinstance(item, Problem):
            item = replace(item, location=replace(item.location, line=number))
        yield item


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
