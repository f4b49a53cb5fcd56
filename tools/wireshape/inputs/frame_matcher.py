"""Pairs the frames of one WebSocket connection: an answer belongs to the request of its id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from wireshape.model import Endpoint


class FrameMatcher:
    """The requests that still wait for an answer, by id; find gives the endpoint of a method, None for another."""

    def __init__(self, find: Callable[[str], Endpoint | None]) -> None:
        self._find = find
        self._waiting: dict[str, Endpoint | None] = {}
        self._endpoints: dict[str, Endpoint] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def request(self, frame: Any) -> bool:
        """Take note of a request frame; False for any other frame."""
        if not isinstance(frame, dict) or not isinstance(frame.get("method"), str) or "id" not in frame:
            return False
        endpoint = self._waiting[str(frame["id"])] = self._find(frame["method"])
        if endpoint:
            self._endpoints[endpoint.id] = endpoint
        return True

    def endpoint_of(self, frame: Any) -> Endpoint | None:
        """Give the endpoint that an answer frame comes from, None for one that answers no request of the catalogue.

        A frame that names no request (cut short, or an error with a null id) answers the only one that waits, or else
        belongs to the only endpoint that was asked at all.
        """
        key = str(frame.get("id")) if isinstance(frame, dict) else ""
        if key in self._waiting:
            return self._waiting.pop(key)
        nameless = not isinstance(frame, dict) or ("error" in frame and frame.get("id") is None)
        if nameless and len(self._waiting) == 1:
            return self._waiting.popitem()[1]
        return next(iter(self._endpoints.values())) if nameless and len(self._endpoints) == 1 else None


def parsed(frame: Any) -> Any:
    """Parse a frame, None where it is no JSON."""
    try:
        return orjson.loads(frame) if isinstance(frame, str | bytes) else None
    except orjson.JSONDecodeError:
        return None
