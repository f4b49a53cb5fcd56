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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what cost most, of the tests that measure it."""
    reports = [
        each for name in ("passed", "failed") for each in terminalreporter.getreports(name) if each.when == "call"
    ]
    costs = sorted(((dict(each.user_properties).get("cost", ""), each.nodeid) for each in reports), reverse=True)
    for cost, name in costs[:10]:
        if cost:
            terminalreporter.write_line(f"{cost}  {name}")
