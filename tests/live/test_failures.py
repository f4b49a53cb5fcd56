"""What a live run takes for no answer: responses, modes and frames that leave nothing to check."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

import chance
import smallexchange
from livecheck import check, report
from smallexchange import Exchange, HttpResponse, response
from wireshape.catalog import endpoints
from wireshape.catalog.operations import Purpose
from wireshape.live import allowlist
from wireshape.model import Reason

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
    (
        response(gzip.compress(b" " * 65_000_000), 200, {"Content-Encoding": "gzip"}),
        Reason.TYPE,
        "the gzip body is larger",
    ),
    (response(b"\x00{}", 200, {"Content-Encoding": "br"}), Reason.TYPE, "the body is compressed as br"),
    (response(b" " * 65_000_000), Reason.SIZE, "the response is larger than 64 MB"),
]


@pytest.mark.parametrize(("answer", "code", "detail"), FAILURES, ids=[f"{code}: {text}" for _, code, text in FAILURES])
def test_no_answer_is_neither_clean_nor_drift(
    exchange: Exchange, answer: HttpResponse, code: Reason, detail: str
) -> None:
    exchange.script[V3] = [answer]
    run = check(exchange, "--format", "json", "--endpoint", "usdm.rest.v3.account")
    document = report(run)
    assert run.exit_code == 3
    assert (document["checked"], document["findings"]) == ([], [])
    problem = document["problems"][0]
    assert problem["reason"].startswith(f"{code}: {detail}")
    assert problem["code"] == code
    assert problem["location"]["file"] == "custom:usdm.rest.v3.account"
    (missed,) = [row for row in document["coverage"] if row["mode"] == "single-asset.one-way"]
    assert (missed["reason"], missed["code"]) == (problem["reason"], code)
    # What may be retried is sent up to three times; what the exchange says will last, and a ban, is not.
    assert exchange.requests.count(V3) == 1


def test_nothing_is_asked_after_a_ban(exchange: Exchange) -> None:
    exchange.script[CONFIG] = [response(ERROR, 418)]
    run = check(exchange)
    assert run.exit_code == 3
    assert "custom:coinm.time: limit: not sent: the exchange has limited or banned this address" in run.output
    assert exchange.requests == [CALLS.of("usdm", Purpose.TIME)[0].operation.path, CONFIG]


def test_a_mode_that_changes_leaves_nothing_to_say(exchange: Exchange) -> None:
    flags = [{"multiAssetsMargin": False, "dualSidePosition": dual} for dual in (False, True)]
    exchange.script[CONFIG] = [response(each) for each in flags]
    document = report(run := check(exchange, "--format", "json"))
    assert run.exit_code == 3
    assert {row["endpoint"].partition(".")[0] for row in document["checked"]} == {"coinm"}
    (problem,) = document["problems"]
    assert problem["reason"].startswith(
        "mode: the account mode changed from single-asset.one-way to single-asset.hedge during the run"
    )


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
    document = report(run := check(exchange, "--format", "json"))
    assert run.exit_code == 3
    assert checked in {None, len(document["checked"])}
    found = [problem["reason"] for problem in document["problems"]]
    for reason in reasons:
        assert any(each.startswith(reason) for each in found), found
