"""A clock that a test sets ahead: timeouts end when the test says so, and at no other moment."""

from __future__ import annotations

import asyncio

import pytest


class LoopClock:
    """The time of the event loops that `asyncio.run` makes from now on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        monkeypatch.setattr("asyncio.events.new_event_loop", self._new_loop)

    def advance(self, seconds: float) -> None:
        """Set the running loop ahead, from any thread."""
        assert self._loop
        self._loop.call_soon_threadsafe(self._add, seconds)

    def _add(self, seconds: float) -> None:
        self._ahead += seconds

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        clock = self

        class Loop(asyncio.SelectorEventLoop):
            def time(self) -> float:
                return super().time() + clock._ahead

        self._loop = Loop()
        return self._loop
