"""Every fault of the loopback exchange ends in its exit code, and no canary gets out, whatever signs the requests."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import chance
from casebook import cases
from loopclock import LoopClock
from plantedexchange import codes, run, running
from wireshape import exchange
from wireshape.cli.main import cli
from wireshape.exchange.faults import kinds, parse
from wireshape.live.retry import Timeouts

FAULTS = cases("faults")


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)
    monkeypatch.setattr("wireshape.live.retry._FIRST_WAIT", 0.0)


def test_every_fault_has_a_case() -> None:
    assert {parse(case.values[0]["fault"]).name for case in FAULTS} == kinds().keys()


def _watch(case: dict[str, Any], clock: LoopClock) -> Callable[[exchange.RequestRecord], None]:
    """Let the client's timeout end as soon as the exchange has the request that it will not answer in time."""

    def watch(request: exchange.RequestRecord) -> None:
        if case.get("times_out") and request.id in case["args"]:
            clock.advance(Timeouts().response + 1)

    return watch


KEYS = [pytest.param(None, id="hmac"), pytest.param("key.pem", id="ed25519", marks=pytest.mark.whole)]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_ends_in_its_exit_code_and_lets_no_canary_out(
    case: dict[str, Any],
    key: str | None,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "vcr", "websockets"):
        caplog.set_level(logging.DEBUG, name)
    watch = _watch(case, LoopClock(monkeypatch))
    file = tmp_path / key if key else None
    args, into = case.get("args", []), tmp_path / "recorded"
    with running(file, faults=(case["fault"],), watch=watch) as target:
        checked = run(target.env, "check", "--format", "json", *args)
    with running(file, faults=(case["fault"],), watch=watch) as target:
        recorded = run(target.env, "record", "--into", str(into), *args)
    assert sorted(set(codes(checked))) == case["codes"]
    assert checked.exit_code == case["exit"]
    assert recorded.exit_code == case["exit"]
    files = [file for file in into.rglob("*") if file.is_file()]
    assert all(file.suffix == ".yaml" and not file.name.startswith(".") for file in files)
    texts = [checked.output, recorded.output, caplog.text, *(file.read_text("utf-8") for file in files)]
    assert not [canary for canary in target.canaries for text in texts if canary in text]
    if files:
        assert CliRunner().invoke(cli, ["scan", str(into)], env=target.env).exit_code == 0


@pytest.mark.parametrize("endpoint", ["usdm.rest.v3.account", "usdm.ws.v2.account.status"])
def test_a_response_that_does_not_come_is_not_waited_for(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"times_out": True, "args": ["--endpoint", endpoint]}
    with running(faults=(f"drop@{endpoint}",), watch=_watch(case, LoopClock(monkeypatch))) as target:
        checked = run(target.env, "check", "--format", "json", "--endpoint", endpoint)
    (problem,) = json.loads(checked.stdout)["problems"]
    assert (checked.exit_code, problem["reason"]) == (3, "network: no complete response within 20 seconds")
