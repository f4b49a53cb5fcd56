"""Asking the exchange itself: what is sent, what an answer is taken for, and what never shows."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import smallexchange
from smallexchange import KEY, SECRET, Exchange, told
from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.live import allowlist

KNOWN = endpoints.load()
CALLS = allowlist.load(KNOWN)
V3 = KNOWN.get("usdm.rest.v3.account").operation.path
CONFIG = CALLS.of("usdm", "mode")[0].operation.path
SCHEMA = json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8"))
ERROR = {"code": -1003, "msg": "Too many requests; current limit of IP(203.0.113.7) is 2400."}


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with smallexchange.running() as started:
        yield started


def _run(exchange: Exchange, *args: str, command: str = "check") -> Result:
    args = (command, "--live", "custom", "--timeout", "5", *args)
    run = CliRunner().invoke(cli, args, env={**exchange.env, "COLUMNS": "200"})
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    assert not [secret for secret in (KEY, SECRET, *filter(None, exchange.seen)) if secret in run.output]
    return run


def _report(run: Result) -> Any:
    report = json.loads(run.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    return report


@pytest.mark.parametrize("mode", [str(mode) for mode in KNOWN.get("usdm.rest.v3.account").modes])
def test_every_endpoint_is_asked_once_in_the_mode_of_the_account(mode: str) -> None:
    with smallexchange.running(mode) as exchange:
        run = _run(exchange, "--format", "json")
    report = _report(run)
    assert run.exit_code == 0
    assert report["problems"] == []
    modes = {"usdm": mode, "coinm": mode.rpartition(".")[2]}
    assert [(row["endpoint"], row["mode"]) for row in report["checked"]] == [
        (endpoint.id, modes[endpoint.product]) for endpoint in KNOWN.endpoints
    ]
    assert {row["origin"] for row in report["checked"]} == {"loopback"}
    observed = [(row["endpoint"], row["mode"]) for row in report["coverage"] if row["observed"]]
    assert observed == [(endpoint.id, modes[endpoint.product]) for endpoint in KNOWN.endpoints]
    assert {row["reason"] for row in report["coverage"]} == {None, "no account of this run is in this mode"}
    sent = [name for name in exchange.asked if name in {endpoint.operation.path for endpoint in KNOWN.endpoints}]
    assert len(sent) == len(set(sent)) == 3
    assert exchange.asked.count(CONFIG) == 2
    assert len(exchange.asked) == 2 + 2 * 2 + len(KNOWN.endpoints)


def test_without_its_libraries_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wireshape.cli.live_options.find_spec", lambda name: None if name == "httpx" else name)
    run = CliRunner().invoke(cli, ["check", "--live", "testnet"])
    assert run.exit_code == 2
    assert run.output == "wireshape: --live needs httpx: pip install 'wireshape[live]'\n"


def test_one_endpoint_alone(exchange: Exchange) -> None:
    report = _report(_run(exchange, "--endpoint", "usdm.rest.v3.account", "--format", "json"))
    assert [row["endpoint"] for row in report["checked"]] == ["usdm.rest.v3.account"]
    assert {row["endpoint"] for row in report["coverage"]} == {"usdm.rest.v3.account"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (told({"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}, 401), "auth: HTTP 401, error"),
        (told({"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}, 400), "clock: "),
        (told({"code": -5000, "msg": "Path is invalid."}, 400), "retired: "),
        (told({"code": -1016, "msg": "ConnectionDropped."}, 400), "maintenance: "),
        (told({"code": -9999, "msg": "Something new."}, 400), "refused: HTTP 400, error -9999: Something new."),
        (told({"code": -1003, "msg": "ConnectionDropped."}), "limit: HTTP 200, error -1003"),
        (told(ERROR, 418), "limit: HTTP 418, error -1003: Too many requests; current limit of IP(<redacted>)"),
        (told(ERROR, 429, headers={"Retry-After": "600"}), "limit: HTTP 429"),
        (told(b"<!DOCTYPE html>", 403, headers={"Content-Type": "text/html"}), "html: HTTP 403 with an HTML page"),
        (told(b" <html>"), "html: HTTP 200 with an HTML page"),
        (told({}, headers={"Content-Type": "text/plain"}), "type: HTTP 200 with content of type text/plain"),
        (told(b"", 302, {"Location": "http://127.0.0.1:9/"}), "redirect: HTTP 302, which is never followed"),
        (told(b"{}", 204), "refused: HTTP 204, an error without a code"),
        (told(b"{}", headers={"Content-Length": "3000", "Connection": "close"}), "network: peer closed"),
        (
            told(gzip.compress(b" " * 65_000_000), headers={"Content-Encoding": "gzip"}),
            "type: the gzip body is larger",
        ),
        (told(b"\x00{}", headers={"Content-Encoding": "br"}), "type: the body is compressed as br"),
        (told(b" " * 65_000_000), "size: the answer is larger than 64 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_no_answer_is_neither_clean_nor_drift(exchange: Exchange, said: smallexchange.Said, reason: str) -> None:
    exchange.script[V3] = [said]
    run = _run(exchange, "--format", "json", "--endpoint", "usdm.rest.v3.account")
    report = _report(run)
    assert run.exit_code == 3
    assert (report["checked"], report["findings"]) == ([], [])
    assert report["problems"][0]["reason"].startswith(reason)
    assert report["problems"][0]["location"]["file"] == "custom:usdm.rest.v3.account"
    (missed,) = [row for row in report["coverage"] if row["mode"] == "single-asset.one-way"]
    assert missed["reason"] == report["problems"][0]["reason"]
    # What can be asked again is, up to three times; what is said to last, and a ban, is not.
    assert exchange.asked.count(V3) == 1


def test_drift_is_found_at_its_path_and_a_packed_answer_is_read(exchange: Exchange) -> None:
    body = json.loads(exchange.body("GET", V3))
    del body["positions"][0]["notional"]
    exchange.script[V3] = [told(gzip.compress(json.dumps(body).encode()), headers={"Content-Encoding": "gzip"})]
    run = _run(exchange, "--format", "json")
    found = [(f["rule"], f["endpoint"], f["path"]) for f in _report(run)["findings"] if f["level"] == "breaking"]
    assert found == [("field-missing", "usdm.rest.v3.account", "positions[].notional")]
    assert run.exit_code == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_exchange_is_asked_again(exchange: Exchange, status: int) -> None:
    busy = told(ERROR, status, headers={"Retry-After": "0"})
    exchange.script[V3] = [busy, busy, told(exchange.body("GET", V3))]
    assert _run(exchange).exit_code == 0
    assert exchange.asked.count(V3) == 3


def test_nothing_is_asked_after_a_ban(exchange: Exchange) -> None:
    exchange.script[CONFIG] = [told(ERROR, 418)]
    run = _run(exchange)
    assert run.exit_code == 3
    assert "custom:coinm.time: limit: not asked any more after the exchange set a limit" in run.output
    assert exchange.asked == [CALLS.of("usdm", "time")[0].operation.path, CONFIG]


def test_a_mode_that_changes_leaves_nothing_to_say(exchange: Exchange) -> None:
    flags = [{"multiAssetsMargin": False, "dualSidePosition": dual} for dual in (False, True)]
    exchange.script[CONFIG] = [told(each) for each in flags]
    report = _report(run := _run(exchange, "--format", "json"))
    assert run.exit_code == 3
    assert {row["endpoint"].partition(".")[0] for row in report["checked"]} == {"coinm"}
    (problem,) = report["problems"]
    assert problem["reason"].startswith("mode: it changed from single-asset.one-way to single-asset.hedge")


def test_the_mode_is_told_elsewhere_where_its_first_operation_is_retired(exchange: Exchange) -> None:
    exchange.script[CONFIG] = [told({"code": -5000, "msg": "Path is invalid."}, 400)]
    assert _run(exchange).exit_code == 0
    others = [call.operation.path for call in CALLS.of("usdm", "mode")[1:]]
    assert [exchange.asked.count(path) for path in others] == [2, 2]


def _twice(_: Any, answer: str) -> list[str | bytes]:
    return [answer, answer]


def _noise(_: Any, answer: str) -> list[str | bytes]:
    return ['{"e":"event"}', '{"id":["odd"]}', "[]", "no JSON", b"\x00", answer]


def _nameless(*_: Any) -> list[str | bytes]:
    return [json.dumps({"id": None, "status": 401, "error": {"code": -2015, "msg": "Invalid API-key, IP."}})]


def _refused(request: Any, _: str) -> list[str | bytes]:
    return [json.dumps({"id": request["id"], "status": 418, "error": ERROR})]


@pytest.mark.parametrize(
    ("frames", "checked", "reasons"),
    [
        (_twice, 6, ["frame: one came that answers a request again, 2 times"]),
        (
            _noise,
            6,
            [
                "frame: one came that answers no request, 4 times",
                "frame: one came that is no JSON object, 4 times",
                "frame: one came that is binary, 2",
            ],
        ),
        (_nameless, 3, ["auth: HTTP 401, error -2015: Invalid API-key, IP."]),
        (_refused, 2, ["limit: not asked", "limit: HTTP 418, error -1003"]),
    ],
    ids=["twice", "noise", "nameless", "refused"],
)
def test_frames_that_are_no_answer(
    exchange: Exchange, frames: smallexchange.Frames, checked: int, reasons: list[str]
) -> None:
    exchange.frames = frames
    report = _report(run := _run(exchange, "--format", "json"))
    assert run.exit_code == 3
    if frames is not _refused:
        assert len(report["checked"]) == checked
    found = [problem["reason"] for problem in report["problems"]]
    for reason in reasons:
        assert any(each.startswith(reason) for each in found), found


def test_answers_in_any_order(exchange: Exchange) -> None:
    seen: list[str | bytes] = []

    def swapped(_: Any, answer: str) -> list[str | bytes]:
        seen.append(answer)
        return {1: [], 2: [answer, seen[0]]}.get(len(seen), [answer])

    exchange.frames = swapped
    run = _run(exchange, "--format", "json")
    assert run.exit_code == 0, run.output
    assert len(_report(run)["checked"]) == 6


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_secret_shows_in_logs_or_reports(
    exchange: Exchange, form: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for name in ("", "httpx", "httpcore", "httpcore.http11", "websockets", "websockets.client", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    refused = {"code": -2015, "msg": f"Invalid key {KEY[:9]} of {SECRET}, accountAlias=canary, request ip: 203.0.113.7"}
    exchange.script[V3] = [told(refused, 401)]
    run = _run(exchange, "--format", form, "--output", str(tmp_path / "report"))
    assert run.exit_code == 3
    shown = caplog.text + run.output + (tmp_path / "report").read_text("utf-8")
    secrets = {KEY, SECRET, *filter(None, exchange.seen)}
    assert len(secrets) > 7
    assert not [secret for secret in {*secrets, "canary", "203.0.113.7"} if secret in shown]
    assert logging.getLogger("httpx").isEnabledFor(logging.DEBUG)
