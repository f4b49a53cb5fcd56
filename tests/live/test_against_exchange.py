"""The live client against the loopback exchange: every fault, every drift in every mode, its weight, no canary."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import chance
from casebook import cases
from loopclock import LoopClock
from wireshape import exchange
from wireshape.catalog import endpoints
from wireshape.catalog.operations import Purpose
from wireshape.cli.main import cli
from wireshape.exchange.faults import KINDS, parse
from wireshape.live import allowlist
from wireshape.live.retry import Timeouts
from wireshape.reports import FORMATS

CATALOG = endpoints.load()
KEY, SECRET, LISTEN_KEY = "canaryK0" * 8, "canaryS0" * 8, "canaryL0" * 8
ADDRESS, COOKIE = "198.51.100.23", "canaryC0canaryC0"
CANARIES = (KEY, SECRET, LISTEN_KEY, ADDRESS, COOKIE)
LIVE_SUITE = Path(__file__).with_name("test_live_environment.py")
MODES = [str(mode) for mode in CATALOG.get("usdm.rest.v3.account").modes]


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A running exchange, and the environment of a call that asks it."""

    server: exchange.RunningExchange
    env: dict[str, str]


@contextmanager
def _running(**options: Any) -> Iterator[Target]:
    """Run an exchange full of canaries."""
    planted = {"ip": ADDRESS, "listen_key": LISTEN_KEY, "headers": {"Set-Cookie": f"id={COOKIE}", "X-Ip": ADDRESS}}
    settings = exchange.Settings(keys=(exchange.hmac_key(KEY, SECRET),), **{**planted, **options})
    with exchange.running(settings) as server:
        hosts = {"REST": server.rest, "WS": server.ws}
        env = {f"WIRESHAPE_CUSTOM_{p}_{name}": url for p in ("USDM", "COINM") for name, url in hosts.items()}
        keys = {"WIRESHAPE_CUSTOM_KEY": KEY, "WIRESHAPE_CUSTOM_SECRET": SECRET}
        yield Target(server=server, env={**keys, "COLUMNS": "200", **env})


def _run(env: dict[str, str], *args: str) -> Result:
    run = CliRunner().invoke(cli, [args[0], "--live", "custom", *args[1:]], env=env)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


def _codes(run: Result) -> list[str]:
    return [problem["code"] for problem in json.loads(run.stdout)["problems"]]


FAULTS = cases("faults")


def test_every_fault_has_a_case() -> None:
    assert {parse(case.values[0]["fault"]).name for case in FAULTS} == KINDS.keys()


def _watch(case: dict[str, Any], clock: LoopClock) -> Callable[[exchange.RequestRecord], None]:
    """Let the client's timeout end as soon as the exchange has the request that it will not answer in time."""

    def watch(request: exchange.RequestRecord) -> None:
        if case.get("times_out") and request.id in case["args"]:
            clock.advance(Timeouts().response + 1)

    return watch


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_ends_in_its_exit_code_and_lets_no_canary_out(
    case: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wireshape.live.retry._FIRST_WAIT", 0.0)
    watch = _watch(case, LoopClock(monkeypatch))
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "websockets"):
        caplog.set_level(logging.DEBUG, name)
    args = case.get("args", [])
    with _running(faults=(case["fault"],), watch=watch) as target:
        run = _run(target.env, "check", "--format", "json", *args)
    with _running(faults=(case["fault"],), watch=watch) as target:
        recorded = _run(target.env, "record", "--into", str(tmp_path), *args)
    assert sorted(set(_codes(run))) == case["codes"]
    assert run.exit_code == case["exit"]
    assert recorded.exit_code == case["exit"]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert all(file.suffix == ".yaml" and not file.name.startswith(".") for file in files)
    texts = [run.output, recorded.output, caplog.text, *(file.read_text("utf-8") for file in files)]
    assert not [canary for canary in CANARIES for text in texts if canary in text]
    assert CliRunner().invoke(cli, ["scan", str(tmp_path)], env=target.env).exit_code == (0 if files else 4)


@pytest.mark.parametrize("endpoint", ["usdm.rest.v3.account", "usdm.ws.v2.account.status"])
def test_a_response_that_does_not_come_is_not_waited_for(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"times_out": True, "args": ["--endpoint", endpoint]}
    with _running(faults=(f"drop@{endpoint}",), watch=_watch(case, LoopClock(monkeypatch))) as target:
        run = _run(target.env, "check", "--format", "json", "--endpoint", endpoint)
    (problem,) = json.loads(run.stdout)["problems"]
    assert (run.exit_code, problem["reason"]) == (3, "network: no complete response within 20 seconds")


@pytest.mark.parametrize("report_format", FORMATS)
def test_no_format_shows_a_canary(report_format: str) -> None:
    with _running(faults=("418@usdm.rest",), drifts=("add:positions[].adl",)) as target:
        run = _run(target.env, "check", "--format", report_format, "--fail-on", "info")
    assert "limit" in run.output
    assert not [canary for canary in CANARIES if canary in run.output]


@pytest.mark.parametrize("report_format", FORMATS)
def test_no_report_shows_a_balance(report_format: str) -> None:
    drifts = ("retype:totalWalletBalance", "retype:assets[].walletBalance", "rename:positions[].notional=held")
    with _running(drifts=drifts) as target:
        payloads = [target.server.payload(endpoint.id) for endpoint in CATALOG.endpoints]
        run = _run(target.env, "check", "--format", report_format, "--fail-on", "info")
    rows = [row for payload in payloads for row in payload["assets"]]
    balances = {str(row[name]) for row in rows for name in row if name.endswith("Balance")}
    identifying = {amount for amount in balances if len(amount.strip("0.")) > 3}
    assert run.exit_code == 1
    assert identifying
    assert not [amount for amount in identifying if amount in run.output]


@pytest.mark.parametrize(
    ("fault", "counted", "most"),
    [
        ("418x1@usdm.ws.v1", "usdm.ws.v2.account.status", 1),  # it was on its way already
        ("html:418@usdm.ws.handshake", "usdm.ws.handshake", 1),
        ("html:429@usdm.ws.handshake", "usdm.ws.handshake", 2),
    ],
)
def test_nothing_is_sent_after_a_ban_and_no_handshake_is_repeated(fault: str, counted: str, most: int) -> None:
    with _running(faults=(fault,)) as target:
        assert _run(target.env, "check", "--format", "json").exit_code == 3
        requests = [request.id for request in target.server.requests]
    assert requests.count(counted) <= most


DRIFTS = {
    "drop:positions[].initialMargin": ("field-missing", "positions[].initialMargin"),
    "retype:assets[].walletBalance": ("type-mismatch", "assets[].walletBalance"),
    "rename:positions[].unrealizedProfit=unRealizedProfit": ("field-missing", "positions[].unrealizedProfit"),
    "add:positions[].adl": ("field-undocumented", "positions[].adl"),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("drift", DRIFTS)
def test_a_drift_is_found_at_its_path_over_rest_and_websocket(drift: str, mode: str) -> None:
    rule, path = DRIFTS[drift]
    with _running(mode=mode, drifts=(drift,)) as target:
        run = _run(target.env, "check", "--format", "json", "--fail-on", "risky")
    found = {f["endpoint"] for f in json.loads(run.stdout)["findings"] if (f["rule"], f["path"]) == (rule, path)}
    assert found == {endpoint.id for endpoint in CATALOG.endpoints}
    assert run.exit_code == 1


def test_a_run_costs_what_its_requests_are_documented_to_cost() -> None:
    with _running() as target:
        assert _run(target.env, "check").exit_code == 0
        requests = [request.id for request in target.server.requests]
        weight = target.server.weight
    account = sum(endpoint.weight for endpoint in CATALOG.endpoints)
    calls = {product: allowlist.load(CATALOG).of(product, Purpose.MODE) for product in ("usdm", "coinm")}
    weights = {call.id: call.weight for each in calls.values() for call in each}
    others = [name for name in requests if name not in {endpoint.id for endpoint in CATALOG.endpoints}]
    handshakes = sum(name.endswith(".handshake") for name in others)
    times = sum(name.endswith(".time") for name in others)
    modes = sum(weights.get(name, 0) for name in others)
    assert weight == account + modes + times + handshakes * 5
    assert (handshakes, times) == (2, 2)
    assert sorted(name for name in others if name in weights) == sorted(2 * [each[0].id for each in calls.values()])


def test_a_run_stops_before_a_limit_that_only_frames_tell() -> None:
    with _running(limit=100) as target:
        run = _run(target.env, "check", "--format", "json")
        statuses = {request.status for request in target.server.requests}
        weight = target.server.weight
    assert run.exit_code == 3
    assert "limit" in _codes(run)
    assert 429 not in statuses
    assert weight <= 100


def test_no_proxy_sees_what_is_asked_of_this_machine() -> None:
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "http_proxy"), "http://127.0.0.1:9")
    with _running() as target:
        assert _run({**target.env, **nowhere}, "check").exit_code == 0


@pytest.mark.parametrize("mode", MODES)
def test_what_is_recorded_is_clean_and_disguised_in_every_mode(mode: str, tmp_path: Path) -> None:
    with _running(mode=mode) as target:
        assert _run(target.env, "record", "--into", str(tmp_path)).exit_code == 0
        amounts = {target.server.payload(endpoint.id)["assets"][0]["walletBalance"] for endpoint in CATALOG.endpoints}
    assert len(list(tmp_path.rglob("*.yaml"))) == len(CATALOG.endpoints)
    checked = CliRunner().invoke(cli, ["check", str(tmp_path), "--fail-on", "risky"])
    assert checked.exit_code == 0, checked.output
    texts = [file.read_text("utf-8") for file in tmp_path.rglob("*.yaml")]
    assert not [amount for amount in amounts for text in texts if amount in text]


def _suite(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIRESHAPE_")}
    command = [sys.executable, "-m", "pytest", "-m", "live", "-q", "-p", "no:cacheprovider", str(LIVE_SUITE)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**clean, **env})


def test_the_suite_runs_against_a_configured_environment() -> None:
    count = len(CATALOG.endpoints) + 1
    with _running() as target:
        passed = _suite(target.env)
    with _running(drifts=("drop:assets[].walletBalance",)) as target:
        drifted = _suite(target.env)
    skipped = _suite({})
    assert f"{count} passed" in passed.stdout, passed.stdout
    assert f"{count - 1} failed, 1 passed" in drifted.stdout, drifted.stdout
    assert f"{count} skipped" in skipped.stdout
    assert "no API key is set" in skipped.stdout
    assert not [canary for canary in CANARIES for run in (passed, drifted) if canary in run.stdout + run.stderr]
