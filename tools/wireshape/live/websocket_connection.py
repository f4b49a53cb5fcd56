"""One WebSocket connection: requests out, responses back by their id, and a count of every other frame."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidProxy, InvalidStatus, ProxyError, WebSocketException
from websockets.http11 import Response

from wireshape.inputs.frame_matcher import parsed
from wireshape.live import errors
from wireshape.live.errors import LiveError
from wireshape.live.rest import connection_failure
from wireshape.live.retry import Timeouts
from wireshape.live.session import MAX_RESPONSE_BYTES
from wireshape.model import Reason

_REDIRECTS = range(300, 400)
_TOO_LARGE = 1009
"""The close code of a message that is too large (RFC 6455, 7.4.1)."""
_CLOSE_TIMEOUT = 2.0
_LINGER = 0.1
"""Seconds in which a stray frame may still follow a response, for it to be counted."""


class StrayFrame(StrEnum):
    """A frame that is no response to a request, or a second one; the values are the words of a report."""

    BINARY = "unexpected binary frame"
    NOT_AN_OBJECT = "unexpected frame that is not a JSON object"
    UNMATCHED = "unexpected frame that responds to no request"
    DUPLICATE = "second response to the same request"
    LATE = "response arrived after the timeout"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseFrame:
    """A response as sent, and the object it is."""

    raw: bytes
    value: dict[str, Any]

    @property
    def status(self) -> int | None:
        """The status the frame states."""
        status = self.value.get("status")
        return status if isinstance(status, int) else None


class ConnectionLostError(Exception):
    """The connection ended before the response came."""


class _Direct(connect):
    """Connects to the host it was given, and nowhere else: a frame holds a key."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class LiveConnection:
    """An open connection; `stray_frames` counts frames that are no response to a request."""

    def __init__(self, socket: ClientConnection, stray_frames: Counter[StrayFrame]) -> None:
        self._socket = socket
        self._stray_frames = stray_frames
        self._waiting: dict[str, asyncio.Future[ResponseFrame]] = {}
        self._answered: set[str] = set()
        self._timed_out: set[str] = set()
        self._end: Exception | None = None
        self._reader = asyncio.create_task(self._read())

    @property
    def is_open(self) -> bool:
        """Whether another frame can be sent."""
        return self._end is None

    async def ask(self, method: str, parameters: dict[str, Any]) -> ResponseFrame:
        """Send one request and give its response; ConnectionLostError where the connection ends first."""
        request_id = uuid.uuid4().hex
        response: asyncio.Future[ResponseFrame] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = response
        try:
            await self._socket.send(orjson.dumps({"id": request_id, "method": method, "params": parameters}).decode())
            if self._end:
                raise self._end
            return await response
        except ConnectionClosed:
            raise ConnectionLostError from None
        finally:
            if self._waiting.pop(request_id, None):
                self._timed_out.add(request_id)

    async def close(self) -> None:
        """Close, after all that the other side had already sent has been read, within the timeout of a close."""
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT):
                if self.is_open:
                    await asyncio.sleep(_LINGER)
                    await (await self._socket.ping())
                await self._socket.close()
        except (TimeoutError, WebSocketException, OSError):
            self._socket.transport.abort()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while True:
                self._receive(await self._socket.recv())
        except ConnectionClosed as error:
            self._end = _ended(error)
            self._fail_all(self._end)

    def _receive(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._stray_frames[StrayFrame.BINARY] += 1
            return
        raw = message.encode()
        value = parsed(raw)
        if not isinstance(value, dict):
            self._stray_frames[StrayFrame.NOT_AN_OBJECT] += 1
            return
        frame, request_id = ResponseFrame(raw=raw, value=value), value.get("id")
        waiting = self._waiting.get(request_id) if isinstance(request_id, str) else None
        if waiting and not waiting.done():
            self._answered.add(str(request_id))
            del self._waiting[str(request_id)]
            waiting.set_result(frame)
        elif request_id is None and "error" in value and self._waiting:
            # Such an error concerns the connection, and so whatever waits on it.
            self._fail_all(errors.refusal(frame.status, value["error"]))
        else:
            self._stray_frames[self._stray(request_id)] += 1

    def _fail_all(self, failure: Exception) -> None:
        for response in self._waiting.values():
            if not response.done():
                response.set_exception(failure)

    def _stray(self, request_id: Any) -> StrayFrame:
        if isinstance(request_id, str) and request_id in self._answered:
            return StrayFrame.DUPLICATE
        if isinstance(request_id, str) and request_id in self._timed_out:
            return StrayFrame.LATE
        return StrayFrame.UNMATCHED


async def opened(url: str, stray_frames: Counter[StrayFrame], timeouts: Timeouts, *, direct: bool) -> LiveConnection:
    """Open a connection, past the system's proxies where it is direct; LiveError where that fails."""
    try:
        socket = await _Direct(
            url,
            max_size=MAX_RESPONSE_BYTES,
            open_timeout=timeouts.connect,
            close_timeout=timeouts.connect,
            proxy=None if direct else True,
        )
    except InvalidStatus as error:
        failure = _rejection(error.response)
    except TimeoutError:
        failure = LiveError(Reason.NETWORK, f"no connection within {timeouts.connect:g} seconds")
    except (InvalidProxy, ProxyError, ImportError):
        # The reason may hold the password of the proxy.
        failure = LiveError(Reason.NETWORK, "the proxy of the system cannot be used: check HTTPS_PROXY and ALL_PROXY")
    except (WebSocketException, OSError, ValueError) as error:
        failure = connection_failure(error)
    else:
        return LiveConnection(socket, stray_frames)
    raise failure


def _rejection(response: Response) -> LiveError:
    """Give the failure of a handshake that was answered with something else than 101."""
    status, body = response.status_code, bytes(response.body or b"")
    if status in _REDIRECTS:
        return LiveError(Reason.REDIRECT, f"HTTP {status} at the WebSocket handshake: redirects are not followed")
    retry_after = response.headers.get_all("Retry-After")
    failure = errors.http_failure(status, "", body, parsed(body), retry_after) if errors.is_error(status) else None
    return failure or LiveError(Reason.NETWORK, f"HTTP {status} instead of a WebSocket connection")


def _ended(error: ConnectionClosed) -> Exception:
    if error.sent and error.sent.code == _TOO_LARGE:
        return LiveError(Reason.SIZE, f"the response is larger than {MAX_RESPONSE_BYTES // 1_000_000} MB")
    return ConnectionLostError()
