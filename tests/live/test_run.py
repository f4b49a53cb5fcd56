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

import chance
import smallexchange
from smallexchange import KEY, SECRET, Exchange, HttpResponse, response
from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.catalog.operations import Purpose
from wireshape.cli.main import cli
from wireshape.live import allowlist
from wireshape.model import Reason

CATALOG = endpoints.load()
CALLS = allowlist.load(CATALOG)
V3 = CATALOG.get("usdm.rest.v3.account").operation.path
CONFIG = CALLS.of("usdm", Purpose.MODE)[0].operation.path
SCHEMA = json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8"))
ERROR = {"code": -1003, "msg": "Too many requests; current limit of IP(203.0.113.7) is 2400."}


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with smallexchange.running() as started:
        yield started


def _run(exchange: Exchange, *args: str, command: str = "check") -> Result:
    args = (command, "--live", "custom", *args)
    run = CliRunner().invoke(cli, args, env={**exchange.env, "COLUMNS": "200"})
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    assert not [secret for secret in (KEY, SECRET, *filter(None, exchange.signatures)) if secret in run.output]
    return run


def _report(run: Result) -> Any:
    report = json.loads(run.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    return report


@pytest.mark.parametrize("mode", [str(mode) for mode in CATALOG.get("usdm.rest.v3.account").modes])
def test_every_endpoint_is_asked_once_in_the_mode_of_the_account(mode: str) -> None:
    with smallexchange.running(mode) as exchange:
        run = _run(exchange, "--format", "json")
    report = _report(run)
    assert run.exit_code == 0
    assert report["problems"] == []
    modes = {"usdm": mode, "coinm": mode.rpartition(".")[2]}
    assert [(row["endpoint"], row["mode"]) for row in report["checked"]] == [
        (endpoint.id, modes[endpoint.product]) for endpoint in CATALOG.endpoints
    ]
    assert {row["origin"] for row in report["checked"]} == {"loopback"}
    observed = [(row["endpoint"], row["mode"]) for row in report["coverage"] if row["observed"]]
    assert observed == [(endpoint.id, modes[endpoint.product]) for endpoint in CATALOG.endpoints]
    assert {(row["reason"], row["code"]) for row in report["coverage"]} == {
        (None, None),
        ("no account of this run is in this mode", None),
    }
    sent = [name for name in exchange.requests if name in {endpoint.operation.path for endpoint in CATALOG.endpoints}]
    assert len(sent) == len(set(sent)) == 3
    assert exchange.requests.count(CONFIG) == 2
    assert len(exchange.requests) == 2 + 2 * 2 + len(CATALOG.endpoints)


def test_without_its_libraries_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wireshape.cli.live_options.find_spec", lambda name: None if name == "httpx" else name)
    run = CliRunner().invoke(cli, ["check", "--live", "testnet"])
    assert run.exit_code == 2
    assert run.output == "wireshape: to ask the exchange takes httpx: pip install 'wireshape[live]'\n"


def test_one_endpoint_alone(exchange: Exchange) -> None:
    report = _report(_run(exchange, "--endpoint", "usdm.rest.v3.account", "--format", "json"))
    assert [row["endpoint"] for row in report["checked"]] == ["usdm.rest.v3.account"]
    assert {row["endpoint"] for row in report["coverage"]} == {"usdm.rest.v3.account"}


HTML = {"Content-Type": "text/html"}
FAILURES = [
    (response({"code": -2015, "msg": "Invalid API-key, IP."}, 401), Reason.AUTH, "HTTP 401, error -2015: Invalid"),
    (response({"code": -1021, "msg": "Timestamp for this request."}, 400), Reason.CLOCK, "HTTP 400, error -1021"),
    (response({"code": -5000, "msg": "Path is invalid."}, 400), Reason.RETIRED, "HTTP 400, error -5000"),
    (response({"code": -1016, "msg": "Not available."}, 400), Reason.MAINTENANCE, "HTTP 400, error -1016"),
    (response({"code": -9999, "msg": "Something new."}, 400), Reason.REFUSED, "HTTP 400, error -9999: Something new."),
    (response({"code": -1003, "msg": "Not available."}), Reason.LIMIT, "HTTP 200, error -1003"),
    (response(ERROR, 418), Reason.LIMIT, "HTTP 418, error -1003: Too many requests; current limit of IP(<redacted>)"),
    (response(ERROR, 429, {"Retry-After": "600"}), Reason.LIMIT, "HTTP 429, error -1003"),
    (response(b"<!DOCTYPE html>", 403, HTML), Reason.HTML, "HTTP 403 with an HTML page"),
    (response(b" <html>"), Reason.HTML, "HTTP 200 with an HTML page"),
    (response({}, 200, {"Content-Type": "text/plain"}), Reason.TYPE, "HTTP 200 with content type text/plain instead"),
    (response(b"null"), Reason.TYPE, "HTTP 200 with a body that is null or not JSON"),
    (response(b"", 302, {"Location": "http://127.0.0.1:9/"}), Reason.REDIRECT, "HTTP 302: redirects are not followed"),
    (response(b"{}", 204), Reason.REFUSED, "HTTP 204, no error code"),
    (response(b"{}", 200, {"Content-Length": "3000", "Connection": "close"}), Reason.NETWORK, "peer closed"),
    (response(gzip.compress(b" " * 65_000_000), 200, {"Content-Encoding": "gzip"}), Reason.TYPE, "the body is gzip"),
    (response(b"\x00{}", 200, {"Content-Encoding": "br"}), Reason.TYPE, "the body is br-encoded"),
    (response(b" " * 65_000_000), Reason.SIZE, "the response is larger than 64 MB"),
]


@pytest.mark.parametrize(("answer", "code", "detail"), FAILURES, ids=[f"{code}: {text}" for _, code, text in FAILURES])
def test_no_answer_is_neither_clean_nor_drift(
    exchange: Exchange, answer: HttpResponse, code: Reason, detail: str
) -> None:
    exchange.script[V3] = [answer]
    run = _run(exchange, "--format", "json", "--endpoint", "usdm.rest.v3.account")
    report = _report(run)
    assert run.exit_code == 3
    assert (report["checked"], report["findings"]) == ([], [])
    problem = report["problems"][0]
    assert problem["reason"].startswith(f"{code}: {detail}")
    assert problem["code"] == code
    assert problem["location"]["file"] == "custom:usdm.rest.v3.account"
    (missed,) = [row for row in report["coverage"] if row["mode"] == "single-asset.one-way"]
    assert (missed["reason"], missed["code"]) == (problem["reason"], code)
    # What may be retried is sent up to three times; what the exchange says will last, and a ban, is not.
    assert exchange.requests.count(V3) == 1


def test_drift_is_found_at_its_path_and_a_packed_answer_is_read(exchange: Exchange) -> None:
    body = json.loads(exchange.body("GET", V3))
    del body["positions"][0]["notional"]
    exchange.script[V3] = [response(gzip.compress(json.dumps(body).encode()), headers={"Content-Encoding": "gzip"})]
    run = _run(exchange, "--format", "json")
    found = [(f["rule"], f["endpoint"], f["path"]) for f in _report(run)["findings"] if f["level"] == "breaking"]
    assert found == [("field-missing", "usdm.rest.v3.account", "positions[].notional")]
    assert run.exit_code == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_exchange_is_asked_again(exchange: Exchange, status: int) -> None:
    busy = response(ERROR, status, headers={"Retry-After": "0"})
    exchange.script[V3] = [busy, busy, response(exchange.body("GET", V3))]
    assert _run(exchange).exit_code == 0
    assert exchange.requests.count(V3) == 3


def test_nothing_is_asked_after_a_ban(exchange: Exchange) -> None:
    exchange.script[CONFIG] = [response(ERROR, 418)]
    run = _run(exchange)
    assert run.exit_code == 3
    assert "custom:coinm.time: limit: not sent: the exchange has limited or banned this address" in run.output
    assert exchange.requests == [CALLS.of("usdm", Purpose.TIME)[0].operation.path, CONFIG]


def test_a_mode_that_changes_leaves_nothing_to_say(exchange: Exchange) -> None:
    flags = [{"multiAssetsMargin": False, "dualSidePosition": dual} for dual in (False, True)]
    exchange.script[CONFIG] = [response(each) for each in flags]
    report = _report(run := _run(exchange, "--format", "json"))
    assert run.exit_code == 3
    assert {row["endpoint"].partition(".")[0] for row in report["checked"]} == {"coinm"}
    (problem,) = report["problems"]
    assert problem["reason"].startswith(
        "mode: the account mode changed from single-asset.one-way to single-asset.hedge during the run"
    )


def test_the_mode_is_told_elsewhere_where_its_first_operation_is_retired(exchange: Exchange) -> None:
    exchange.script[CONFIG] = [response({"code": -5000, "msg": "Path is invalid."}, 400)]
    assert _run(exchange).exit_code == 0
    others = [call.operation.path for call in CALLS.of("usdm", Purpose.MODE)[1:]]
    assert [exchange.requests.count(path) for path in others] == [2, 2]


def _twice() -> smallexchange.AnswerFrame:
    """Repeat the first response before the second: what follows the last could come too late to be counted."""
    sent: list[str | bytes] = []

    def answer_frame(_: Any, answer: str) -> list[str | bytes]:
        sent.append(answer)
        return list(sent) if len(sent) == 2 else [answer]

    return answer_frame


def _noise(_: Any, answer: str) -> list[str | bytes]:
    return ['{"e":"event"}', '{"id":["odd"]}', "[]", "no JSON", b"\x00", answer]


def _nameless(*_: Any) -> list[str | bytes]:
    return [json.dumps({"id": None, "status": 401, "error": {"code": -2015, "msg": "Invalid API-key, IP."}})]


def _refused(request: Any, _: str) -> list[str | bytes]:
    return [json.dumps({"id": request["id"], "status": 418, "error": ERROR})]


@pytest.mark.parametrize(
    ("answer_frame", "checked", "reasons"),
    [
        (_twice(), 6, ["frame: second response to the same request"]),
        (
            _noise,
            6,
            [
                "frame: unexpected frame that responds to no request, 4 times",
                "frame: unexpected frame that is not a JSON object, 4 times",
                "frame: unexpected binary frame, 2 times",
            ],
        ),
        (_nameless, 3, ["auth: HTTP 401, error -2015: Invalid API-key, IP."]),
        (_refused, None, ["limit: not sent", "limit: HTTP 418, error -1003"]),
    ],
    ids=["twice", "noise", "nameless", "refused"],
)
def test_frames_that_are_no_response(
    exchange: Exchange, answer_frame: smallexchange.AnswerFrame, checked: int | None, reasons: list[str]
) -> None:
    exchange.answer_frame = answer_frame
    report = _report(run := _run(exchange, "--format", "json"))
    assert run.exit_code == 3
    assert checked in {None, len(report["checked"])}
    found = [problem["reason"] for problem in report["problems"]]
    for reason in reasons:
        assert any(each.startswith(reason) for each in found), found


def test_answers_in_any_order(exchange: Exchange) -> None:
    sent: list[str | bytes] = []

    def swapped(_: Any, answer: str) -> list[str | bytes]:
        sent.append(answer)
        return {1: [], 2: [answer, sent[0]]}.get(len(sent), [answer])

    exchange.answer_frame = swapped
    run = _run(exchange, "--format", "json")
    assert run.exit_code == 0, run.output
    assert len(_report(run)["checked"]) == 6


@pytest.mark.parametrize("report_format", ["text", "json", "markdown"])
def test_no_secret_shows_in_logs_or_reports(
    exchange: Exchange, report_format: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for name in ("", "httpx", "httpcore", "httpcore.http11", "websockets", "websockets.client", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    refused = {"code": -2015, "msg": f"Invalid key {KEY[:9]} of {SECRET}, accountAlias=canary, request ip: 203.0.113.7"}
    exchange.script[V3] = [response(refused, 401)]
    run = _run(exchange, "--format", report_format, "--output", str(tmp_path / "report"))
    assert run.exit_code == 3
    shown = caplog.text + run.output + (tmp_path / "report").read_text("utf-8")
    secrets = {KEY, SECRET, *filter(None, exchange.signatures)}
    assert len(secrets) > 7
    assert not [secret for secret in {*secrets, "canary", "203.0.113.7"} if secret in shown]
    assert logging.getLogger("httpx").isEnabledFor(logging.DEBUG)
