"""Asks over the WebSocket API: one connection per product, each request signed, or a session that was logged on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from wireshape.catalog.operations import Call, Transport
from wireshape.live import errors, websocket_connection
from wireshape.live.errors import LiveError
from wireshape.live.retry import no_response, with_retries
from wireshape.live.session import LiveResponse, Session
from wireshape.live.signing import Clock
from wireshape.live.websocket_connection import ConnectionLostError, LiveConnection, StrayFrame
from wireshape.model import Reason

_MAX_HANDSHAKES = 2
"""A connection that is lost is opened once more."""


class WebSocketClient:
    """The WebSocket side of a session; `stray_frames` counts frames that were no response to anything."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.stray_frames: Counter[StrayFrame] = Counter()
        self._session = session
        self._clock = clock
        self._connection: LiveConnection | None = None
        self._handshakes = 0
        self._failure: LiveError | None = None
        self._logged_on = False
        self._opening = asyncio.Lock()

    async def ask(self, calls: Sequence[Call], logon: Call | None = None) -> list[LiveResponse | LiveError]:
        """Send all calls before waiting for any, in a session where a logon is given; results are in their order."""
        for call in (*calls, *filter(None, [logon])):
            self._session.allowlist.require(call.product, call.transport, call.operation)
        return list(await asyncio.gather(*(self._with_retries(call, logon) for call in calls)))

    async def close(self) -> None:
        """Close the connection; frames that arrived until then are counted."""
        if self._connection:
            await self._connection.close()

    async def _with_retries(self, call: Call, logon: Call | None) -> LiveResponse | LiveError:
        try:
            return await with_retries(partial(self._attempt, call, logon), self._session.timeouts)
        except LiveError as error:
            return error

    async def _attempt(self, call: Call, logon: Call | None) -> LiveResponse:
        for _ in range(_MAX_HANDSHAKES):
            try:
                connection = await self._connected(call.operation.path, logon)
                return await self._send(connection, call, signed=logon is None)
            except ConnectionLostError:
                continue
        raise _lost_twice()

    async def _connected(self, path: str, logon: Call | None) -> LiveConnection:
        async with self._opening:
            if self._connection is None or not self._connection.is_open:
                self._connection = await self._open(path)
            if logon and not self._logged_on:
                await self._send(self._connection, logon, signed=True)
                self._logged_on = True
            return self._connection

    async def _open(self, path: str) -> LiveConnection:
        if self._failure or self._handshakes == _MAX_HANDSHAKES:
            # All calls that wait share the result of the handshakes: one more for each would flood the exchange.
            raise self._failure or _lost_twice()
        await self.close()
        self._session.limiter.spend(self._session.limiter.handshake)
        self._logged_on = False
        self._handshakes += 1
        environment, product = self._session.account.environment, self._session.product
        url = environment.hosts[product][Transport.WS] + path
        direct = environment.is_direct(product, Transport.WS)
        try:
            return await websocket_connection.opened(url, self.stray_frames, self._session.timeouts, direct=direct)
        except LiveError as error:
            if not error.retryable or self._handshakes == _MAX_HANDSHAKES:
                self._failure = error
            self._session.limiter.halt_if_final(error)
            raise

    async def _send(self, connection: LiveConnection, call: Call, *, signed: bool) -> LiveResponse:
        self._session.limiter.spend(call.weight)
        try:
            async with asyncio.timeout(self._session.timeouts.response):
                frame = await connection.ask(call.operation.method, self._parameters(signed=signed))
        except TimeoutError:
            raise no_response(self._session.timeouts.response) from None
        self._session.limiter.update_from_frame(frame.value.get("rateLimits"))
        status = frame.status
        if errors.is_error(status) or ("error" in frame.value and "result" not in frame.value):
            failure = errors.refusal(status, frame.value.get("error"))
            self._session.limiter.halt_if_final(failure)
            raise failure
        return LiveResponse(status=None, body=frame.raw, value=frame.value)

    def _parameters(self, *, signed: bool) -> dict[str, Any]:
        parameters = {"timestamp": self._clock.now()}
        return dict(self._session.account.key.frame(parameters) if signed else parameters)


@asynccontextmanager
async def opened(session: Session, clock: Clock) -> AsyncIterator[WebSocketClient]:
    """Give the WebSocket side of a session; it connects with its first request."""
    client = WebSocketClient(session, clock)
    try:
        yield client
    finally:
        await client.close()


def _lost_twice() -> LiveError:
    return LiveError(Reason.NETWORK, "the connection was lost, and so was a second one")
