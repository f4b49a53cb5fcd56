"""Pairs the frames of one WebSocket connection: an answer belongs to the request of its id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from wireshape.model import Endpoint

Endpoints = tuple[Endpoint, ...]
"""The endpoints that a request may have asked: several where a method stands in several products."""


class FrameMatcher:
    """The requests that still wait for an answer, by id; find lists the endpoints of a method, none for another."""

    def __init__(self, find: Callable[[str], Endpoints]) -> None:
        self._find = find
        self._waiting: dict[str, Endpoints] = {}
        self._asked: set[Endpoints] = set()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def request(self, frame: Any) -> bool:
        """Take note of a request frame; False for any other frame."""
        if not isinstance(frame, dict) or not isinstance(frame.get("method"), str) or "id" not in frame:
            return False
        endpoints = self._waiting[str(frame["id"])] = self._find(frame["method"])
        if endpoints:
            self._asked.add(endpoints)
        return True

    def endpoints_of(self, frame: Any) -> Endpoints | None:
        """List the endpoints that an answer frame may come from: none for one to another request, None for one to none.

        A frame that names no request (cut short, or an error with a null id) answers the only one that waits, or else
        belongs to the only method that was asked at all.
        """
        key = str(frame.get("id")) if isinstance(frame, dict) else ""
        if key in self._waiting:
            return self._waiting.pop(key)
        nameless = not isinstance(frame, dict) or ("error" in frame and frame.get("id") is None)
        if nameless and len(self._waiting) == 1:
            return self._waiting.popitem()[1]
        return next(iter(self._asked)) if nameless and len(self._asked) == 1 else None


def parsed(frame: Any) -> Any:
    """Parse a frame, None where it is no JSON."""
    try:
        return orjson.loads(frame) if isinstance(frame, str | bytes) else None
    except orjson.JSONDecodeError:
        return None
