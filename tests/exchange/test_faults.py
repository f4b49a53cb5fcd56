"""Every fault happens over REST and WebSocket as often as it is asked for, where it is asked for, and nowhere else."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import struct
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
import pytest

from loopback import HMAC, ask, call, calls, frame, get, now, query, send, settings
from wireshape import exchange
from wireshape.catalog.operations import Purpose, Transport
from wireshape.exchange import faults

REST, WS = call("usdm.rest.v3.account"), call("usdm.ws.v2.account.status")
REFUSALS = [("429", 429, -1003), ("418", 418, -1003), ("503", 503, -1001), ("maintenance", 503, -1016)]


def _running(*spellings: str) -> Any:
    return exchange.running(settings(faults=spellings))


@pytest.mark.parametrize(
    ("fault", "error", "read"),
    [
        ("late:30", httpx.ReadTimeout, 0.1),
        ("drop", httpx.ReadTimeout, 0.1),
        ("cut", httpx.RemoteProtocolError, 30),
        ("reset", httpx.ReadError, 30),
    ],
)
def test_no_answer_over_rest(fault: str, error: type[Exception], read: float) -> None:
    with _running(fault) as server, pytest.raises(error):
        get(server, REST, timeout=httpx.Timeout(30, read=read))


@pytest.mark.parametrize("fault", ["late:0.01", "slow-drip:0", "huge:3"])
def test_an_answer_that_takes_its_time_is_a_good_one(fault: str) -> None:
    with _running(fault) as server:
        assert get(server, REST).json() == server.payload(REST.id)
        answer = ask(server, WS)
        assert answer["result"] == server.payload(WS.id)


@pytest.mark.parametrize(("fault", "size"), [("huge:40", 40_000_000), ("endless", None)])
def test_an_answer_without_measure_over_rest(fault: str, size: int | None) -> None:
    url, headers = REST.operation.path, {"X-MBX-APIKEY": HMAC}
    with (
        _running(f"{fault}@rest") as server,
        httpx.stream("GET", server.rest + url, params=query(), headers=headers) as answer,
    ):
        assert answer.headers.get("Content-Length") == (str(size) if size else None)
        received = 0
        for piece in answer.iter_raw():
            received += len(piece)
            if received > 10_000_000:
                break
    assert received > 10_000_000


@pytest.mark.parametrize("fault", ["html", "html:200"])
def test_a_page_in_place_of_json(fault: str) -> None:
    status = int(fault.partition(":")[2] or 403)
    with _running(fault) as server:
        answer = get(server, REST)
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            ask(server, WS)
    assert (answer.status_code, answer.headers["Content-Type"], answer.text[:9]) == (status, "text/html", "<!DOCTYPE")
    assert raised.value.status == status


def test_json_under_another_name() -> None:
    with _running("wrong-type") as server:
        answer = get(server, REST)
        assert (answer.headers["Content-Type"], answer.json()) == ("text/plain", server.payload(REST.id))


@pytest.mark.parametrize("target", [REST, WS], ids=["rest", "ws"])
def test_a_redirect_to_another_port(target: Any) -> None:
    with _running("redirect") as server:
        answer = get(server, target) if target is REST else httpx.get(server.rest + WS.operation.path, headers=UPGRADE)
        assert answer.status_code == 302
        assert f"//127.0.0.1:{server.redirect_port}{target.operation.path}" in answer.headers["Location"]
        assert not any(each.at_redirect_port for each in server.requests)
        httpx.get(answer.headers["Location"].replace("ws:", "http:"), headers={"X-MBX-APIKEY": HMAC})
        last = server.requests[-1]
    assert (last.at_redirect_port, last.key) == (True, True)


UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade"}


@pytest.mark.parametrize(("fault", "status", "code"), REFUSALS)
def test_a_refusal_as_often_as_it_is_asked_for(fault: str, status: int, code: int) -> None:
    with _running(f"{fault}x2") as server:
        answers = [get(server, REST) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json()["code"] == code
    with _running(f"{fault}x1") as server:
        first, second = ask(server, WS), ask(server, WS)
    assert (first["status"], first["error"]["code"], second["status"]) == (status, code, 200)


def test_a_refusal_says_how_long_to_wait() -> None:
    with _running("429:7x1") as server:
        assert get(server, REST).headers["Retry-After"] == "7"


@pytest.mark.parametrize("on", ["usdm.rest.v3", "rest.v3.account", "usdm.rest.v3.account"])
def test_a_fault_only_where_it_is_asked_for(on: str) -> None:
    with _running(f"503@{on}") as server:
        statuses = {target.id: get(server, target).status_code for target in calls(Transport.REST)}
    assert statuses == {target.id: 503 if target is REST else 200 for target in calls(Transport.REST)}


def test_a_clock_an_hour_off_refuses_who_does_not_ask_for_the_time() -> None:
    with _running("clock") as server:
        refused = get(server, REST)
        before = now()
        server_time = httpx.get(server.rest + call("usdm.rest.time").operation.path).json()["serverTime"]
        after = now()
        parameters = query(timestamp=server_time)
        admitted = httpx.get(server.rest + REST.operation.path, params=parameters, headers={"X-MBX-APIKEY": HMAC})
    assert refused.json()["code"] == -1021
    assert before <= server_time - 3_600_000 <= after
    assert admitted.status_code == 200


@pytest.mark.parametrize("target", calls(Transport.REST, Purpose.MODE), ids=lambda target: target.id)
def test_the_mode_flips_between_two_questions(target: Any) -> None:
    account = call("usdm.rest.v2.account" if target.product == "usdm" else "coinm.rest.v1.account")
    with _running("mode-flip") as server:
        first, between, second = get(server, target).json(), get(server, account).json(), get(server, target).json()
    assert first.get("dualSidePosition", False) is False
    assert second.get("dualSidePosition", True) is True
    assert {row["positionSide"] for row in between["positions"]} == {"LONG", "SHORT"}


@pytest.mark.parametrize("fault", ["drop", "cut", "reset"])
def test_no_answer_over_websocket(fault: str) -> None:
    with _running(fault) as server:
        received = send(server, WS.operation.path, [frame(WS)], expect=1, wait=0.2 if fault == "drop" else 30)
    assert (received.frames, received.closed) == ([], fault != "drop")


@pytest.mark.parametrize("fault", ["huge", "endless"])
def test_an_answer_without_measure_over_websocket(fault: str) -> None:
    with _running(fault) as server:
        received = send(server, WS.operation.path, [frame(WS)], expect=1)
    assert (received.frames, received.closed) == ([], True)


def _two(fault: str, expect: int) -> list[Any]:
    """Send two requests over one connection."""
    with exchange.running(settings(faults=(fault,))) as server:
        sent = [frame(WS, request_id=name) for name in ("first", "second")]
        return send(server, WS.operation.path, sent, expect=expect).frames


def test_answers_get_mixed_up() -> None:
    assert [answer["id"] for answer in _two("out-of-order:30", 2)] == ["second", "first"]
    assert sorted(answer["id"] for answer in _two("duplicate-id", 4)) == ["first", "first", "second", "second"]
    assert [answer["id"] for answer in _two("wrong-idx1", 2)] == ["nobody-asked", "second"]


def test_a_revoked_key_is_answered_without_an_id() -> None:
    revoked, good = _two("revokedx1", 2)
    assert (revoked["id"], revoked["status"], revoked["error"]["code"]) == (None, 401, -2015)
    assert (good["id"], good["status"]) == ("second", 200)


def test_an_answer_held_back_goes_alone_if_none_follows() -> None:
    with _running("out-of-order:0.01") as server:
        assert ask(server, WS)["status"] == 200


def test_noise_comes_before_the_answer() -> None:
    noise, answer, *_ = _two("noise-framex1", 3)
    assert (noise["e"], answer["id"]) == ("listenKeyExpired", "first")
    binary, answer, *_ = _two("binary-framex1", 3)
    assert (type(binary), answer["id"]) == (bytes, "first")


@pytest.mark.parametrize("name", list(faults.kinds()))
def test_it_stops_whatever_goes_wrong(name: str) -> None:
    requests: queue.Queue[exchange.RequestRecord] = queue.Queue()
    signed = f"{REST.operation.path}?{urlencode(query())}"
    # The clients leave after the exchange: it stops while both still wait for the end of a response.
    with (
        contextlib.ExitStack() as clients,
        exchange.running(settings(faults=(name,), watch=requests.put)) as server,
    ):
        rest, ws = (
            clients.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30)) for _ in range(2)
        )
        rest.sendall(f"GET {signed} HTTP/1.1\r\nHost: here\r\nX-MBX-APIKEY: {HMAC}\r\n\r\n".encode())
        assert requests.get(timeout=30).id == REST.id
        ws.sendall(f"GET {WS.operation.path} HTTP/1.1\r\nHost: here\r\n{UPGRADE_LINES}\r\n".encode())
        assert requests.get(timeout=30).id == "usdm.ws.handshake"
        if name not in faults.HANDSHAKE:
            ws.sendall(_masked(frame(WS)))
            assert requests.get(timeout=30).id == WS.id


UPGRADE_LINES = "".join(
    f"{name}: {value}\r\n"
    for name, value in {
        **UPGRADE,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }.items()
)


def _masked(value: Any) -> bytes:
    """Give a text frame of a client, masked with zeros (RFC 6455, 5.3)."""
    text = json.dumps(value).encode()
    return struct.pack("!BBH4x", 0x81, 0x80 | 126, len(text)) + text
