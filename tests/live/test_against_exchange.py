"""The live client against the loopback exchange: every fault, every drift in every mode, its weight, and no canary."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casebook import CASES
from wireshape import exchange
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.exchange.faults import KINDS
from wireshape.live import allowlist
from wireshape.reports import FORMATS

KNOWN = endpoints.load()
KEY, SECRET, LISTEN_KEY = "canaryK0" * 8, "canaryS0" * 8, "canaryL0" * 8
ADDRESS, COOKIE = "198.51.100.23", "canaryC0canaryC0"
CANARIES = (KEY, SECRET, LISTEN_KEY, ADDRESS, COOKIE)
LIVE_SUITE = Path(__file__).with_name("test_live_environment.py")
MODES = [str(mode) for mode in KNOWN.get("usdm.rest.v3.account").modes]


@contextmanager
def _served(**told: Any) -> Iterator[tuple[exchange.RunningExchange, dict[str, str]]]:
    """Run an exchange full of canaries, and give the environment of a call that asks it."""
    planted = {"ip": ADDRESS, "listen_key": LISTEN_KEY, "headers": {"Set-Cookie": f"id={COOKIE}", "X-Ip": ADDRESS}}
    settings = exchange.Settings(keys=(exchange.hmac_key(KEY, SECRET),), **{**planted, **told})
    with exchange.running(settings) as served:
        hosts = {"REST": served.rest, "WS": served.ws}
        env = {f"WIRESHAPE_CUSTOM_{p}_{name}": url for p in ("USDM", "COINM") for name, url in hosts.items()}
        yield served, {"WIRESHAPE_CUSTOM_KEY": KEY, "WIRESHAPE_CUSTOM_SECRET": SECRET, "COLUMNS": "200", **env}


def _run(env: dict[str, str], *args: str) -> Result:
    run = CliRunner().invoke(cli, [args[0], "--live", "custom", *args[1:]], env=env)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


def _said(run: Result) -> list[str]:
    return [problem["reason"].partition(":")[0] for problem in json.loads(run.stdout)["problems"]]


FAULTS = json.loads((CASES / "faults" / "live.json").read_text("utf-8"))


def test_every_fault_has_a_case() -> None:
    assert {case["fault"].partition(":")[0].partition("x")[0].partition("@")[0] for case in FAULTS} >= KINDS.keys()


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_ends_in_its_exit_code_and_lets_no_canary_out(
    case: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wireshape.live.retry._FIRST_WAIT", 0.05)
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "websockets"):
        caplog.set_level(logging.DEBUG, name)
    asked = ["--timeout", case["timeout"], *case["args"]]
    with _served(faults=(case["fault"],)) as (_, env):
        run = _run(env, "check", "--format", "json", *asked)
    with _served(faults=(case["fault"],)) as (_, env):
        recorded = _run(env, "record", "--into", str(tmp_path), *asked)
    assert sorted(set(_said(run))) == case["says"]
    assert run.exit_code == case["exit"]
    assert recorded.exit_code == case["exit"]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert all(file.suffix == ".yaml" and not file.name.startswith(".") for file in files)
    texts = [run.output, recorded.output, caplog.text, *(file.read_text("utf-8") for file in files)]
    assert not [canary for canary in CANARIES for text in texts if canary in text]
    assert CliRunner().invoke(cli, ["scan", str(tmp_path)], env=env).exit_code == (0 if files else 4)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_canary(form: str) -> None:
    with _served(faults=("418@usdm.rest",), drifts=("add:positions[].adl",)) as (_, env):
        run = _run(env, "check", "--format", form, "--fail-on", "info")
    assert "limit" in run.output
    assert not [canary for canary in CANARIES if canary in run.output]


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_shows_a_balance(form: str) -> None:
    drifts = ("retype:totalWalletBalance", "retype:assets[].walletBalance", "rename:positions[].notional=held")
    with _served(drifts=drifts) as (served, env):
        payloads = [served.payload(endpoint.id) for endpoint in KNOWN.endpoints]
        run = _run(env, "check", "--format", form, "--fail-on", "info")
    held = {str(row[name]) for each in payloads for row in each["assets"] for name in row if name.endswith("Balance")}
    told = {amount for amount in held if len(amount.strip("0.")) > 3}
    assert run.exit_code == 1
    assert told
    assert not [amount for amount in told if amount in run.output]


@pytest.mark.parametrize(
    ("fault", "counted", "most"),
    [
        ("418x1@usdm.ws.v1", "usdm.ws.v2.account.status", 1),  # it was on its way already
        ("html:418@usdm.ws.handshake", "usdm.ws.handshake", 1),
        ("html:429@usdm.ws.handshake", "usdm.ws.handshake", 2),
    ],
)
def test_nothing_is_asked_after_a_ban_and_no_door_is_stormed(fault: str, counted: str, most: int) -> None:
    with _served(faults=(fault,)) as (served, env):
        assert _run(env, "check", "--format", "json", "--timeout", "5").exit_code == 3
        asked = [request.id for request in served.requests]
    assert asked.count(counted) <= most


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
    with _served(mode=mode, drifts=(drift,)) as (_, env):
        run = _run(env, "check", "--format", "json", "--fail-on", "risky")
    found = {f["endpoint"] for f in json.loads(run.stdout)["findings"] if (f["rule"], f["path"]) == (rule, path)}
    assert found == {endpoint.id for endpoint in KNOWN.endpoints}
    assert run.exit_code == 1


def test_a_run_costs_what_its_requests_are_documented_to_cost() -> None:
    with _served() as (served, env):
        assert _run(env, "check").exit_code == 0
        asked = [request.id for request in served.requests]
        weight = served.weight
    account = sum(endpoint.weight for endpoint in KNOWN.endpoints)
    known = allowlist.load(KNOWN)
    discovery = {call.id: call.weight for product in ("usdm", "coinm") for call in known.of(product, "mode")}
    rest = [name for name in asked if name not in {endpoint.id for endpoint in KNOWN.endpoints}]
    handshakes = sum(name.endswith(".handshake") for name in rest)
    times = sum(name.endswith(".time") for name in rest)
    modes = sum(discovery.get(name, 0) for name in rest)
    assert weight == account + modes + times + handshakes * 5
    assert (handshakes, times) == (2, 2)
    assert sorted(name for name in rest if name in discovery) == sorted(
        2 * [known.of(product, "mode")[0].id for product in ("usdm", "coinm")]
    )


def test_a_run_stops_before_a_limit_that_only_frames_tell() -> None:
    with _served(limit=100) as (served, env):
        run = _run(env, "check", "--format", "json", "--timeout", "5")
        statuses = {request.status for request in served.requests}
        weight = served.weight
    assert run.exit_code == 3
    assert "limit" in _said(run)
    assert 429 not in statuses
    assert weight <= 100


def test_no_proxy_sees_what_is_asked_of_this_machine() -> None:
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "http_proxy"), "http://127.0.0.1:9")
    with _served() as (_, env):
        assert _run({**env, **nowhere}, "check").exit_code == 0


@pytest.mark.parametrize("mode", MODES)
def test_what_is_recorded_is_clean_and_disguised_in_every_mode(mode: str, tmp_path: Path) -> None:
    with _served(mode=mode) as (served, env):
        assert _run(env, "record", "--into", str(tmp_path)).exit_code == 0
        amounts = {served.payload(endpoint.id)["assets"][0]["walletBalance"] for endpoint in KNOWN.endpoints}
    assert len(list(tmp_path.rglob("*.yaml"))) == len(KNOWN.endpoints)
    checked = CliRunner().invoke(cli, ["check", str(tmp_path), "--fail-on", "risky"])
    assert checked.exit_code == 0, checked.output
    texts = [file.read_text("utf-8") for file in tmp_path.rglob("*.yaml")]
    assert not [amount for amount in amounts for text in texts if amount in text]


def _suite(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIRESHAPE_")}
    command = [sys.executable, "-m", "pytest", "-m", "live", "-q", "-p", "no:cacheprovider", str(LIVE_SUITE)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**clean, **env})


def test_the_suite_runs_against_a_configured_environment() -> None:
    count = len(KNOWN.endpoints) + 1
    with _served() as (_, env):
        passed = _suite(env)
    with _served(drifts=("drop:assets[].walletBalance",)) as (_, env):
        drifted = _suite(env)
    skipped = _suite({})
    assert f"{count} passed" in passed.stdout, passed.stdout
    assert f"{count - 1} failed, 1 passed" in drifted.stdout, drifted.stdout
    assert f"{count} skipped" in skipped.stdout
    assert "no key is set" in skipped.stdout
    assert not [canary for canary in CANARIES for run in (passed, drifted) if canary in run.stdout + run.stderr]
