"""The live client against the loopback exchange: every drift in every mode, its weight, no canary and no balance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import chance
from plantedexchange import codes, run, running
from wireshape.catalog import endpoints
from wireshape.catalog.operations import Purpose
from wireshape.cli.main import cli
from wireshape.live import allowlist
from wireshape.reports import FORMATS

CATALOG = endpoints.load()
LIVE_SUITE = Path(__file__).with_name("test_live_environment.py")
MODES = [str(mode) for mode in CATALOG.get("usdm.rest.v3.account").modes]


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)


@pytest.mark.parametrize("report_format", FORMATS)
def test_no_format_shows_a_canary(report_format: str) -> None:
    with running(faults=("418@usdm.rest",), drifts=("add:positions[].adl",)) as target:
        shown = run(target.env, "check", "--format", report_format, "--fail-on", "info")
    assert "limit" in shown.output
    assert not [canary for canary in target.canaries if canary in shown.output]


@pytest.mark.parametrize("report_format", FORMATS)
def test_no_report_shows_a_balance(report_format: str) -> None:
    drifts = ("retype:totalWalletBalance", "retype:assets[].walletBalance", "rename:positions[].notional=held")
    with running(drifts=drifts) as target:
        payloads = [target.server.payload(endpoint.id) for endpoint in CATALOG.answering]
        shown = run(target.env, "check", "--format", report_format, "--fail-on", "info")
    rows = [row for payload in payloads for row in payload["assets"]]
    balances = {str(row[name]) for row in rows for name in row if name.endswith("Balance")}
    identifying = {amount for amount in balances if len(amount.strip("0.")) > 3}
    assert shown.exit_code == 1
    assert identifying
    assert not [amount for amount in identifying if amount in shown.output]


@pytest.mark.parametrize(
    ("fault", "counted", "most"),
    [
        ("418x1@usdm.ws.v1", "usdm.ws.v2.account.status", 1),  # it was on its way already
        ("html:418@usdm.ws.handshake", "usdm.ws.handshake", 1),
        ("html:429@usdm.ws.handshake", "usdm.ws.handshake", 2),
    ],
)
def test_nothing_is_sent_after_a_ban_and_no_handshake_is_repeated(fault: str, counted: str, most: int) -> None:
    with running(faults=(fault,)) as target:
        assert run(target.env, "check", "--format", "json").exit_code == 3
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
    with running(mode=mode, drifts=(drift,)) as target:
        shown = run(target.env, "check", "--format", "json", "--fail-on", "risky")
    found = {f["endpoint"] for f in json.loads(shown.stdout)["findings"] if (f["rule"], f["path"]) == (rule, path)}
    assert found == {endpoint.id for endpoint in CATALOG.answering}
    assert shown.exit_code == 1


def test_a_run_costs_what_its_requests_are_documented_to_cost() -> None:
    with running() as target:
        assert run(target.env, "check").exit_code == 0
        requests = [request.id for request in target.server.requests]
        weight = target.server.weight
    account = sum(endpoint.weight for endpoint in CATALOG.answering)
    calls = {product: allowlist.load(CATALOG).of(product, Purpose.MODE) for product in ("usdm", "coinm")}
    weights = {call.id: call.weight for each in calls.values() for call in each}
    others = [name for name in requests if name not in {endpoint.id for endpoint in CATALOG.answering}]
    handshakes = sum(name.endswith(".handshake") for name in others)
    times = sum(name.endswith(".time") for name in others)
    modes = sum(weights.get(name, 0) for name in others)
    assert weight == account + modes + times + handshakes * 5
    assert (handshakes, times) == (2, 2)
    assert sorted(name for name in others if name in weights) == sorted(2 * [each[0].id for each in calls.values()])


def test_a_run_stops_before_a_limit_that_only_frames_tell() -> None:
    with running(limit=100) as target:
        shown = run(target.env, "check", "--format", "json")
        statuses = {request.status for request in target.server.requests}
        weight = target.server.weight
    assert shown.exit_code == 3
    assert "limit" in codes(shown)
    assert 429 not in statuses
    assert weight <= 100


def test_no_proxy_sees_what_is_asked_of_this_machine() -> None:
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "http_proxy"), "http://127.0.0.1:9")
    with running() as target:
        assert run({**target.env, **nowhere}, "check").exit_code == 0


@pytest.mark.parametrize("mode", MODES)
def test_what_is_recorded_is_clean_and_disguised_in_every_mode(mode: str, tmp_path: Path) -> None:
    with running(mode=mode) as target:
        assert run(target.env, "record", "--into", str(tmp_path)).exit_code == 0
        amounts = {target.server.payload(endpoint.id)["assets"][0]["walletBalance"] for endpoint in CATALOG.answering}
    assert len(list(tmp_path.rglob("*.yaml"))) == len(CATALOG.answering)
    checked = CliRunner().invoke(cli, ["check", str(tmp_path), "--fail-on", "risky"])
    assert checked.exit_code == 0, checked.output
    texts = [file.read_text("utf-8") for file in tmp_path.rglob("*.yaml")]
    assert not [amount for amount in amounts for text in texts if amount in text]


def _suite(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIRESHAPE_")}
    command = [sys.executable, "-m", "pytest", "-m", "live", "-q", "-p", "no:cacheprovider", str(LIVE_SUITE)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**clean, **env})


def test_the_suite_runs_against_a_configured_environment() -> None:
    count = len(CATALOG.answering) + 1
    with running() as target:
        passed = _suite(target.env)
    with running(drifts=("drop:assets[].walletBalance",)) as target:
        drifted = _suite(target.env)
    skipped = _suite({})
    assert f"{count} passed" in passed.stdout, passed.stdout
    assert f"{count - 1} failed, 1 passed" in drifted.stdout, drifted.stdout
    assert f"{count} skipped" in skipped.stdout
    assert "no API key is set" in skipped.stdout
    assert not [
        canary for canary in target.canaries for each in (passed, drifted) if canary in each.stdout + each.stderr
    ]
