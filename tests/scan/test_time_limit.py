"""Work that looks at no clock ends all the same, and says so."""

from __future__ import annotations

import re
import signal
from threading import Thread

import pytest

from wireshape.scan import detectors, scanner
from wireshape.scan.time_limit import TooLongError, limited

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timer of processor time")
ENDLESS = re.compile(r"(?:a|a)*b")


def _work(_: bytes = b"") -> None:
    ENDLESS.match("a" * 200)


def test_a_pattern_without_an_end_is_ended() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(TooLongError), limited(0.1):
        _work()
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_what_could_not_be_looked_at_in_time_is_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_SECONDS", -0.9)
    monkeypatch.setattr(detectors, "find", _work)
    (leak,) = scanner.scan(b"text")
    assert (leak.rule, leak.kind) == ("scan-incomplete", "long work")


def test_beside_the_main_thread_there_is_no_timer() -> None:
    done = []

    def work() -> None:
        with limited(0.1):
            done.append(signal.getitimer(signal.ITIMER_PROF))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done == [(0.0, 0.0)]
