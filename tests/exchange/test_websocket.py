"""Frames of the WebSocket API: ids, sessions, rate limits, signatures and pings, as documented."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import aiohttp
import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopback import (
    ED25519,
    HMAC,
    PROTOCOL,
    RSA,
    Received,
    ask,
    call,
    calls,
    frame,
    keys,
    now,
    send,
    settings,
    signature,
)
from wireshape import exchange
from wireshape.catalog.operations import Purpose, Transport
from wireshape.exchange.auth import Authenticator
from wireshape.exchange.protocol import Refusal

WS = call("usdm.ws.v2.account.status")
NAMES = st.sampled_from(["symbol", "recvWindow", "Zeta", "alpha", "returnRateLimits", "x1"])
VALUES = st.one_of(st.integers(1, 60_000), st.booleans(), st.text(max_size=8))


@pytest.fixture(scope="module")
def server() -> Iterator[exchange.RunningExchange]:
    with exchange.running(settings()) as server:
        yield server


@pytest.mark.parametrize("request_id", ["a", "", 7, -1, None, 2**53], ids=repr)
def test_an_id_comes_back_as_it_was(server: exchange.RunningExchange, request_id: Any) -> None:
    answer = ask(server, WS, request_id=request_id)
    assert (answer["id"], type(answer["id"])) == (request_id, type(request_id))


@pytest.mark.parametrize("sent", ["{", "[]", '"x"', '{"id":{},"method":"x"}', '{"id":1,"method":"x","params":[1]}'])
def test_a_frame_that_is_no_request(server: exchange.RunningExchange, sent: str) -> None:
    (answer,) = send(server, WS.operation.path, [sent], expect=1).frames
    assert (answer["status"], answer["error"]["code"]) == (400, -1000)


def test_a_method_nobody_knows(server: exchange.RunningExchange) -> None:
    (answer,) = send(server, WS.operation.path, [{"id": 1, "method": "v9/account"}], expect=1).frames
    assert (answer["id"], answer["error"]["code"]) == (1, -5000)


@pytest.mark.parametrize("off", [False, "false"])
def test_rate_limits_can_be_switched_off(server: exchange.RunningExchange, off: Any) -> None:
    sent = frame(WS)
    sent["params"] = {"returnRateLimits": off, **sent["params"]}
    text = "&".join(
        f"{k}={v if v is not False else 'false'}" for k, v in sorted(sent["params"].items()) if k != "signature"
    )
    sent["params"]["signature"] = signature(text)
    (answer,) = send(server, WS.operation.path, [sent], expect=1).frames
    assert (answer["status"], "rateLimits" in answer) == (200, False)
    (answer,) = send(server, f"{WS.operation.path}?returnRateLimits=false", [frame(WS)], expect=1).frames
    assert (answer["status"], "rateLimits" in answer) == (200, False)


def _session(server: exchange.RunningExchange, key: str) -> Received:
    purposes = (Purpose.LOGON, Purpose.SESSION, Purpose.LOGOUT)
    logon, status, logout = (calls(Transport.WS, purpose)[0] for purpose in purposes)
    bare = {"id": 3, "method": WS.operation.method, "params": {"timestamp": now()}}
    untimed = {"id": 4, "method": WS.operation.method, "params": {}}
    ask_status, leave = ({"id": 5, "method": each.operation.method} for each in (status, logout))
    return send(server, WS.operation.path, [frame(logon, key), bare, untimed, ask_status, leave, bare], expect=6)


def test_a_session_needs_no_signatures_but_the_time(server: exchange.RunningExchange) -> None:
    logon, bare, untimed, status, left, late = _session(server, ED25519).frames
    assert logon["result"]["apiKey"] == status["result"]["apiKey"] == ED25519
    assert logon["result"]["authorizedSince"] >= logon["result"]["connectedSince"]
    assert bare["result"] == server.payload(WS.id)
    assert untimed["error"]["code"] == -1102
    assert left["result"]["apiKey"] is None
    assert late["error"]["code"] == -1102


@pytest.mark.parametrize("key", [HMAC, RSA], ids=["hmac", "rsa"])
def test_only_ed25519_logs_on(server: exchange.RunningExchange, key: str) -> None:
    logon, bare, *_ = _session(server, key).frames
    assert logon["error"]["code"] == -4056
    assert bare["error"]["code"] == -1102


def test_pings_are_sent() -> None:
    async def first(url: str) -> aiohttp.WSMsgType:
        async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
            return (await socket.receive(timeout=10)).type

    with exchange.running(settings(heartbeat=0.05)) as server:
        assert asyncio.run(first(server.ws + WS.operation.path)) is aiohttp.WSMsgType.PING


def test_pings_are_answered(server: exchange.RunningExchange) -> None:
    async def echoed(url: str) -> aiohttp.WSMessage:
        async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
            await socket.ping(b"mine")
            return await socket.receive(timeout=10)

    pong = asyncio.run(echoed(server.ws + WS.operation.path))
    assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"mine")


@hypothesis.settings(deadline=None, derandomize=True)
@given(st.dictionaries(NAMES, VALUES), st.sampled_from([HMAC, ED25519, RSA]), st.randoms(use_true_random=False))
def test_a_frame_is_admitted_if_signed_over_its_sorted_parameters(
    extra: dict[str, Any], key: str, shuffle: random.Random
) -> None:
    parameters = {**extra, "recvWindow": 5000, "apiKey": key, "timestamp": 1_000_000}
    plain = {name: str(value).lower() if isinstance(value, bool) else value for name, value in parameters.items()}
    signed = signature("&".join(f"{name}={plain[name]}" for name in sorted(plain)), key)
    names = [*parameters, "signature"]
    shuffle.shuffle(names)
    sent = {name: {**parameters, "signature": signed}[name] for name in names}
    authenticator = Authenticator(PROTOCOL, keys())
    assert authenticator.frame(sent, 1_000_001, None).name == key
    with pytest.raises(Refusal, match="Signature"):
        authenticator.frame({**sent, "timestamp": 1_000_000 - 1}, 1_000_001, None)
