"""Fault injection: sends HTTP responses and WebSocket frames as the faults have it (RFC 9112, RFC 6455)."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from wireshape.exchange.faults import Fault

_MEGABYTE = 1_000_000
PADDED = frozenset({"endless", "huge"})
"""The faults that pad the response with spaces, so that it must not be compressed."""

_SPACE = b" " * _MEGABYTE
_TEXT, _FINAL, _CONTINUATION = 0x1, 0x80, 0x0
_TWO_BYTES, _EIGHT_BYTES = 126, 127
"""Lengths that stand for a length in the following bytes (RFC 6455, 5.2)."""


class ConnectionDropped(Exception):  # noqa: N818 - not an error: the fault is that nothing more is sent
    """The connection was ended on purpose."""


async def delay(faults: Mapping[str, Fault]) -> None:
    """Wait where the response is late, and for ever where there is to be none."""
    if "late" in faults:
        await asyncio.sleep(faults["late"].value)
    if "drop" in faults:
        await asyncio.Event().wait()


async def respond(
    request: web.BaseRequest, status: int, body: bytes, headers: dict[str, str], faults: Mapping[str, Fault]
) -> web.StreamResponse:
    """Send an HTTP response as the faults have it."""
    await delay(faults)
    if "reset" in faults:
        _abort(request)
    pieces = _pieces(body, faults)
    if pieces is None:
        return web.Response(status=status, body=body, headers=headers)
    response = web.StreamResponse(status=status, headers=headers)
    if "endless" in faults:
        response.enable_chunked_encoding()
    else:
        response.content_length = round(faults["huge"].value * _MEGABYTE) if "huge" in faults else len(body)
    try:
        await response.prepare(request)
        async for piece in pieces:
            await response.write(piece)
        if "cut" in faults:
            _abort(request, flush=True)
    except ConnectionError:
        return response
    return response


def _pieces(body: bytes, faults: Mapping[str, Fault]) -> AsyncIterator[bytes] | None:
    if "endless" in faults:
        return _padded(body, None)
    if "huge" in faults:
        return _padded(body, round(faults["huge"].value * _MEGABYTE))
    if "slow-drip" in faults:
        return _byte_by_byte(body, faults["slow-drip"].value)
    return _whole(body[: len(body) // 2]) if "cut" in faults else None


async def _whole(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


async def _byte_by_byte(body: bytes, pause: float) -> AsyncIterator[bytes]:
    for byte in body:
        yield bytes((byte,))
        await asyncio.sleep(pause)


async def _padded(body: bytes, size: int | None) -> AsyncIterator[bytes]:
    """Put spaces before the last brace, up to a size or without end."""
    start, end = body[:-1], body[-1:]
    yield start
    left = None if size is None else size - len(body)
    while left is None or left > 0:
        piece = _SPACE if left is None else _SPACE[:left]
        yield piece
        left = None if left is None else left - len(piece)
        await asyncio.sleep(0)
    yield end


async def send_frame(request: web.BaseRequest, text: bytes, faults: Mapping[str, Fault]) -> None:
    """Send a text frame as the faults have it, past the library, which sends whole frames only."""
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError
    if "reset" in faults:
        _abort(request)
    if "endless" in faults:
        await _write(request, _frame(text[:-1], final=False))
        while True:
            await _write(request, _frame(_SPACE, opcode=_CONTINUATION, final=False))
    if "huge" in faults:
        size = round(faults["huge"].value * _MEGABYTE)
        await _write(request, _header(size))
        async for piece in _padded(text, size):
            await _write(request, piece)
        return
    frame = _frame(text)
    if "cut" in faults:
        await _write(request, frame[: len(frame) // 2])
        _abort(request, flush=True)
    async for byte in _byte_by_byte(frame, faults["slow-drip"].value):
        await _write(request, byte)


RAW = frozenset({"reset", "endless", "huge", "cut", "slow-drip"})
"""The faults of a frame that `send_frame` knows."""


def _frame(payload: bytes, opcode: int = _TEXT, *, final: bool = True) -> bytes:
    return _header(len(payload), opcode, final=final) + payload


def _header(size: int, opcode: int = _TEXT, *, final: bool = True) -> bytes:
    first = opcode | (_FINAL if final else 0)
    if size < _TWO_BYTES:
        return bytes((first, size))
    if size < 1 << 16:
        return struct.pack("!BBH", first, _TWO_BYTES, size)
    return struct.pack("!BBQ", first, _EIGHT_BYTES, size)


async def _write(request: web.BaseRequest, piece: bytes) -> None:
    """Write to the connection, and wait while its buffer is full."""
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError
    transport.write(piece)
    await request.writer.drain()
    await asyncio.sleep(0)


def _abort(request: web.BaseRequest, *, flush: bool = False) -> None:
    """End the connection: after what is still to be sent, or at once with a reset (RFC 9293, 3.10.7)."""
    transport = request.transport
    if transport is not None and flush:
        transport.close()
    elif transport is not None:
        sock = transport.get_extra_info("socket")
        if sock is not None:
            import socket

            # Lingering for no time makes the kernel send RST instead of FIN.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    raise ConnectionDropped
