"""Every fault by name happens as it is told, over REST and WebSocket, as often as it is told, and where."""

from __future__ import annotations

import contextlib
from typing import Any

import aiohttp
import httpx
import pytest

from loopback import HMAC, ask, call, calls, frame, get, now, query, session, settings
from wireshape import exchange
from wireshape.exchange import faults

REST, WS = call("usdm.rest.v3.account"), call("usdm.ws.v2.account.status")
REFUSALS = [("429", 429, -1003), ("418", 418, -1003), ("503", 503, -1001), ("maintenance", 503, -1016)]
REFUSALS += [("retired", 400, -5000)]


def _running(*spellings: str) -> Any:
    return exchange.running(settings(faults=spellings))


@pytest.mark.parametrize(
    ("fault", "error", "timeouts"),
    [
        ("late:30", httpx.ReadTimeout, 0.1),
        ("drop", httpx.ReadTimeout, 0.1),
        ("cut", httpx.RemoteProtocolError, 30),
        ("reset", httpx.ReadError, 30),
    ],
)
def test_no_answer_over_rest(fault: str, error: type[Exception], timeouts: float) -> None:
    with _running(fault) as served, pytest.raises(error):
        get(served, REST, timeout=timeouts)


@pytest.mark.parametrize("fault", ["late:0.01", "slow-drip:0", "huge:3"])
def test_an_answer_that_takes_its_time_is_a_good_one(fault: str) -> None:
    with _running(fault) as served:
        assert get(served, REST).json() == served.payload(REST.id)
        answer = ask(served, WS)
        assert answer["result"] == served.payload(WS.id)


@pytest.mark.parametrize(("fault", "size"), [("huge:40", 40_000_000), ("endless", None)])
def test_an_answer_without_measure_over_rest(fault: str, size: int | None) -> None:
    url, headers = REST.operation.path, {"X-MBX-APIKEY": HMAC}
    with (
        _running(f"{fault}@rest") as served,
        httpx.stream("GET", served.rest + url, params=query(), headers=headers) as answer,
    ):
        assert answer.headers.get("Content-Length") == (str(size) if size else None)
        came = 0
        for piece in answer.iter_raw():
            came += len(piece)
            if came > 10_000_000:
                break
    assert came > 10_000_000


@pytest.mark.parametrize("fault", ["html", "html:200"])
def test_a_page_in_place_of_json(fault: str) -> None:
    status = int(fault.partition(":")[2] or 403)
    with _running(fault) as served:
        answer = get(served, REST)
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            ask(served, WS)
    assert (answer.status_code, answer.headers["Content-Type"], answer.text[:9]) == (status, "text/html", "<!DOCTYPE")
    assert raised.value.status == status


def test_json_under_another_name() -> None:
    with _running("wrong-type") as served:
        answer = get(served, REST)
        assert (answer.headers["Content-Type"], answer.json()) == ("text/plain", served.payload(REST.id))


@pytest.mark.parametrize("asked", [REST, WS], ids=["rest", "ws"])
def test_a_redirect_to_another_port(asked: Any) -> None:
    with _running("redirect") as served:
        answer = get(served, asked) if asked is REST else httpx.get(served.rest + WS.operation.path, headers=UPGRADE)
        assert answer.status_code == 302
        assert f"//127.0.0.1:{served.redirect_port}{asked.operation.path}" in answer.headers["Location"]
        assert not any(each.at_redirect_port for each in served.requests)
        httpx.get(answer.headers["Location"].replace("ws:", "http:"), headers={"X-MBX-APIKEY": HMAC})
        last = served.requests[-1]
    assert (last.at_redirect_port, last.key) == (True, True)


UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade"}


@pytest.mark.parametrize(("fault", "status", "code"), REFUSALS)
def test_a_refusal_as_often_as_it_is_told(fault: str, status: int, code: int) -> None:
    with _running(f"{fault}x2") as served:
        answers = [get(served, REST) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json()["code"] == code
    with _running(f"{fault}x1") as served:
        first, second = ask(served, WS), ask(served, WS)
    assert (first["status"], first["error"]["code"], second["status"]) == (status, code, 200)


def test_a_refusal_says_how_long_to_wait() -> None:
    with _running("429:7x1") as served:
        assert get(served, REST).headers["Retry-After"] == "7"


@pytest.mark.parametrize("on", ["usdm.rest.v3", "rest.v3.account", "usdm.rest.v3.account"])
def test_a_fault_only_where_it_is_told(on: str) -> None:
    with _running(f"503@{on}") as served:
        statuses = {asked.id: get(served, asked).status_code for asked in calls("rest")}
    assert statuses == {asked.id: 503 if asked is REST else 200 for asked in calls("rest")}


def test_a_clock_an_hour_off_refuses_who_does_not_ask_for_the_time() -> None:
    with _running("clock") as served:
        refused = get(served, REST)
        told = httpx.get(served.rest + call("usdm.rest.time").operation.path).json()["serverTime"]
        parameters = query(timestamp=told)
        admitted = httpx.get(served.rest + REST.operation.path, params=parameters, headers={"X-MBX-APIKEY": HMAC})
    assert refused.json()["code"] == -1021
    assert 3_590_000 < told - now() < 3_610_000
    assert admitted.status_code == 200


@pytest.mark.parametrize("asked", calls("rest", "mode"), ids=lambda asked: asked.id)
def test_the_mode_flips_between_two_questions(asked: Any) -> None:
    account = call("usdm.rest.v2.account" if asked.product == "usdm" else "coinm.rest.v1.account")
    with _running("mode-flip") as served:
        first, between, second = get(served, asked).json(), get(served, account).json(), get(served, asked).json()
    assert first.get("dualSidePosition", False) is False
    assert second.get("dualSidePosition", True) is True
    assert {row["positionSide"] for row in between["positions"]} == {"LONG", "SHORT"}


@pytest.mark.parametrize("fault", ["drop", "cut", "reset"])
def test_no_answer_over_websocket(fault: str) -> None:
    with _running(fault) as served:
        came = session(served, WS.operation.path, [frame(WS)], expect=1, wait=0.2 if fault == "drop" else 30)
    assert (came.frames, came.closed) == ([], fault != "drop")


@pytest.mark.parametrize("fault", ["huge", "endless"])
def test_an_answer_without_measure_over_websocket(fault: str) -> None:
    with _running(fault) as served:
        came = session(served, WS.operation.path, [frame(WS)], expect=1)
    assert (came.frames, came.closed) == ([], True)


def _two(fault: str, expect: int) -> list[Any]:
    with _running(fault) as served:
        sent = [frame(WS, request_id=name) for name in ("first", "second")]
        return session(served, WS.operation.path, sent, expect=expect, wait=5).frames


def test_answers_get_mixed_up() -> None:
    assert [answer["id"] for answer in _two("out-of-order:30", 2)] == ["second", "first"]
    assert sorted(answer["id"] for answer in _two("duplicate-id", 4)) == ["first", "first", "second", "second"]
    assert [answer["id"] for answer in _two("wrong-idx1", 2)] == ["nobody-asked", "second"]


def test_a_revoked_key_is_answered_without_an_id() -> None:
    revoked, good = _two("revokedx1", 2)
    assert (revoked["id"], revoked["status"], revoked["error"]["code"]) == (None, 401, -2015)
    assert (good["id"], good["status"]) == ("second", 200)


def test_an_answer_held_back_goes_alone_if_none_follows() -> None:
    with _running("out-of-order:0.01") as served:
        assert ask(served, WS)["status"] == 200


def test_noise_comes_before_the_answer() -> None:
    noise, answer, *_ = _two("noise-framex1", 3)
    assert (noise["e"], answer["id"]) == ("listenKeyExpired", "first")
    binary, answer, *_ = _two("binary-framex1", 3)
    assert (type(binary), answer["id"]) == (bytes, "first")


@pytest.mark.parametrize("name", list(faults.KINDS))
def test_it_stops_at_once_whatever_goes_wrong(name: str) -> None:
    url, headers = REST.operation.path, {"X-MBX-APIKEY": HMAC}
    with _running(name) as served:
        with (
            contextlib.suppress(httpx.HTTPError),
            httpx.stream("GET", served.rest + url, params=query(), headers=headers, timeout=0.1) as answer,
        ):
            next(answer.iter_raw(), None)
        with contextlib.suppress(aiohttp.ClientError):
            session(served, WS.operation.path, [frame(WS)], expect=1, wait=0.1)
    assert served.requests
