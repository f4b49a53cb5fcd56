"""Every error of schemas/errors.json is a fault by its name and by its code, over each transport it comes over."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from loopback import PROTOCOL, ask, call, calls, get, settings
from wireshape import exchange
from wireshape.catalog.error_codes import ErrorCode
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.errors import UsageError
from wireshape.exchange import faults

REST, WS = call("usdm.rest.v3.account"), call("usdm.ws.v2.account.status")
OF = {Transport.REST: REST, Transport.WS: WS}
ERRORS = PROTOCOL.errors.errors
RETRY_AFTER = {429: "1", 418: "120"}


def _pattern(error: ErrorCode) -> str:
    """Give the message of an error with anything but a brace where a word belongs."""
    return re.sub(r"\\\{\w+\\\}", "[^{}]+", re.escape(error.message))


def _answer(server: exchange.RunningExchange, over: Transport) -> Any:
    """Give status, error and Retry-After of one request."""
    if over is Transport.WS:
        response = ask(server, WS)
        return response["status"], response.get("error", {}), None
    response = get(server, REST)
    return response.status_code, response.json(), response.headers.get("Retry-After")


@pytest.mark.parametrize("over", Transport)
@pytest.mark.parametrize("error", [each for each in ERRORS if each.name != "retired"], ids=lambda error: error.name)
def test_every_error_is_sent_by_its_name(error: ErrorCode, over: Transport) -> None:
    if over not in error.transports:
        with pytest.raises(UsageError, match="applies to no request"):
            settings(faults=(f"{error.name}@{OF[over].id}",))
        return
    with exchange.running(settings(faults=(f"{error.name}x1@{OF[over].id}",))) as server:
        status, body, retry_after = _answer(server, over)
        assert (status, body["code"]) == (error.status, error.code)
        assert re.fullmatch(_pattern(error), body["msg"])
        assert retry_after == (RETRY_AFTER.get(error.status) if over is Transport.REST else None)
        assert _answer(server, over)[0] == 200


@pytest.mark.parametrize("code", sorted({error.code for error in ERRORS}))
def test_a_code_stands_for_its_first_error(code: int) -> None:
    first = next(error for error in ERRORS if error.code == code)
    assert faults.parse(f"{code}x2") == faults.parse(f"{first.name}x2")


@pytest.mark.parametrize("code", ["-2015", "-1021", "-4109"])
def test_what_is_not_signed_is_not_refused_for_its_key(code: str) -> None:
    with exchange.running(settings(faults=(code,))) as server:
        open_to_all = [each for purpose in (Purpose.TIME, Purpose.PING) for each in calls(Transport.REST, purpose)]
        assert {httpx.get(server.rest + each.operation.path).status_code for each in open_to_all} == {200}
        assert get(server, REST).json()["code"] == int(code)


def test_how_long_to_wait_can_be_told() -> None:
    with exchange.running(settings(faults=("banned:7",))) as server:
        answer = get(server, REST)
    assert (answer.status_code, answer.headers["Retry-After"]) == (418, "7")


@pytest.mark.parametrize(
    ("target", "words"),
    [(target, next(e.operation for e in PROTOCOL.catalog.endpoints if target.id in e.replaces))
     for target in PROTOCOL.calls if any(target.id in e.replaces for e in PROTOCOL.catalog.endpoints)],
    ids=lambda value: getattr(value, "id", ""),
)  # fmt: skip
def test_a_retired_call_names_what_took_over(target: Call, words: Any) -> None:
    with exchange.running(settings(faults=("retired",))) as server:
        over_ws = target.transport == Transport.WS
        error = ask(server, target)["error"] if over_ws else get(server, target).json()
    successor = words.method if over_ws else words.path
    assert error["code"] == -5000
    assert error["msg"].endswith(f"please use {'Method' if over_ws else 'GET'} {successor}")


@pytest.mark.parametrize("target", [REST, WS], ids=["rest", "ws"])
def test_a_retired_call_that_nothing_took_over_is_invalid(target: Call) -> None:
    with exchange.running(settings(faults=("retiredx1",))) as server:
        if target is REST:
            refused, good = get(server, target), get(server, target).status_code
            status, error = refused.status_code, refused.json()
        else:
            first, good = ask(server, target), ask(server, target)["status"]
            status, error = first["status"], first["error"]
    assert (status, error["code"], good) == (404, -5000, 200)
    assert error["msg"].endswith("is invalid")
    assert target.operation.method in error["msg"]
