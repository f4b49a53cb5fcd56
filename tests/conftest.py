"""How the suite runs: in parallel where that pays, and without a clock that could fail a test on a busy machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# What nobody has seen is looked for at a desk; a run that decides over a change gives the same result every time.
settings.register_profile(
    "suite",
    max_examples=150,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Give 0 for files and single tests, which are done before workers are up, and for `-s`, which workers ignore."""
    small = all(Path(arg.partition("::")[0]).is_file() for arg in config.args)
    return 0 if small or config.option.capture == "no" else None
