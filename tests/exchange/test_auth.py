"""The loopback exchange admits, counts and refuses as the real one is documented to, over REST and WebSocket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from casebook import cases
from loopback import (
    ED25519,
    HMAC,
    KNOWN,
    RSA,
    SECRET,
    ask,
    call,
    calls,
    frame,
    get,
    keys,
    now,
    session,
    settings,
    signature,
)
from wireshape import exchange
from wireshape.catalog.operations import Call
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.rate_limit import WeightLimit

FORBIDDEN = exchange.hmac_key("fakeKeyN" * 8, SECRET, permitted=False)
REST, WS = call("usdm.rest.v3.account"), call("usdm.ws.v2.account.status")


@pytest.fixture(scope="module")
def served() -> Iterator[exchange.RunningExchange]:
    with exchange.running(settings(keys=(*keys(), FORBIDDEN), limit=100_000)) as served:
        yield served


@pytest.mark.parametrize("asked", calls("rest", "time"), ids=lambda asked: asked.id)
def test_the_time_needs_no_key(served: exchange.RunningExchange, asked: Call) -> None:
    answer = httpx.get(served.rest + asked.operation.path).json()
    assert abs(answer["serverTime"] - now()) < 60_000


def _asked(case: dict[str, Any], over: str) -> dict[str, Any]:
    """Put together the parameters of a case, signed as it says."""
    told = {} if case.get("ahead", 0) is None else {"timestamp": now() + case.get("ahead", 0)}
    told |= case.get("parameters", {})
    if over == "ws" and case.get("key", HMAC) is not None:
        told["apiKey"] = case.get("key", HMAC)
    right = signature("&".join(f"{name}={told[name]}" for name in (sorted(told) if over == "ws" else told)))
    kind = case.get("signature", "right")
    made = {"right": right, "capitals": right.upper(), "other": signature("other"), "empty": ""}.get(kind, kind)
    return told if kind == "none" else {**told, "signature": made}


@pytest.mark.parametrize("case", cases("exchange"))
def test_a_request_is_admitted_or_refused(served: exchange.RunningExchange, case: dict[str, Any]) -> None:
    for over in case["over"]:
        if over == "rest":
            key = case.get("key", HMAC)
            headers = {} if key is None else {"X-MBX-APIKEY": key}
            answer = httpx.get(served.rest + REST.operation.path, params=_asked(case, over), headers=headers)
            status, error = answer.status_code, answer.json()
        else:
            params = _asked(case, over)
            sent = {"id": 1, "method": WS.operation.method, "params": params}
            (came,) = session(served, WS.operation.path, [sent], expect=1).frames
            status, error = came["status"], came.get("error", {})
        assert (status, error.get("code")) == (case["status"], case["code"]), over
        assert case.get("words", "") in error.get("msg", "")


@pytest.mark.parametrize("key", [HMAC, ED25519, RSA], ids=["hmac", "ed25519", "rsa"])
@pytest.mark.parametrize("asked", [REST, WS], ids=["rest", "ws"])
def test_every_kind_of_key_signs(served: exchange.RunningExchange, asked: Call, key: str) -> None:
    status = get(served, asked, key).status_code if asked is REST else ask(served, asked, key=key)["status"]
    assert status == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/fapi/v1/account", 400, -5000),
        ("GET", "/fapi/v9/account", 404, -5000),
        ("POST", "/fapi/v3/account", 404, -5000),
        ("GET", "/", 404, None),
    ],
)
def test_a_path_that_is_not_there(
    served: exchange.RunningExchange, method: str, path: str, status: int, code: int | None
) -> None:
    answer = httpx.request(method, served.rest + path)
    assert answer.status_code == status
    if code is None:
        assert answer.headers["Content-Type"] == "text/html"
    else:
        assert answer.json()["code"] == code


def test_weight_is_counted_over_both_transports() -> None:
    with exchange.running(settings()) as served:
        first, second = get(served, REST), ask(served, WS)
        assert first.headers["X-MBX-USED-WEIGHT-1M"] == str(REST.weight)
        spent = REST.weight + WS.weight + KNOWN.limits.handshake
        (limit,) = second["rateLimits"]
        assert (limit["count"], limit["limit"]) == (spent, KNOWN.limits.weight)
        assert served.weight == spent
    assert [asked.id for asked in served.requests] == [REST.id, "usdm.ws.handshake", WS.id]


def test_over_the_limit_one_is_asked_to_wait_and_then_banned() -> None:
    with exchange.running(settings(limit=12)) as served:
        answers = [get(served, REST) for _ in range(7)]
        refused = talk_refused(served)
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429, 418, 418]
    assert {answer.json()["code"] for answer in answers[2:]} == {-1003}
    assert all(0 < int(answer.headers["Retry-After"]) <= 120 for answer in answers[2:])
    assert refused == 418


def talk_refused(served: exchange.RunningExchange) -> int:
    """Give the status a handshake is refused with."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    return httpx.get(served.rest + WS.operation.path, headers=headers).status_code


def test_a_new_minute_is_a_new_start_and_a_ban_lasts_two() -> None:
    clock = [0.0]
    weights = WeightLimit(KNOWN, 10, lambda: clock[0])
    codes = []
    for moment in (0, 1, 2, 3, 4, 61, 100, 125):
        clock[0] = moment
        code = 200
        try:
            weights.spend(8)
        except Refusal as refusal:
            code = refusal.error.status
        codes.append(code)
    assert codes == [200, 429, 429, 429, 418, 418, 418, 200]


def test_what_was_asked_is_kept_without_secrets(served: exchange.RunningExchange) -> None:
    get(served, REST)
    ask(served, WS, key=ED25519)
    kept = repr(served.requests) + repr(served)
    assert all(asked.parameters for asked in served.requests[-1:])
    for secret in (SECRET, HMAC, ED25519):
        assert secret not in kept


def test_what_is_planted_comes_out() -> None:
    told = settings(
        ip="203.0.113.7", headers={"Set-Cookie": "canary=1"}, listen_key="canaryListen", faults=("noise-frame",)
    )
    with exchange.running(told) as served:
        answer = get(served, REST, headers={"X-MBX-APIKEY": "fakeKeyX" * 8})
        noise, _ = session(served, WS.operation.path, [frame(WS)], expect=2).frames
    assert "203.0.113.7" in answer.json()["msg"]
    assert answer.headers["Set-Cookie"] == "canary=1"
    assert noise["listenKey"] == "canaryListen"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_an_answer_is_compressed_for_who_takes_it(served: exchange.RunningExchange, encoding: str) -> None:
    headers = {"X-MBX-APIKEY": HMAC, "Accept-Encoding": encoding}
    answer = httpx.get(served.rest + REST.operation.path, params=_asked({}, "rest"), headers=headers)
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    assert answer.json() == served.payload(REST.id)


def test_the_signature_comes_last_and_every_parameter_once(served: exchange.RunningExchange) -> None:
    signed = f"timestamp={now()}"
    given = f"signature={signature(signed)}"
    headers = {"X-MBX-APIKEY": HMAC}
    for query in (f"{given}&{signed}", f"{signed}&{given}&{given}", f"{signed}&{signed}&{given}"):
        answer = httpx.get(f"{served.rest}{REST.operation.path}?{query}", headers=headers)
        assert answer.json()["code"] == -1022, query
    assert httpx.get(f"{served.rest}{REST.operation.path}?{signed}&{given}", headers=headers).status_code == 200


def test_times_in_frames_are_integers(served: exchange.RunningExchange) -> None:
    for name in ("timestamp", "recvWindow"):
        told: dict[str, Any] = {"timestamp": now(), "recvWindow": 5000}
        sent = frame(WS, **{**told, name: str(told[name])})
        (came,) = session(served, WS.operation.path, [sent], expect=1).frames
        assert came["error"]["code"] == -1102, name


def test_a_request_for_no_path_is_refused_like_any_other(served: exchange.RunningExchange) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
        raw.sendall(b"OPTIONS * HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 404")
