"""The exchange over WebSocket: a frame in, a frame out, sessions, and how answers get mixed up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from wireshape.catalog.operations import Call, Purpose
from wireshape.exchange import fault_injection
from wireshape.exchange.api_keys import ApiKey
from wireshape.exchange.faults import Fault
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.settings import RequestRecord
from wireshape.exchange.state import ExchangeState

LARGEST_REQUEST = 1 << 16

_SWITCH = {"true": True, "false": False}


@dataclass(kw_only=True, slots=True, eq=False)
class ServerConnection:
    """One open WebSocket: who is logged on, since when, and what is held back; times in ms."""

    state: ExchangeState
    request: web.BaseRequest
    socket: web.WebSocketResponse
    path: str
    connected: int
    rate_limits: bool
    key: ApiKey | None = None
    authorized: int | None = None
    held: list[bytes] = field(default_factory=list)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def serve(self) -> None:
        """Answer frames until the other side leaves, each on its own, so that a late one holds up no other."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            async for message in self.socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    task = asyncio.create_task(self._take(message.data))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, raw: str | bytes) -> None:
        frame = _read(raw)
        method = str(frame.get("method", "")) if frame else ""
        parameters = (frame or {}).get("params") or {}
        call = self.state.protocol.find("ws", method, self.path)
        met = {fault.name: fault for fault in self.state.consume_faults(call.id, "ws")} if call else {}
        answer: dict[str, Any] = {"id": frame["id"] if frame and "revoked" not in met else None}
        code = None
        try:
            result = self._answered(frame, method, call, parameters, list(met.values()))
            answer |= {"status": 200}
        except Refusal as refusal:
            result, code = None, refusal.error.code
            answer |= {"status": refusal.error.status, "error": refusal.body}
        if _wanted(parameters, default=self.rate_limits):
            answer["rateLimits"] = self.state.weights.rate_limits()
        if result is not None:
            answer["result"] = result
        self.state.note(
            RequestRecord(
                id=call.id if call else "unknown",
                transport="ws",
                weight=call.weight if call else 0,
                status=answer["status"],
                code=code,
                parameters=tuple(parameters) if isinstance(parameters, dict) else (),
                key=isinstance(parameters, dict) and "apiKey" in parameters,
            )
        )
        with contextlib.suppress(ConnectionError, fault_injection.ConnectionDropped):
            await self._send(answer, met)

    def _answered(
        self, frame: dict[str, Any] | None, method: str, call: Call | None, parameters: Any, met: list[Fault]
    ) -> dict[str, Any]:
        if frame is None or not isinstance(parameters, dict):
            raise self.state.protocol.refusal("frame-not-json")
        self.state.weights.spend(call.weight if call else 0)
        if call is None:
            raise self.state.protocol.refusal("method-invalid", method=method)
        self.state.refuse(met, call)
        now = self.state.now()
        if call.signed:
            # A logon always states its key: a session is no reason to log on to it again.
            key = self.state.gate.frame(parameters, now, None if call.purpose is Purpose.LOGON else self.key)
            if call.purpose is Purpose.LOGON:
                self._log_on(key, now)
        if call.purpose is Purpose.LOGOUT:
            self.key, self.authorized = None, None
        return self.state.payload(call) if call.endpoint else self._session()

    def _log_on(self, key: ApiKey, now: int) -> None:
        if key.kind != "Ed25519":
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

    async def _send(self, answer: dict[str, Any], met: Mapping[str, Fault]) -> None:
        await fault_injection.delayed(met)
        if "wrong-id" in met:
            answer = {**answer, "id": "nobody-asked"}
        text = orjson.dumps(answer)
        if "noise-frame" in met:
            event = {"e": "listenKeyExpired", "E": self.state.now(), "listenKey": self.state.settings.listen_key}
            await self._write(orjson.dumps(event))
        if "binary-frame" in met:
            await self.socket.send_bytes(b"\x00\xff\xfe not a text frame")
        if fault_injection.RAW & met.keys():
            async with self.sending:
                await fault_injection.send_frame(self.request, text, met)
            return
        if "out-of-order" in met:
            await self._hold(text, met["out-of-order"].value)
            return
        await self._write(text)
        if "duplicate-id" in met:
            await self._write(text)

    async def _hold(self, text: bytes, seconds: float) -> None:
        """Hold an answer back: the one that comes after it goes first, if one comes in time."""
        if self.held:
            before = self.held.pop()
            await self._write(text)
            await self._write(before)
            return
        self.held.append(text)
        await asyncio.sleep(seconds)
        if text in self.held:
            self.held.remove(text)
            await self._write(text)

    async def _write(self, text: bytes) -> None:
        async with self.sending:
            await self.socket.send_str(text.decode())


async def handle(state: ExchangeState, request: web.BaseRequest, heartbeat: float) -> web.StreamResponse:
    """Open a WebSocket, and answer on it until it is closed."""
    socket = web.WebSocketResponse(heartbeat=heartbeat, max_msg_size=LARGEST_REQUEST, compress=False)
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


def _read(raw: str | bytes) -> dict[str, Any] | None:
    """Read a request; None where it is no object with an id that may be given back."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or isinstance(value.get("id"), bool | float | dict | list):
        return None
    return {"id": None, **value}


def _wanted(parameters: Any, *, default: bool) -> bool:
    return _switch(parameters.get("returnRateLimits") if isinstance(parameters, dict) else None, default=default)


def _switch(value: Any, *, default: bool) -> bool:
    return value if isinstance(value, bool) else _SWITCH.get(str(value).lower(), default)
