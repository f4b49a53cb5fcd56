"""Standard streams that are closed: one line where one can be said, and the exit code in any case."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wireshape import resources
from wireshape.model import Exit

RECORDING = str(resources.CASSETTES / "usdm/rest/v3/account/single-asset.one-way.loopback.yaml")
CLOSED = "cannot write the report: standard output is closed"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="closes streams as a POSIX shell does")


def _run(redirection: str, *args: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'exec "$0" -m wireshape "$@" {redirection}', sys.executable, *args]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("args", [("check", RECORDING), ("rules",), ("scan", RECORDING)])
def test_without_standard_output_nothing_is_clean(args: tuple[str, ...]) -> None:
    run = _run(">&-", *args)
    assert (run.returncode, run.stderr) == (Exit.UNCHECKED, f"wireshape: {CLOSED}\n")


def test_a_report_that_goes_to_a_file_needs_no_standard_output(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    run = _run(">&-", "check", RECORDING, "--output", str(report))
    assert (run.returncode, run.stderr) == (Exit.CLEAN, "")
    assert "1 answer checked, 1 clean" in report.read_text("utf-8")


@pytest.mark.parametrize("redirection", ["2>&-", "2>&- <&-"])
def test_without_standard_error_the_report_is_shown(redirection: str) -> None:
    run = _run(redirection, "check", RECORDING)
    assert run.returncode == Exit.CLEAN
    assert "1 answer checked, 1 clean" in run.stdout


def test_with_no_stream_at_all_the_exit_code_tells() -> None:
    assert _run("<&- >&- 2>&-", "check", RECORDING).returncode == Exit.UNCHECKED
