"""The exchange over WebSocket: a response to each frame, sessions, and how a fault mixes up the responses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.exchange import fault_injection
from wireshape.exchange.api_keys import ApiKey, SignatureKind
from wireshape.exchange.faults import Fault
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.settings import RequestRecord
from wireshape.exchange.state import ExchangeState

_MAX_REQUEST_BYTES = 1 << 16
MAX_PENDING = 1000
"""How many requests of a connection may wait for their response before no more are read."""

_SWITCH = {"true": True, "false": False}


@dataclass(kw_only=True, slots=True, eq=False)
class ServerConnection:
    """One open WebSocket: which key is logged on, since when, and which responses are delayed; times in ms."""

    state: ExchangeState
    request: web.BaseRequest
    socket: web.WebSocketResponse
    path: str
    connected: int
    rate_limits: bool
    key: ApiKey | None = None
    authorized: int | None = None
    delayed: list[bytes] = field(default_factory=list)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def serve(self) -> None:
        """Answer frames until the client leaves, each in its own task, so that a late response delays no other."""
        tasks: set[asyncio.Task[None]] = set()
        pending = asyncio.Semaphore(MAX_PENDING)
        try:
            async for message in self.socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    await pending.acquire()
                    task = asyncio.create_task(self._handle(message.data))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                    task.add_done_callback(lambda _: pending.release())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _handle(self, raw: str | bytes) -> None:
        """Answer one frame, and record the request before the response is sent."""
        frame = _request(raw)
        call = self.state.protocol.find(Transport.WS, frame.method, self.path) if frame else None
        faults = self.state.consume_faults(call.id, Transport.WS, signed=call.signed) if call else []
        response: dict[str, Any] = {"id": frame.id if frame else None}
        code = None
        try:
            result = self._result(frame, call, faults)
            response |= {"status": 200}
        except Refusal as refusal:
            result, code = None, refusal.error.code
            response |= {"status": refusal.error.status, "error": refusal.body}
        parameters = frame.parameters if frame and isinstance(frame.parameters, dict) else {}
        if _switch(parameters.get("returnRateLimits"), default=self.rate_limits):
            response["rateLimits"] = self.state.weight_limit.rate_limits()
        if result is not None:
            response["result"] = result
        self.state.record(
            RequestRecord(
                id=call.id if call else "unknown",
                transport=Transport.WS,
                weight=call.weight if call else 0,
                status=response["status"],
                code=code,
                parameters=tuple(parameters),
                operation=frame.method if frame and not call else None,
                key="apiKey" in parameters,
            )
        )
        with contextlib.suppress(ConnectionError, fault_injection.ConnectionDropped):
            await self._send(response, {fault.name: fault for fault in faults})

    def _result(self, frame: _Request | None, call: Call | None, faults: list[Fault]) -> Any:
        """Give the result of a request as JSON has it, or already written; Refusal where the exchange refuses it."""
        if frame is None or not isinstance(frame.parameters, dict):
            raise self.state.protocol.refusal("frame-not-json")
        self.state.weight_limit.spend(call.weight if call else 0)
        if call is None:
            raise self.state.protocol.refusal("method-invalid", method=frame.method)
        self.state.refuse(faults, call)
        now = self.state.now()
        if call.signed:
            # A logon always states its key: a session is no reason to log on to it again.
            session = None if call.purpose is Purpose.LOGON else self.key
            key = self.state.authenticator.frame(frame.parameters, now, session)
            if call.purpose is Purpose.LOGON:
                self._log_on(key, now)
        if call.purpose is Purpose.LOGOUT:
            self.key, self.authorized = None, None
        return orjson.Fragment(self.state.body(call)) if call.endpoint else self._session()

    def _log_on(self, key: ApiKey, now: int) -> None:
        if key.kind is not SignatureKind.ED25519:
            raise self.state.protocol.refusal("key-kind-unsupported", kind=key.kind)
        self.key, self.authorized = key, now

    def _session(self) -> dict[str, Any]:
        """Say of the session what session.logon, session.status and session.logout all answer."""
        return {
            "apiKey": self.key.name if self.key else None,
            "authorizedSince": self.authorized,
            "connectedSince": self.connected,
            "returnRateLimits": self.rate_limits,
            "serverTime": self.state.now(),
        }

    async def _send(self, response: dict[str, Any], faults: Mapping[str, Fault]) -> None:
        await fault_injection.delay(faults)
        if "revoked" in faults:
            response = {**response, "id": None}
        if "wrong-id" in faults:
            response = {**response, "id": "nobody-asked"}
        text = orjson.dumps(response)
        if "noise-frame" in faults:
            event = {"e": "listenKeyExpired", "E": self.state.now(), "listenKey": self.state.settings.listen_key}
            await self._write(orjson.dumps(event))
        if "binary-frame" in faults:
            await self.socket.send_bytes(b"\x00\xff\xfe not a text frame")
        if fault_injection.RAW & faults.keys():
            async with self.sending:
                await fault_injection.send_frame(self.request, text, faults)
            return
        if "out-of-order" in faults:
            await self._hold(text, faults["out-of-order"].value)
            return
        await self._write(text)
        if "duplicate-id" in faults:
            await self._write(text)

    async def _hold(self, text: bytes, seconds: float) -> None:
        """Delay a response until the next one has been sent, or until the time is over."""
        if self.delayed:
            before = self.delayed.pop()
            await self._write(text)
            await self._write(before)
            return
        self.delayed.append(text)
        await asyncio.sleep(seconds)
        if text in self.delayed:
            self.delayed.remove(text)
            await self._write(text)

    async def _write(self, text: bytes) -> None:
        async with self.sending:
            await self.socket.send_str(text.decode())


async def handle(state: ExchangeState, request: web.BaseRequest, heartbeat: float) -> web.StreamResponse:
    """Open a WebSocket, and answer on it until it is closed."""
    socket = web.WebSocketResponse(heartbeat=heartbeat, max_msg_size=_MAX_REQUEST_BYTES, compress=False)
    await socket.prepare(request)
    connection = ServerConnection(
        state=state,
        request=request,
        socket=socket,
        path=request.path,
        connected=state.now(),
        rate_limits=_switch(request.query.get("returnRateLimits"), default=True),
    )
    await connection.serve()
    return socket


@dataclass(frozen=True, kw_only=True, slots=True)
class _Request:
    """A frame that is a request; its parameters may be of the wrong type."""

    id: str | int | None
    method: str
    parameters: Any


def _request(raw: str | bytes) -> _Request | None:
    """Read a request; None where it is no object with an id that may be given back."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or isinstance(value.get("id"), bool | float | dict | list):
        return None
    return _Request(id=value.get("id"), method=str(value.get("method", "")), parameters=value.get("params") or {})


def _switch(value: Any, *, default: bool) -> bool:
    """Read a switch as frames and query strings have it."""
    return value if isinstance(value, bool) else _SWITCH.get(str(value).lower(), default)
