"""The aiohttp server of the loopback exchange: REST and WebSocket of both products on one port of 127.0.0.1."""

from __future__ import annotations

import os

from aiohttp import web

from wireshape.errors import UsageError
from wireshape.exchange import fault_injection, rest, websocket
from wireshape.exchange.faults import HANDSHAKE
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.settings import Asked, handshake
from wireshape.exchange.state import Desk

HOST = "127.0.0.1"
LAST_WORDS = 0.05
"""How long open answers may go on when the server stops, in seconds; some faults would go on for ever."""


class Server:
    """Starts, answers and stops; `port` is known once it has started, `elsewhere` is where redirects point to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sockets = desk.protocol.sockets()
        self._runner: web.ServerRunner | None = None
        self.port = 0
        self.elsewhere = 0

    async def start(self) -> None:
        """Listen; UsageError where the port is taken."""
        server = web.Server(self._handle, access_log=None, handler_cancellation=True)
        self._runner = web.ServerRunner(server, shutdown_timeout=LAST_WORDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self._desk.settings.port).start()
            await web.TCPSite(self._runner, HOST, 0).start()
        except OSError as error:
            await self._runner.cleanup()
            # The text of an error while binding repeats the address; its number says all.
            reason = os.strerror(error.errno or 0)
            raise UsageError(f"cannot listen at port {self._desk.settings.port}: {reason}") from error
        self.port, self.elsewhere = (address[1] for address in self._runner.addresses)

    async def stop(self) -> None:
        """Stop listening, and end every connection."""
        if self._runner:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        strayed = _port(request) == self.elsewhere
        try:
            if request.path in self._sockets and request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._open(request, strayed=strayed)
            return await rest.handle(self._desk, request, self.elsewhere, strayed=strayed)
        except fault_injection.Gone:
            return web.Response()

    async def _open(self, request: web.BaseRequest, *, strayed: bool) -> web.StreamResponse:
        """Open a WebSocket unless the limit or a fault has it otherwise."""
        weight = self._desk.protocol.limits.handshake
        name = handshake(self._sockets[request.path])
        refused = None
        try:
            self._desk.weights.spend(weight)
        except Refusal as refusal:
            refused = rest.refused(refusal)
        target = f"ws://{HOST}:{self.elsewhere}{request.raw_path}"
        for fault in [] if strayed else self._desk.pending(name, "ws", HANDSHAKE):
            refused = rest.moved(target) if fault.name == "redirect" else rest.page(round(fault.value))
        status = refused.status if refused else 101
        self._desk.note(Asked(id=name, transport="ws", weight=weight, status=status, strayed=strayed))
        if refused:
            headers = {"Content-Type": refused.content_type, **refused.headers}
            return web.Response(status=refused.status, body=refused.body, headers=headers)
        return await websocket.handle(self._desk, request, self._desk.settings.heartbeat)


def _port(request: web.BaseRequest) -> int:
    transport = request.transport
    address = transport.get_extra_info("sockname") if transport else None
    return int(address[1]) if address else 0
