"""One WebSocket connection: frames out, answers back by their id, and a note of every frame that is no answer."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidProxy, InvalidStatus, ProxyError, WebSocketException

from wireshape.inputs.frame_matcher import parsed
from wireshape.live import errors
from wireshape.live.errors import LiveError
from wireshape.live.rate_limit import LARGEST
from wireshape.live.rest import no_connection
from wireshape.live.retry import Timeouts, retry_after
from wireshape.model import Reason

Json = dict[str, Any]
_REDIRECTS = range(300, 400)
_TOO_LARGE = 1009
_FAREWELL = 2.0
_LINGER = 0.1
"""Seconds in which a frame nobody asked for may still follow an answer, for it to be noticed."""


class LostError(Exception):
    """The connection ended before the answer came."""


class _Direct(connect):
    """Connects to the host it was given, and nowhere else: a frame holds a key."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class LiveConnection:
    """An open connection; `notes` counts frames that nobody asked for."""

    def __init__(self, socket: ClientConnection, notes: Counter[str]) -> None:
        self._socket = socket
        self._notes = notes
        self._waiting: dict[str, asyncio.Future[tuple[bytes, Json]]] = {}
        self._answered: set[str] = set()
        self._late: set[str] = set()
        self._end: Exception | None = None
        self._reader = asyncio.create_task(self._read())

    @property
    def is_open(self) -> bool:
        """Whether another frame can be sent."""
        return self._end is None

    async def ask(self, method: str, parameters: dict[str, Any]) -> tuple[bytes, Json]:
        """Send one request and give its answer, raw and parsed; LostError where the connection ends first."""
        number = uuid.uuid4().hex
        answer: asyncio.Future[tuple[bytes, Json]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._socket.send(orjson.dumps({"id": number, "method": method, "params": parameters}).decode())
            if self._end:
                raise self._end
            return await answer
        except ConnectionClosed:
            raise LostError from None
        finally:
            if self._waiting.pop(number, None):
                self._late.add(number)

    async def close(self) -> None:
        """Close, after all that the other side had already sent has been read; nobody waits long for a farewell."""
        try:
            async with asyncio.timeout(_FAREWELL):
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
                self._hear(await self._socket.recv())
        except ConnectionClosed as error:
            self._end = _ended(error)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(self._end)

    def _hear(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._notes["one came that is binary"] += 1
            return
        raw = message.encode()
        frame = parsed(raw)
        if not isinstance(frame, dict):
            self._notes["one came that is no JSON object"] += 1
            return
        number = frame.get("id")
        waiting = self._waiting.get(number) if isinstance(number, str) else None
        if waiting and not waiting.done():
            self._answered.add(str(number))
            del self._waiting[str(number)]
            waiting.set_result((raw, frame))
        elif number is None and "error" in frame and self._waiting:
            # Such an error concerns the connection, and so whatever waits on it.
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(errors.refusal(status_of(frame), frame["error"]))
        else:
            self._notes[self._unmatched(number)] += 1

    def _unmatched(self, number: Any) -> str:
        if isinstance(number, str) and number in self._answered:
            return "one came that answers a request again"
        if isinstance(number, str) and number in self._late:
            return "it is an answer that came too late"
        return "one came that answers no request"


async def opened(url: str, notes: Counter[str], timeouts: Timeouts, *, direct: bool) -> LiveConnection:
    """Open a connection, past the system's proxies where it is direct; LiveError where that fails."""
    try:
        socket = await _Direct(
            url,
            max_size=LARGEST,
            open_timeout=timeouts.connect,
            close_timeout=timeouts.connect,
            proxy=None if direct else True,
        )
    except InvalidStatus as error:
        response = error.response
        failure = _rejected(response.status_code, bytes(response.body or b""), list(response.headers.raw_items()))
    except TimeoutError:
        failure = LiveError(Reason.NETWORK, f"no connection within {timeouts.connect:g} seconds")
    except (InvalidProxy, ProxyError, ImportError):
        # The reason may hold the password of the proxy.
        failure = LiveError(
            Reason.NETWORK, "cannot pass the proxy that the system sets: look at HTTPS_PROXY and ALL_PROXY"
        )
    except (WebSocketException, OSError, ValueError) as error:
        failure = no_connection(error)
    else:
        return LiveConnection(socket, notes)
    raise failure


def _rejected(status: int, body: bytes, headers: list[tuple[str, str]]) -> LiveError:
    after = retry_after(headers)
    if status in _REDIRECTS:
        return LiveError(Reason.REDIRECT, f"HTTP {status} instead of a WebSocket connection, which is never followed")
    failure = errors.http_failure(status, "", body, parsed(body), after) if errors.is_error(status) else None
    return failure or LiveError(Reason.NETWORK, f"HTTP {status} instead of a WebSocket connection")


def status_of(frame: Any) -> int | None:
    """Give the status an answer frame states."""
    status = frame.get("status")
    return status if isinstance(status, int) else None


def _ended(error: ConnectionClosed) -> Exception:
    if error.sent and error.sent.code == _TOO_LARGE:
        return LiveError(Reason.SIZE, f"the answer is larger than {LARGEST // 1_000_000} MB")
    return LostError()
