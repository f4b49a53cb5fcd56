"""The programs that the page of commands shows for `serve` run as they stand there."""

from __future__ import annotations

import re

import pytest

import documents
from documents import ROOT
from loopback import HMAC, SECRET, look_up_nobody_else, settings
from wireshape import exchange

COMMANDS = (ROOT / "tools/wireshape/cli/COMMANDS.md").read_text("utf-8")
PROGRAMS = documents.blocks(documents.section(COMMANDS, "serve"), "python")
MODULE = re.compile(r"^(?:import|from) ([\w.]+)", re.MULTILINE)
BASE = "http://127.0.0.1:8765"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up_nobody_else(monkeypatch)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: MODULE.findall(program)[-1])
def test_a_shown_program_runs(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    for module in MODULE.findall(program):
        pytest.importorskip(module, reason=f"{module} is not installed")
    with exchange.running(settings()) as server:
        names = {"KEY": HMAC, "SECRET": SECRET}
        exec(compile(program.replace(BASE, server.rest), "COMMANDS.md", "exec"), names)  # noqa: S102 - it is our own page
        asked = {request.status for request in server.requests}
    assert "USDT" in capsys.readouterr().out if BASE in program else "exchange.running" in program
    assert asked == ({200} if BASE in program else set())
