"""Asks over REST: one bounded answer per call, signed at the last moment, and never sent where it does not belong."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import httpx

from wireshape import __version__
from wireshape.catalog.operations import Call, Transport
from wireshape.errors import InputError, UsageError
from wireshape.inputs.compression import decompressed
from wireshape.inputs.frame_matcher import parsed
from wireshape.live import errors, signing
from wireshape.live.credentials import Credentials
from wireshape.live.errors import LiveError
from wireshape.live.rate_limit import LARGEST
from wireshape.live.retry import retry_after, with_retries
from wireshape.live.session import LiveResponse, Session
from wireshape.model import Reason

_HEADERS = {"User-Agent": f"wireshape/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}


class Rest:
    """The REST side of a session; the clock is set once the time is known."""

    def __init__(self, session: Session, client: httpx.AsyncClient) -> None:
        self.clock: signing.Clock | None = None
        self._session = session
        self._client = client
        self._base = httpx.URL(session.environment.hosts[session.product][Transport.REST])

    async def ask(self, call: Call) -> LiveResponse:
        """Ask one call; LiveError where there is no answer to check, UsageError for what may not be sent."""
        self._session.calls.require(call.product, call.transport, call.operation.method, call.operation.path)
        return await with_retries(lambda: self._once(call), self._session.timeouts)

    async def _once(self, call: Call) -> LiveResponse:
        self._session.limiter.spend(call.weight)
        try:
            async with asyncio.timeout(self._session.timeouts.answer):
                return await self._answer(call)
        except TimeoutError:
            failure = LiveError(Reason.NETWORK, f"no whole answer within {self._session.timeouts.answer:g} seconds")
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            failure = no_connection(error)
        # Raised outside, so that no request with its key hangs on the failure.
        raise failure

    async def _answer(self, call: Call) -> LiveResponse:
        request = self._client.build_request(call.operation.method, self._base.join(call.operation.path))
        auth = self._signature() if call.signed else None
        sent = time.monotonic()
        response = await self._client.send(request, auth=auth, stream=True, follow_redirects=False)
        async with aclosing(response):
            self._session.limiter.update_from_headers(response.headers)
            body = await _bounded(response)
        return replace(self._understood(response, body), sent=sent, came=time.monotonic())

    def _signature(self) -> _Signature:
        assert self.clock  # noqa: S101 - the time is asked first, without a signature
        return _Signature(self._session.key, self.clock, self._base)

    def _understood(self, response: httpx.Response, body: bytes) -> LiveResponse:
        status, after = response.status_code, retry_after(response.headers.multi_items())
        if response.is_redirect or response.has_redirect_location:
            raise LiveError(
                Reason.REDIRECT, f"HTTP {status}, which is never followed: the key belongs to this host alone"
            )
        try:
            body = decompressed(body, response.headers.get("content-encoding", "").strip().lower(), LARGEST)
        except InputError as error:
            raise LiveError(Reason.TYPE, str(error)) from None
        content_type = response.headers.get("content-type", "")
        if failure := errors.http_failure(status, content_type, body, parsed(body), after):
            self._session.limiter.halt_if_final(failure)
            raise failure
        return LiveResponse(status=status, body=body)


class _Signature(httpx.Auth):
    """Adds key, time and signature to a request that goes to its own host, and to no other."""

    def __init__(self, key: Credentials, clock: signing.Clock, base: httpx.URL) -> None:
        self._key = key
        self._clock = clock
        self._base = base

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        url = request.url
        if (url.scheme, url.host, url.port) != (self._base.scheme, self._base.host, self._base.port):
            raise LiveError(Reason.REDIRECT, "not sent: the key belongs to another host")
        request.headers["X-MBX-APIKEY"] = self._key.api_key
        request.url = url.copy_with(query=self._key.query({"timestamp": self._clock.now()}).encode())
        yield request


@asynccontextmanager
async def opened(session: Session) -> AsyncIterator[Rest]:
    """Open the REST side of a session; proxies of the system are passed, but not on the way to this machine."""
    timeout = httpx.Timeout(session.timeouts.answer, connect=session.timeouts.connect)
    trust_env = not session.environment.is_direct(session.product, Transport.REST)
    try:
        client = httpx.AsyncClient(headers=_HEADERS, timeout=timeout, trust_env=trust_env)
    except (ImportError, ValueError, OSError, httpx.InvalidURL):
        # The reason may hold the password of a proxy.
        raise UsageError("cannot use what the system sets: look at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE") from None
    async with client:
        yield Rest(session, client)


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST:
            raise LiveError(Reason.SIZE, f"the answer is larger than {LARGEST // 1_000_000} MB")
    return bytes(body)


def no_connection(error: Exception) -> LiveError:
    """Put an error of the network into one line, without the request that it may hold."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    for each in causes:
        if isinstance(each, ssl.SSLCertVerificationError):
            return LiveError(Reason.NETWORK, f"the certificate is not accepted: {each.verify_message}")
    said = next((str(each) for each in causes if str(each)), type(error).__name__)
    return LiveError(Reason.NETWORK, said)
