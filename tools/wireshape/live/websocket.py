"""Asks over the WebSocket API: one connection per product, each request signed, or a session that was logged on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from wireshape.catalog.operations import Call, Transport
from wireshape.live import errors, signing, websocket_connection
from wireshape.live.errors import LiveError
from wireshape.live.retry import with_retries
from wireshape.live.session import LiveResponse, Session
from wireshape.live.websocket_connection import LiveConnection, LostError
from wireshape.model import Reason

_OPENINGS = 2
"""A connection that is lost is opened once more."""


class WebSocket:
    """The WebSocket side of a session; `notes` counts frames that were no answer to anything."""

    def __init__(self, session: Session, clock: signing.Clock) -> None:
        self.notes: Counter[str] = Counter()
        self._session = session
        self._clock = clock
        self._connection: LiveConnection | None = None
        self._openings = 0
        self._failed: LiveError | None = None
        self._logged_on = False
        self._opening = asyncio.Lock()

    async def ask(self, asked: Sequence[Call], logon: Call | None = None) -> list[LiveResponse | LiveError]:
        """Ask all of these before waiting for any, in a session where a logon is given; answers come in any order."""
        for call in (*asked, *filter(None, [logon])):
            self._session.calls.require(call.product, call.transport, call.operation.method, call.operation.path)
        outcomes = await asyncio.gather(*(self._with_retries(call, logon) for call in asked))
        return list(outcomes)

    async def close(self) -> None:
        """Close the connection; frames that arrived until then are noted."""
        if self._connection:
            await self._connection.close()

    async def _with_retries(self, call: Call, logon: Call | None) -> LiveResponse | LiveError:
        try:
            return await with_retries(lambda: self._once(call, logon), self._session.timeouts)
        except LiveError as error:
            return error

    async def _once(self, call: Call, logon: Call | None) -> LiveResponse:
        for _ in range(_OPENINGS):
            try:
                open_one = await self._opened(call.operation.path, logon)
                return await self._answer(open_one, call, signed=logon is None)
            except LostError:
                continue
        raise LiveError(Reason.NETWORK, "the connection was lost, and so was the next one")

    async def _opened(self, path: str, logon: Call | None) -> LiveConnection:
        async with self._opening:
            if self._connection is None or not self._connection.is_open:
                self._connection = await self._open(path)
            if logon and not self._logged_on:
                await self._answer(self._connection, logon, signed=True)
                self._logged_on = True
            return self._connection

    async def _open(self, path: str) -> LiveConnection:
        if self._failed or self._openings == _OPENINGS:
            # All that wait share what became of the handshakes: another one for each of them would be a storm.
            raise self._failed or LiveError(Reason.NETWORK, "the connection was lost, and so was the next one")
        await self.close()
        self._session.limiter.spend(self._session.limiter.handshake)
        self._logged_on = False
        url = self._session.environment.hosts[self._session.product][Transport.WS] + path
        direct = self._session.environment.is_direct(self._session.product, Transport.WS)
        self._openings += 1
        try:
            return await websocket_connection.opened(url, self.notes, self._session.timeouts, direct=direct)
        except LiveError as error:
            if not error.retryable or self._openings == _OPENINGS:
                self._failed = error
            self._session.limiter.halt_if_final(error)
            raise

    async def _answer(self, open_one: LiveConnection, call: Call, *, signed: bool) -> LiveResponse:
        self._session.limiter.spend(call.weight)
        try:
            async with asyncio.timeout(self._session.timeouts.answer):
                raw, frame = await open_one.ask(call.operation.method, self._parameters(signed=signed))
        except TimeoutError:
            raise LiveError(Reason.NETWORK, f"no answer within {self._session.timeouts.answer:g} seconds") from None
        self._session.limiter.update_from_frame(frame.get("rateLimits"))
        status = websocket_connection.status_of(frame)
        if errors.is_error(status) or ("error" in frame and "result" not in frame):
            failure = errors.refusal(status, frame.get("error"))
            self._session.limiter.halt_if_final(failure)
            raise failure
        return LiveResponse(status=None, body=raw)

    def _parameters(self, *, signed: bool) -> dict[str, Any]:
        parameters = {"timestamp": self._clock.now()}
        return dict(self._session.key.frame(parameters) if signed else parameters)


@asynccontextmanager
async def opened(session: Session, clock: signing.Clock) -> AsyncIterator[WebSocket]:
    """Give the WebSocket side of a session; it connects with its first request."""
    socket = WebSocket(session, clock)
    try:
        yield socket
    finally:
        await socket.close()
