"""Runs a loopback exchange in a thread of its own, with its own loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any

import orjson

from wireshape.errors import UsageError
from wireshape.exchange.api_keys import MadeUpKey, hmac_key, made_up
from wireshape.exchange.settings import RequestRecord, Settings
from wireshape.exchange.state import ExchangeState

if TYPE_CHECKING:
    from wireshape.exchange.server import Server

_LOG = logging.getLogger("wireshape.exchange")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningExchange:
    """A running exchange: where it listens, and what it was asked so far.

    `made_up` is the key it made up where the settings have none.
    """

    port: int
    redirect_port: int
    made_up: MadeUpKey | None = field(repr=False)
    _state: ExchangeState = field(repr=False)

    @property
    def rest(self) -> str:
        """The base URL of REST, for both products."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        """The base URL of the WebSocket API, for both products; the path is that of the catalogue."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """The latest requests, 10,000 at most, in the order in which the responses were made."""
        return tuple(self._state.requests)

    def payload(self, endpoint: str) -> dict[str, Any]:
        """Give what an endpoint answers now, by its id, as an object and without an envelope."""
        body = next(self._state.body(call) for call in self._state.protocol.calls if call.id == endpoint)
        payload: dict[str, Any] = orjson.loads(body)
        return payload

    @property
    def weight(self) -> int:
        """The request weight that was used so far."""
        return self._state.weight


@contextmanager
def running(settings: Settings | None = None) -> Iterator[RunningExchange]:
    """Run an exchange for as long as the block lasts; UsageError where aiohttp is missing or the port is taken."""
    server_class = _server_class()
    settings = settings or Settings()
    key = None if settings.keys else made_up()
    state = ExchangeState(settings, (hmac_key(key.name, key.secret),) if key else settings.keys)
    server = server_class(state)
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_report)
    thread = Thread(target=loop.run_forever, name="loopback exchange", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result()
        try:
            yield RunningExchange(port=server.port, redirect_port=server.redirect_port, made_up=key, _state=state)
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(loop.shutdown_asyncgens(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _server_class() -> type[Server]:
    try:
        from wireshape.exchange.server import Server
    except ImportError as error:
        raise UsageError("the loopback exchange is not installed: pip install 'wireshape[serve]'") from error
    return Server


def _report(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell in one line what went wrong, without what a request held: by default asyncio prints a traceback."""
    _LOG.warning("the exchange goes on after %s: %s", type(context.get("exception")).__name__, context["message"])
