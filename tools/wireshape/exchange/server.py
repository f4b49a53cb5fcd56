"""The aiohttp server of the loopback exchange: REST and WebSocket of both products on one port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import logging
import os

from aiohttp import web

from wireshape.catalog.operations import Transport
from wireshape.errors import UsageError
from wireshape.exchange import fault_injection, rest, websocket
from wireshape.exchange.faults import HANDSHAKE
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.settings import RequestRecord, handshake
from wireshape.exchange.state import ExchangeState

HOST = "127.0.0.1"
_SHUTDOWN_TIMEOUT = 0.05
"""How long open responses may go on when the server stops, in seconds; some faults would go on for ever."""

_LOG = logging.getLogger("wireshape.exchange")
_SILENT = logging.getLogger("wireshape.exchange.http")
"""For aiohttp, which would log a malformed request with all it holds, keys and signatures among it."""

_SILENT.setLevel(logging.CRITICAL + 1)


class Server:
    """Starts, answers and stops; `port` is known once it has started, `redirect_port` is where redirects point to."""

    def __init__(self, state: ExchangeState) -> None:
        self._state = state
        self._sockets = state.protocol.sockets()
        self._runner: web.ServerRunner | None = None
        self.port = 0
        self.redirect_port = 0

    async def start(self) -> None:
        """Listen; UsageError where the port is taken."""
        server = web.Server(self._handle, access_log=None, handler_cancellation=True, logger=_SILENT)
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_TIMEOUT)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self._state.settings.port).start()
            await web.TCPSite(self._runner, HOST, 0).start()
        except OSError as error:
            await self._runner.cleanup()
            # The text of an error while binding repeats the address; its number says all.
            reason = os.strerror(error.errno or 0)
            raise UsageError(f"cannot listen on port {self._state.settings.port}: {reason}") from error
        self.port, self.redirect_port = (address[1] for address in self._runner.addresses)

    async def stop(self) -> None:
        """Stop listening, and end every connection, whatever it still has to send."""
        if self._runner is None or self._runner.server is None:
            return
        transports = [connection.transport for connection in self._runner.server.connections]
        await self._runner.cleanup()
        for transport in filter(None, transports):
            transport.abort()
        # An aborted transport closes its socket when the loop comes round again.
        await asyncio.sleep(0)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        at_redirect_port = _port(request) == self.redirect_port
        try:
            if request.path in self._sockets and request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._open(request, at_redirect_port=at_redirect_port)
            return await rest.handle(self._state, request, self.redirect_port, at_redirect_port=at_redirect_port)
        except fault_injection.ConnectionDropped:
            return web.Response()
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 - its message may hold what the request held
            _LOG.warning("internal error (%s): this is a bug in wireshape", type(error).__name__)
            return web.Response(status=500)

    async def _open(self, request: web.BaseRequest, *, at_redirect_port: bool) -> web.StreamResponse:
        """Open a WebSocket, unless the rate limit or a fault refuses that."""
        weight = self._state.protocol.limits.handshake
        name = handshake(self._sockets[request.path])
        refused = None
        try:
            self._state.weight_limit.spend(weight)
        except Refusal as refusal:
            refused = rest.refused(refusal)
        target = f"ws://{HOST}:{self.redirect_port}{request.raw_path}"
        for fault in (
            [] if at_redirect_port else self._state.consume_faults(name, Transport.WS, signed=False, among=HANDSHAKE)
        ):
            refused = rest.redirect(target) if fault.name == "redirect" else rest.page(round(fault.value))
        status = refused.status if refused else 101
        self._state.record(
            RequestRecord(
                id=name, transport=Transport.WS, weight=weight, status=status, at_redirect_port=at_redirect_port
            )
        )
        if refused:
            headers = {"Content-Type": refused.content_type, **refused.headers}
            return web.Response(status=refused.status, body=refused.body, headers=headers)
        return await websocket.handle(self._state, request, self._state.settings.heartbeat)


def _port(request: web.BaseRequest) -> int:
    transport = request.transport
    address = transport.get_extra_info("sockname") if transport else None
    return int(address[1]) if address else 0
