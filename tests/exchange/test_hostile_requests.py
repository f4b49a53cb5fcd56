"""No request makes the loopback exchange fall silent, grow, or print what the request held."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from loopback import HMAC, TLS, ask, call, frame, get, now, send, settings
from wireshape import exchange
from wireshape.catalog.operations import Transport
from wireshape.exchange import websocket
from wireshape.exchange.settings import RequestRecord
from wireshape.exchange.state import KEPT_REQUESTS, ExchangeState

REST, WS = call("usdm.rest.v3.account"), call("usdm.ws.v2.account.status")
CANARY = "canaryQ0" * 8
KEY_LINE = f"X-MBX-APIKEY: {HMAC}\r\n"
QUERIES = {
    "bytes that are no text": b"timestamp=1&x=\xff\xfe&signature=" + CANARY.encode(),
    "a number without measure": b"timestamp=" + b"9" * 6000 + b"&signature=" + CANARY.encode(),
    "a signature that is no text": b"timestamp=%d&signature=%%ff%%fe" % now(),
    "a line without measure": b"x=" + CANARY.encode() * 200,
}
BROKEN = {
    "no HTTP": b"\x00\xff\xfe " + CANARY.encode() + b"\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CANARY.encode(),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an unknown method": f"BREW /{CANARY} HTTP/1.1\r\n\r\n".encode(),
    "headers without measure": b"GET / HTTP/1.1\r\nX: " + CANARY.encode() * 200 + b"\r\n\r\n",
    "headers without number": b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: a\r\n" % i for i in range(5000)) + b"\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk that is none": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    + CANARY.encode()
    + b"\r\n",
}
PARAMETERS = {"apiKey": HMAC, "signature": CANARY}


@pytest.fixture(scope="module")
def server() -> Iterator[exchange.RunningExchange]:
    with exchange.running(settings(limit=100_000)) as server:
        yield server


def _raw(server: exchange.RunningExchange, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(sent)
        with contextlib.suppress(ConnectionError):
            return client.recv(100)
    return b""


def _is_well(server: exchange.RunningExchange) -> bool:
    return (get(server, REST).status_code, ask(server, WS)["status"]) == (200, 200)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_of_any_kind_is_refused(
    server: exchange.RunningExchange, query: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    head = f"{REST.operation.method} {REST.operation.path}?".encode()
    answer = _raw(server, head + query + f" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{KEY_LINE}\r\n".encode())
    assert answer.split()[1] == b"400"
    assert _is_well(server)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_what_is_no_request_is_refused(
    server: exchange.RunningExchange, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _raw(server, sent).split()[1] in {b"400", b"404"}
    assert _is_well(server)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_refused_as_another_path_is(server: exchange.RunningExchange, method: str) -> None:
    answer = httpx.request(method, server.rest + REST.operation.path, verify=TLS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert method == "HEAD" or answer.json()["msg"] == f"Path {REST.operation.path}, Method {method} is invalid"
    assert (answer.content == b"") == (method == "HEAD")


FRAMES: dict[str, Any] = {
    "nested": {"id": 1, "params": {**PARAMETERS, "timestamp": now(), "x": json.loads("[" * 900 + "]" * 900)}},
    "many parameters": {"id": 1, "params": {f"p{number}": 1 for number in range(3000)}},
    "a method that is no text": {"id": 1, "method": {"a": 1}},
    "a key that is no text": {"id": 1, "params": {**PARAMETERS, "apiKey": ["a"]}},
    "a signature that is no text": {"id": 1, "params": {**PARAMETERS, "signature": ["a"], "timestamp": now()}},
    "a time without measure": {"id": 1, "params": {**PARAMETERS, "timestamp": 10**30}},
    "an id without measure": {"id": "a" * 60_000},
    "a number for an id, without measure": {"id": 10**30},
}


@pytest.mark.parametrize("sent", FRAMES.values(), ids=FRAMES)
def test_a_frame_of_any_kind_gets_an_answer(
    server: exchange.RunningExchange, sent: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    (answer,) = send(server, WS.operation.path, [{"method": WS.operation.method, **sent}], expect=1).frames
    assert 400 <= answer["status"] < 500
    assert _is_well(server)
    assert capfd.readouterr() == ("", "")


def test_a_frame_that_is_too_large_ends_the_connection(server: exchange.RunningExchange) -> None:
    received = send(server, WS.operation.path, ["a" * 70_000], expect=1)
    assert (received.frames, received.closed) == ([], True)
    assert _is_well(server)


def test_frames_are_not_read_while_too_many_wait_for_a_response(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "MAX_PENDING", 3)
    with exchange.running(settings(faults=("drop",))) as server:
        frames = [{"id": number, "method": WS.operation.method} for number in range(10)]
        received = send(server, WS.operation.path, frames, expect=1, wait=2)
        asked = [request for request in server.requests if request.id == WS.id]
    assert received.frames == []
    assert len(asked) == 3


def test_a_bug_is_told_without_what_the_request_held(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(ExchangeState, "body", fail)
    with exchange.running(settings()) as server:
        assert get(server, REST).status_code == 500
        assert send(server, WS.operation.path, [frame(WS)], expect=1, wait=0.2).frames == []
        assert [record.getMessage() for record in caplog.records][:1] == [
            "internal error (ValueError): this is a bug in wireshape"
        ]
    assert CANARY not in caplog.text


def test_requests_are_remembered_within_bounds() -> None:
    state = ExchangeState(settings(), ())
    names = tuple(f"{number}" * 500 for number in range(500))
    for _ in range(KEPT_REQUESTS + 5):
        state.record(RequestRecord(id="x", transport=Transport.REST, weight=2, status=200, parameters=names))
    assert len(state.requests) == KEPT_REQUESTS
    assert state.weight == 2 * (KEPT_REQUESTS + 5)
    assert sum(map(len, state.requests[-1].parameters)) < 3000
