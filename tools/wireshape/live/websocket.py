"""Asks over the WebSocket API: one connection per product, each request signed, or a session that was logged on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from wireshape.catalog.operations import Call
from wireshape.live import errors, signing, websocket_connection
from wireshape.live.errors import NETWORK, AskError
from wireshape.live.retry import patiently
from wireshape.live.session import Answer, Talk
from wireshape.live.websocket_connection import Connection, LostError

_OPENINGS = 2
"""A connection that is lost is opened once more."""


class WebSocket:
    """The WebSocket side of a talk; `notes` counts frames that were no answer to anything."""

    def __init__(self, talk: Talk, clock: signing.Clock) -> None:
        self.notes: Counter[str] = Counter()
        self._talk = talk
        self._clock = clock
        self._connection: Connection | None = None
        self._openings = 0
        self._failed: AskError | None = None
        self._logged_on = False
        self._opening = asyncio.Lock()

    async def ask(self, asked: Sequence[Call], logon: Call | None = None) -> list[Answer | AskError]:
        """Ask all of these before waiting for any, in a session where a logon is given; answers come in any order."""
        for call in (*asked, *filter(None, [logon])):
            self._talk.calls.require(call.product, call.transport, call.operation.method, call.operation.path)
        outcomes = await asyncio.gather(*(self._patiently(call, logon) for call in asked))
        return list(outcomes)

    async def close(self) -> None:
        """Close the connection; frames that arrived until then are noted."""
        if self._connection:
            await self._connection.close()

    async def _patiently(self, call: Call, logon: Call | None) -> Answer | AskError:
        try:
            return await patiently(lambda: self._once(call, logon), self._talk.patience)
        except AskError as error:
            return error

    async def _once(self, call: Call, logon: Call | None) -> Answer:
        for _ in range(_OPENINGS):
            try:
                open_one = await self._opened(call.operation.path, logon)
                return await self._answer(open_one, call, signed=logon is None)
            except LostError:
                continue
        raise AskError(NETWORK, "the connection was lost, and so was the next one")

    async def _opened(self, path: str, logon: Call | None) -> Connection:
        async with self._opening:
            if self._connection is None or not self._connection.is_open:
                self._connection = await self._open(path)
            if logon and not self._logged_on:
                await self._answer(self._connection, logon, signed=True)
                self._logged_on = True
            return self._connection

    async def _open(self, path: str) -> Connection:
        if self._failed or self._openings == _OPENINGS:
            # All that wait share what became of the handshakes: another one for each of them would be a storm.
            raise self._failed or AskError(NETWORK, "the connection was lost, and so was the next one")
        await self.close()
        self._talk.budget.take(self._talk.budget.handshake)
        self._logged_on = False
        url = self._talk.environment.hosts[self._talk.product]["ws"] + path
        direct = self._talk.environment.is_direct(self._talk.product, "ws")
        self._openings += 1
        try:
            return await websocket_connection.opened(url, self.notes, self._talk.patience, direct=direct)
        except AskError as error:
            if not error.again or self._openings == _OPENINGS:
                self._failed = error
            self._talk.budget.stop_for_good(error)
            raise

    async def _answer(self, open_one: Connection, call: Call, *, signed: bool) -> Answer:
        self._talk.budget.take(call.weight)
        try:
            async with asyncio.timeout(self._talk.patience.answer):
                raw, frame = await open_one.ask(call.operation.method, self._parameters(signed=signed))
        except TimeoutError:
            raise AskError(NETWORK, f"no answer within {self._talk.patience.answer:g} seconds") from None
        self._talk.budget.hear_limits(frame.get("rateLimits"))
        status = websocket_connection.status_of(frame)
        if errors.is_error(status) or ("error" in frame and "result" not in frame):
            failure = errors.refused(status, frame.get("error"))
            self._talk.budget.stop_for_good(failure)
            raise failure
        return Answer(status=None, body=raw)

    def _parameters(self, *, signed: bool) -> dict[str, Any]:
        parameters = {"timestamp": self._clock.now()}
        return dict(self._talk.key.frame(parameters) if signed else parameters)


@asynccontextmanager
async def opened(talk: Talk, clock: signing.Clock) -> AsyncIterator[WebSocket]:
    """Give the WebSocket side of a talk; it connects with its first request."""
    socket = WebSocket(talk, clock)
    try:
        yield socket
    finally:
        await socket.close()
