"""The clock of an exchange: near its time, and never so far ahead that a request is refused."""

from __future__ import annotations

import time

import pytest

from wireshape.live.signing import Clock

NOW = 1_760_000_000_000


@pytest.mark.parametrize("seconds", [0.0, 0.8, 3.0, 10.0])
@pytest.mark.parametrize("told", [0.0, 0.5, 1.0])
def test_a_slow_answer_puts_no_time_ahead(monkeypatch: pytest.MonkeyPatch, seconds: float, told: float) -> None:
    sent = 1000.0
    clock = Clock(NOW, sent, sent + seconds)
    monkeypatch.setattr(time, "monotonic", lambda: sent + seconds)
    true_time = NOW + seconds * (1 - told) * 1000
    ahead = clock.now() - true_time
    assert -seconds * 1000 - 1 <= ahead <= 501
