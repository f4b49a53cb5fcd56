"""How bytes go wrong on their way, over HTTP and in WebSocket frames (RFC 9112, RFC 6455)."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from wireshape.exchange.faults import Fault

MEGABYTE = 1_000_000
PADDED = frozenset({"endless", "huge"})
"""The faults that put spaces into the answer, so that it must not be compressed."""

_SPACE = b" " * MEGABYTE
_TEXT, _FINAL, _MORE = 0x1, 0x80, 0x0
_SHORT, _MEDIUM, _LONGEST_MEDIUM = 126, 127, 1 << 16


class ConnectionDropped(Exception):  # noqa: N818 - not an error: the fault is that nothing more is sent
    """The connection was ended on purpose."""


async def delayed(met: Mapping[str, Fault]) -> None:
    """Wait where the answer is late, and for ever where there is to be none."""
    if "late" in met:
        await asyncio.sleep(met["late"].value)
    if "drop" in met:
        await asyncio.Event().wait()


async def respond(
    request: web.BaseRequest, status: int, body: bytes, headers: dict[str, str], met: Mapping[str, Fault]
) -> web.StreamResponse:
    """Send an HTTP response as the faults have it."""
    await delayed(met)
    if "reset" in met:
        _abort(request)
    pieces = _pieces(body, met)
    if pieces is None:
        return web.Response(status=status, body=body, headers=headers)
    response = web.StreamResponse(status=status, headers=headers)
    if "endless" in met:
        response.enable_chunked_encoding()
    else:
        response.content_length = round(met["huge"].value * MEGABYTE) if "huge" in met else len(body)
    try:
        await response.prepare(request)
        async for piece in pieces:
            await response.write(piece)
        if "cut" in met:
            _abort(request, politely=True)
    except ConnectionError:
        return response
    return response


def _pieces(body: bytes, met: Mapping[str, Fault]) -> AsyncIterator[bytes] | None:
    if "endless" in met:
        return _padded(body, None)
    if "huge" in met:
        return _padded(body, round(met["huge"].value * MEGABYTE))
    if "slow-drip" in met:
        return _dripping(body, met["slow-drip"].value)
    return _once(body[: len(body) // 2]) if "cut" in met else None


async def _once(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


async def _dripping(body: bytes, pause: float) -> AsyncIterator[bytes]:
    for byte in body:
        yield bytes((byte,))
        await asyncio.sleep(pause)


async def _padded(body: bytes, size: int | None) -> AsyncIterator[bytes]:
    """Put spaces between the last brace and what comes before it, up to a size or without end."""
    start, end = body[:-1], body[-1:]
    yield start
    left = None if size is None else size - len(body)
    while left is None or left > 0:
        piece = _SPACE if left is None else _SPACE[:left]
        yield piece
        left = None if left is None else left - len(piece)
        await asyncio.sleep(0)
    yield end


async def send_frame(request: web.BaseRequest, text: bytes, met: Mapping[str, Fault]) -> None:
    """Send a text frame as the faults have it, past the library, which sends whole frames alone."""
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError
    if "reset" in met:
        _abort(request)
    if "endless" in met:
        await _write(request, _frame(text[:-1], final=False))
        while True:
            await _write(request, _frame(_SPACE, opcode=_MORE, final=False))
    if "huge" in met:
        size = round(met["huge"].value * MEGABYTE)
        await _write(request, _header(size))
        async for piece in _padded(text, size):
            await _write(request, piece)
        return
    frame = _frame(text)
    if "cut" in met:
        await _write(request, frame[: len(frame) // 2])
        _abort(request, politely=True)
    async for byte in _dripping(frame, met["slow-drip"].value):
        await _write(request, byte)


RAW = frozenset({"reset", "endless", "huge", "cut", "slow-drip"})
"""The faults for which a frame is sent by `send_frame`."""


def _frame(payload: bytes, opcode: int = _TEXT, *, final: bool = True) -> bytes:
    return _header(len(payload), opcode, final=final) + payload


def _header(size: int, opcode: int = _TEXT, *, final: bool = True) -> bytes:
    first = opcode | (_FINAL if final else 0)
    if size < _SHORT:
        return bytes((first, size))
    if size < _LONGEST_MEDIUM:
        return struct.pack("!BBH", first, _SHORT, size)
    return struct.pack("!BBQ", first, _MEDIUM, size)


async def _write(request: web.BaseRequest, piece: bytes) -> None:
    """Write to the connection, and wait while its buffer is full."""
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError
    transport.write(piece)
    await request.writer.drain()
    await asyncio.sleep(0)


def _abort(request: web.BaseRequest, *, politely: bool = False) -> None:
    """End the connection: with what is still to be sent, or at once with a reset (RFC 9293, 3.10.7)."""
    transport = request.transport
    if transport is not None and politely:
        transport.close()
    elif transport is not None:
        sock = transport.get_extra_info("socket")
        if sock is not None:
            import socket

            # Lingering for no time makes the kernel send RST instead of FIN.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    raise ConnectionDropped
