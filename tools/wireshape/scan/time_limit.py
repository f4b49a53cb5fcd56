"""Ends work that takes too long in the middle of it: neither a pattern nor a library looks at the clock."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


class TooLongError(BaseException):
    """The time is over; no Exception, so that nobody who expects a damaged file takes it for one."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TooLongError after so much processor time; Windows, and threads beside the main one, have no such timer."""
    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return
    running = True

    def stop(*_: object) -> None:
        if running:
            raise TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
