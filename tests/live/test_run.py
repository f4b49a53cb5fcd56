"""A live run: what is sent, in which mode, what is checked of it, and what never shows."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import chance
import smallexchange
from livecheck import check, report
from smallexchange import KEY, SECRET, Exchange, response
from wireshape.catalog import endpoints
from wireshape.catalog.operations import Purpose
from wireshape.cli.main import cli
from wireshape.live import allowlist
from wireshape.live.run import collect
from wireshape.model import Interaction, Problem

CATALOG = endpoints.load()
CALLS = allowlist.load(CATALOG)
V3 = CATALOG.get("usdm.rest.v3.account").operation.path
CONFIG = CALLS.of("usdm", Purpose.MODE)[0].operation.path
ERROR = {"code": -1003, "msg": "Too many requests; current limit of IP(203.0.113.7) is 2400."}


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with smallexchange.running() as started:
        yield started


@pytest.mark.parametrize("mode", [str(mode) for mode in CATALOG.get("usdm.rest.v3.account").modes])
def test_every_endpoint_is_asked_once_in_the_mode_of_the_account(mode: str) -> None:
    with smallexchange.running(mode) as exchange:
        run = check(exchange, "--format", "json")
    document = report(run)
    assert run.exit_code == 0
    assert document["problems"] == []
    modes = {"usdm": mode, "coinm": mode.rpartition(".")[2]}
    assert [(row["endpoint"], row["mode"]) for row in document["checked"]] == [
        (endpoint.id, modes[endpoint.product]) for endpoint in CATALOG.answering
    ]
    assert {row["origin"] for row in document["checked"]} == {"loopback"}
    observed = [(row["endpoint"], row["mode"]) for row in document["coverage"] if row["observed"]]
    assert observed == [(endpoint.id, modes[endpoint.product]) for endpoint in CATALOG.answering]
    assert {(row["reason"], row["code"]) for row in document["coverage"]} == {
        (None, None),
        ("no account of this run is in this mode", None),
    }
    sent = [name for name in exchange.requests if name in {endpoint.operation.path for endpoint in CATALOG.answering}]
    assert len(sent) == len(set(sent)) == 3
    assert exchange.requests.count(CONFIG) == 2
    assert len(exchange.requests) == 2 + 2 * 2 + len(CATALOG.answering)


def test_problems_and_answers_are_items_like_those_of_files(exchange: Exchange) -> None:
    exchange.script[V3] = [response(b"<html>", 403)]
    run = collect(["custom"], CATALOG, exchange.env)
    items = list(run.items)
    assert [type(item) for item in items] == [Problem, *[Interaction] * (len(CATALOG.answering) - 1)]
    assert items == [*run.problems, *(answer.interaction for answer in run.answers)]
    assert {answer.label for answer in run.answers} == {"custom"}


def test_without_its_libraries_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wireshape.cli.live_options.find_spec", lambda name: None if name == "httpx" else name)
    run = CliRunner().invoke(cli, ["check", "--live", "testnet"])
    assert run.exit_code == 2
    assert run.output == "wireshape: --live needs httpx: pip install 'wireshape[live]'\n"


def test_one_endpoint_alone(exchange: Exchange) -> None:
    document = report(check(exchange, "--endpoint", "usdm.rest.v3.account", "--format", "json"))
    assert [row["endpoint"] for row in document["checked"]] == ["usdm.rest.v3.account"]
    assert {row["endpoint"] for row in document["coverage"]} == {"usdm.rest.v3.account"}


def test_endpoints_without_a_host_are_not_observed_and_no_failure(exchange: Exchange) -> None:
    del exchange.hosts["ws"]
    env = {name: value for name, value in exchange.env.items() if "_COINM_" not in name}
    run = collect(["custom"], CATALOG, env)
    assert run.problems == ()
    assert {(row.endpoint.split(".")[0], row.reason, row.code) for row in run.coverage if not row.observed} == {
        ("coinm", "the environment custom has no host for coinm", None),
        ("usdm", "the environment custom has no WebSocket host for usdm", None),
        ("usdm", "no account of this run is in this mode", None),
    }
    rest = [endpoint.id for endpoint in CATALOG.answering if endpoint.id.startswith("usdm.rest.")]
    assert [answer.interaction.endpoint.id for answer in run.answers] == rest


def test_drift_is_found_at_its_path_and_a_packed_answer_is_read(exchange: Exchange) -> None:
    body = json.loads(exchange.body("GET", V3))
    del body["positions"][0]["notional"]
    exchange.script[V3] = [response(gzip.compress(json.dumps(body).encode()), headers={"Content-Encoding": "gzip"})]
    run = check(exchange, "--format", "json")
    found = [(f["rule"], f["endpoint"], f["path"]) for f in report(run)["findings"] if f["level"] == "breaking"]
    assert found == [("field-missing", "usdm.rest.v3.account", "positions[].notional")]
    assert run.exit_code == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_exchange_is_asked_again(exchange: Exchange, status: int) -> None:
    busy = response(ERROR, status, headers={"Retry-After": "0"})
    exchange.script[V3] = [busy, busy, response(exchange.body("GET", V3))]
    assert check(exchange).exit_code == 0
    assert exchange.requests.count(V3) == 3


def test_the_mode_is_told_elsewhere_where_its_first_operation_is_retired(exchange: Exchange) -> None:
    exchange.script[CONFIG] = [response({"code": -5000, "msg": "Path is invalid."}, 400)]
    assert check(exchange).exit_code == 0
    others = [call.operation.path for call in CALLS.of("usdm", Purpose.MODE)[1:]]
    assert [exchange.requests.count(path) for path in others] == [2, 2]


def test_answers_in_any_order(exchange: Exchange) -> None:
    sent: list[str | bytes] = []

    def swapped(_: Any, answer: str) -> list[str | bytes]:
        sent.append(answer)
        return {1: [], 2: [answer, sent[0]]}.get(len(sent), [answer])

    exchange.answer_frame = swapped
    run = check(exchange, "--format", "json")
    assert run.exit_code == 0, run.output
    assert len(report(run)["checked"]) == 6


@pytest.mark.parametrize("report_format", ["text", "json", "markdown"])
def test_no_secret_shows_in_logs_or_reports(
    exchange: Exchange, report_format: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for name in ("", "httpx", "httpcore", "httpcore.http11", "websockets", "websockets.client", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    refused = {"code": -2015, "msg": f"Invalid key {KEY[:9]} of {SECRET}, accountAlias=canary, request ip: 203.0.113.7"}
    exchange.script[V3] = [response(refused, 401)]
    run = check(exchange, "--format", report_format, "--output", str(tmp_path / "report"))
    assert run.exit_code == 3
    shown = caplog.text + run.output + (tmp_path / "report").read_text("utf-8")
    secrets = {KEY, SECRET, *filter(None, exchange.signatures)}
    assert len(secrets) > 7
    assert not [secret for secret in {*secrets, "canary", "203.0.113.7"} if secret in shown]
    assert logging.getLogger("httpx").isEnabledFor(logging.DEBUG)


def test_no_core_dump_is_written_while_a_key_is_held(exchange: Exchange) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_CORE)
    limits = []

    def verify(payload: str, signature: str) -> bool:
        limits.append(resource.getrlimit(resource.RLIMIT_CORE)[0])
        return signature == smallexchange.signed(payload)

    exchange.verify = verify
    assert check(exchange).exit_code == 0
    assert set(limits) == {0}
    assert resource.getrlimit(resource.RLIMIT_CORE) == before
