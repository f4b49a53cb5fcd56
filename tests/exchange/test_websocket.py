"""Frames of the WebSocket API: ids, sessions, rate limits, signatures and pings, as documented."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopback import (
    ED25519,
    HMAC,
    KNOWN,
    RSA,
    Session,
    ask,
    call,
    calls,
    frame,
    keys,
    now,
    session,
    settings,
    signature,
)
from wireshape import exchange
from wireshape.exchange.auth import Authenticator
from wireshape.exchange.protocol import Refusal

WS = call("usdm.ws.v2.account.status")
NAMES = st.sampled_from(["symbol", "recvWindow", "Zeta", "alpha", "returnRateLimits", "x1"])
VALUES = st.one_of(st.integers(1, 60_000), st.booleans(), st.text(max_size=8))


@pytest.fixture(scope="module")
def served() -> Iterator[exchange.RunningExchange]:
    with exchange.running(settings()) as served:
        yield served


@pytest.mark.parametrize("request_id", ["a", "", 7, -1, None, 2**53], ids=repr)
def test_an_id_comes_back_as_it_was(served: exchange.RunningExchange, request_id: Any) -> None:
    answer = ask(served, WS, request_id=request_id)
    assert (answer["id"], type(answer["id"])) == (request_id, type(request_id))


@pytest.mark.parametrize("sent", ["{", "[]", '"x"', '{"id":{},"method":"x"}', '{"id":1,"method":"x","params":[1]}'])
def test_a_frame_that_is_no_request(served: exchange.RunningExchange, sent: str) -> None:
    (answer,) = session(served, WS.operation.path, [sent], expect=1).frames
    assert (answer["status"], answer["error"]["code"]) == (400, -1000)


def test_a_method_nobody_knows(served: exchange.RunningExchange) -> None:
    (answer,) = session(served, WS.operation.path, [{"id": 1, "method": "v9/account"}], expect=1).frames
    assert (answer["id"], answer["error"]["code"]) == (1, -5000)


@pytest.mark.parametrize("off", [False, "false"])
def test_rate_limits_can_be_switched_off(served: exchange.RunningExchange, off: Any) -> None:
    sent = frame(WS)
    sent["params"] = {"returnRateLimits": off, **sent["params"]}
    text = "&".join(
        f"{k}={v if v is not False else 'false'}" for k, v in sorted(sent["params"].items()) if k != "signature"
    )
    sent["params"]["signature"] = signature(text)
    (answer,) = session(served, WS.operation.path, [sent], expect=1).frames
    assert (answer["status"], "rateLimits" in answer) == (200, False)
    (answer,) = session(served, f"{WS.operation.path}?returnRateLimits=false", [frame(WS)], expect=1).frames
    assert (answer["status"], "rateLimits" in answer) == (200, False)


def _session(served: exchange.RunningExchange, key: str) -> Session:
    logon, status, logout = (calls("ws", purpose)[0] for purpose in ("logon", "session", "logout"))
    bare = {"id": 3, "method": WS.operation.method, "params": {"timestamp": now()}}
    untimed = {"id": 4, "method": WS.operation.method, "params": {}}
    ask_status, leave = ({"id": 5, "method": each.operation.method} for each in (status, logout))
    return session(served, WS.operation.path, [frame(logon, key), bare, untimed, ask_status, leave, bare], expect=6)


def test_a_session_needs_no_signatures_but_the_time(served: exchange.RunningExchange) -> None:
    logon, bare, untimed, status, left, late = _session(served, ED25519).frames
    assert logon["result"]["apiKey"] == status["result"]["apiKey"] == ED25519
    assert logon["result"]["authorizedSince"] >= logon["result"]["connectedSince"]
    assert bare["result"] == served.payload(WS.id)
    assert untimed["error"]["code"] == -1102
    assert left["result"]["apiKey"] is None
    assert late["error"]["code"] == -1102


@pytest.mark.parametrize("key", [HMAC, RSA], ids=["hmac", "rsa"])
def test_only_ed25519_logs_on(served: exchange.RunningExchange, key: str) -> None:
    logon, bare, *_ = _session(served, key).frames
    assert logon["error"]["code"] == -4056
    assert bare["error"]["code"] == -1102


def test_pings_are_sent_and_answered() -> None:
    async def listen(url: str) -> tuple[aiohttp.WSMsgType, bytes]:
        async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
            ping = await socket.receive(timeout=10)
            await socket.ping(b"mine")
            while (pong := await socket.receive(timeout=10)).type is not aiohttp.WSMsgType.PONG:
                continue
            return ping.type, pong.data

    with exchange.running(settings(heartbeat=0.05)) as served:
        kind, echoed = asyncio.run(listen(served.ws + WS.operation.path))
    assert (kind, echoed) == (aiohttp.WSMsgType.PING, b"mine")


@given(st.dictionaries(NAMES, VALUES), st.sampled_from([HMAC, ED25519, RSA]), st.randoms(use_true_random=False))
def test_a_frame_is_admitted_if_signed_over_its_sorted_parameters(
    extra: dict[str, Any], key: str, shuffle: random.Random
) -> None:
    told = {**extra, "recvWindow": 5000, "apiKey": key, "timestamp": 1_000_000}
    plain = {name: str(value).lower() if isinstance(value, bool) else value for name, value in told.items()}
    signed = signature("&".join(f"{name}={plain[name]}" for name in sorted(plain)), key)
    names = [*told, "signature"]
    shuffle.shuffle(names)
    sent = {name: {**told, "signature": signed}[name] for name in names}
    gate = Authenticator(KNOWN, keys())
    assert gate.frame(sent, 1_000_001, None).name == key
    with pytest.raises(Refusal, match="Signature"):
        gate.frame({**sent, "timestamp": 1_000_000 - 1}, 1_000_001, None)
