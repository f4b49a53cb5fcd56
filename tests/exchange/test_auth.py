"""The loopback exchange authenticates, counts and refuses as the real one is documented to, over both transports."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from casebook import cases
from loopback import (
    ED25519,
    HMAC,
    PROTOCOL,
    RSA,
    SECRET,
    TLS,
    ask,
    call,
    calls,
    frame,
    get,
    keys,
    now,
    query,
    send,
    settings,
    signature,
)
from wireshape import exchange
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.exchange.auth import Authenticator
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.rate_limit import WeightLimit

FORBIDDEN = exchange.hmac_key("fakeKeyN" * 8, SECRET, permitted=False)
REST, WS = call("usdm.rest.v3.account"), call("usdm.ws.v2.account.status")


@pytest.fixture(scope="module")
def server() -> Iterator[exchange.RunningExchange]:
    with exchange.running(settings(keys=(*keys(), FORBIDDEN), limit=100_000)) as server:
        yield server


@pytest.mark.parametrize("target", calls(Transport.REST, Purpose.TIME), ids=lambda target: target.id)
def test_the_time_needs_no_key(server: exchange.RunningExchange, target: Call) -> None:
    answer = httpx.get(server.rest + target.operation.path).json()
    assert abs(answer["serverTime"] - now()) < 60_000


def _parameters(case: dict[str, Any], over: str) -> dict[str, Any]:
    """Put together the parameters of a case, signed as it says."""
    sent = {} if case.get("ahead", 0) is None else {"timestamp": now() + case.get("ahead", 0)}
    sent |= case.get("parameters", {})
    if over == Transport.WS and case.get("key", HMAC) is not None:
        sent["apiKey"] = case.get("key", HMAC)
    right = signature("&".join(f"{name}={sent[name]}" for name in (sorted(sent) if over == Transport.WS else sent)))
    kind = case.get("signature", "right")
    spelled = {"right": right, "capitals": right.upper(), "other": signature("other"), "empty": ""}.get(kind, kind)
    return sent if kind == "none" else {**sent, "signature": spelled}


NOW = 1_760_000_000_000
BOUNDS: list[tuple[dict[str, Any], int | None]] = [
    ({"timestamp": NOW + 999}, None),
    ({"timestamp": NOW + 1000}, -1021),
    ({"timestamp": NOW - 5000}, None),
    ({"timestamp": NOW - 5001}, -1021),
    ({"timestamp": NOW - 60_000, "recvWindow": 60_000}, None),
    ({"timestamp": NOW - 60_001, "recvWindow": 60_000}, -1021),
    ({"timestamp": NOW, "recvWindow": 60_001}, -1131),
]


@pytest.mark.parametrize(("times", "code"), BOUNDS, ids=str)
def test_the_bounds_of_time_are_exact(times: dict[str, Any], code: int | None) -> None:
    authenticator = Authenticator(PROTOCOL, keys())
    admit: list[Callable[[], object]] = [
        lambda: authenticator.rest(HMAC, urlencode(query(**times)), NOW),
        lambda: authenticator.frame(frame(WS, **times)["params"], NOW, None),
    ]
    for each in admit:
        if code is None:
            each()
        else:
            with pytest.raises(Refusal) as raised:
                each()
            assert raised.value.error.code == code


@pytest.mark.parametrize("case", cases("exchange"))
def test_a_request_is_admitted_or_refused(server: exchange.RunningExchange, case: dict[str, Any]) -> None:
    for over in case["over"]:
        if over == Transport.REST:
            key = case.get("key", HMAC)
            headers = {} if key is None else {"X-MBX-APIKEY": key}
            answer = httpx.get(server.rest + REST.operation.path, params=_parameters(case, over), headers=headers)
            status, error = answer.status_code, answer.json()
        else:
            params = _parameters(case, over)
            sent = {"id": 1, "method": WS.operation.method, "params": params}
            (received,) = send(server, WS.operation.path, [sent], expect=1).frames
            status, error = received["status"], received.get("error", {})
        assert (status, error.get("code")) == (case["status"], case["code"]), over
        assert case.get("words", "") in error.get("msg", "")


@pytest.mark.parametrize("key", [HMAC, ED25519, RSA], ids=["hmac", "ed25519", "rsa"])
@pytest.mark.parametrize("target", [REST, WS], ids=["rest", "ws"])
def test_every_kind_of_key_signs(server: exchange.RunningExchange, target: Call, key: str) -> None:
    status = get(server, target, key).status_code if target is REST else ask(server, target, key=key)["status"]
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
    server: exchange.RunningExchange, method: str, path: str, status: int, code: int | None
) -> None:
    answer = httpx.request(method, server.rest + path)
    assert answer.status_code == status
    if code is None:
        assert answer.headers["Content-Type"] == "text/html"
    else:
        assert answer.json()["code"] == code


def test_weight_is_counted_over_both_transports() -> None:
    with exchange.running(settings()) as server:
        first, second = get(server, REST), ask(server, WS)
        assert first.headers["X-MBX-USED-WEIGHT-1M"] == str(REST.weight)
        spent = REST.weight + WS.weight + PROTOCOL.limits.handshake
        (limit,) = second["rateLimits"]
        assert (limit["count"], limit["limit"]) == (spent, PROTOCOL.limits.weight)
        assert server.weight == spent
    assert [request.id for request in server.requests] == [REST.id, "usdm.ws.handshake", WS.id]


def test_over_the_limit_one_is_asked_to_wait_and_then_banned() -> None:
    with exchange.running(settings(limit=12)) as server:
        answers = [get(server, REST) for _ in range(7)]
        refused = _handshake_status(server)
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429, 418, 418]
    assert {answer.json()["code"] for answer in answers[2:]} == {-1003}
    assert all(0 < int(answer.headers["Retry-After"]) <= 120 for answer in answers[2:])
    assert refused == 418


def _handshake_status(server: exchange.RunningExchange) -> int:
    """Give the status a handshake is refused with."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    return httpx.get(server.rest + WS.operation.path, headers=headers).status_code


def test_a_new_minute_is_a_new_start_and_a_ban_lasts_two() -> None:
    clock = [0.0]
    weight_limit = WeightLimit(PROTOCOL, 10, lambda: clock[0])
    codes = []
    for moment in (0, 1, 2, 3, 4, 61, 100, 125):
        clock[0] = moment
        code = 200
        try:
            weight_limit.spend(8)
        except Refusal as refusal:
            code = refusal.error.status
        codes.append(code)
    assert codes == [200, 429, 429, 429, 418, 418, 418, 200]


def test_what_was_asked_is_kept_without_secrets(server: exchange.RunningExchange) -> None:
    get(server, REST)
    ask(server, WS, key=ED25519)
    kept = repr(server.requests) + repr(server)
    assert all(request.parameters for request in server.requests[-1:])
    for secret in (SECRET, HMAC, ED25519):
        assert secret not in kept


def test_what_nobody_knows_is_kept_as_it_was_asked_but_for_secrets(server: exchange.RunningExchange) -> None:
    asked = ["/fapi/v3/balance", f"/fapi/v1/{HMAC}", "/" + "a" * 5000]
    for path in asked:
        httpx.get(f"{server.rest}{path}?signature={HMAC}", verify=TLS)
    send(server, WS.operation.path, [{"id": 1, "method": "v9/account"}], expect=1)
    assert [request.operation for request in server.requests if request.id == "unknown"][-4:] == [
        "GET /fapi/v3/balance",
        "GET <redacted>",
        "GET <redacted>",
        "v9/account",
    ]


def test_what_is_planted_comes_out() -> None:
    planted = settings(
        ip="203.0.113.7", headers={"Set-Cookie": "canary=1"}, listen_key="canaryListen", faults=("noise-frame",)
    )
    with exchange.running(planted) as server:
        answer = get(server, REST, headers={"X-MBX-APIKEY": "fakeKeyX" * 8})
        noise, _ = send(server, WS.operation.path, [frame(WS)], expect=2).frames
    assert "203.0.113.7" in answer.json()["msg"]
    assert answer.headers["Set-Cookie"] == "canary=1"
    assert noise["listenKey"] == "canaryListen"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_an_answer_is_compressed_where_the_client_accepts_it(server: exchange.RunningExchange, encoding: str) -> None:
    headers = {"X-MBX-APIKEY": HMAC, "Accept-Encoding": encoding}
    answer = httpx.get(server.rest + REST.operation.path, params=_parameters({}, Transport.REST), headers=headers)
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    assert answer.json() == server.payload(REST.id)


def test_the_signature_comes_last_and_every_parameter_once(server: exchange.RunningExchange) -> None:
    signed = f"timestamp={now()}"
    given = f"signature={signature(signed)}"
    headers = {"X-MBX-APIKEY": HMAC}
    for each in (f"{given}&{signed}", f"{signed}&{given}&{given}", f"{signed}&{signed}&{given}"):
        answer = httpx.get(f"{server.rest}{REST.operation.path}?{each}", headers=headers)
        assert answer.json()["code"] == -1022, each
    assert httpx.get(f"{server.rest}{REST.operation.path}?{signed}&{given}", headers=headers).status_code == 200


def test_times_in_frames_are_integers(server: exchange.RunningExchange) -> None:
    for name in ("timestamp", "recvWindow"):
        times: dict[str, Any] = {"timestamp": now(), "recvWindow": 5000}
        sent = frame(WS, **{**times, name: str(times[name])})
        (received,) = send(server, WS.operation.path, [sent], expect=1).frames
        assert received["error"]["code"] == -1102, name


def test_a_request_for_no_path_is_refused_like_any_other(server: exchange.RunningExchange) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"OPTIONS * HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 404")
