"""Asks over REST: one bounded response per call, signed at the last moment, and never sent to another host."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from wireshape import __version__
from wireshape.catalog.operations import Call, Transport
from wireshape.errors import InputError, UsageError
from wireshape.inputs.compression import decompressed
from wireshape.inputs.frame_matcher import parsed
from wireshape.live import errors
from wireshape.live.credentials import Credentials
from wireshape.live.errors import LiveError
from wireshape.live.retry import no_response, with_retries
from wireshape.live.session import MAX_RESPONSE_BYTES, LiveResponse, Session
from wireshape.live.signing import Clock
from wireshape.model import Reason

_HEADERS = {"User-Agent": f"wireshape/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}


class RestClient:
    """The REST side of a session; the clock is set once the time is known."""

    def __init__(self, session: Session, client: httpx.AsyncClient) -> None:
        self.clock: Clock | None = None
        self._session = session
        self._client = client
        self._base = httpx.URL(session.account.environment.hosts[session.product][Transport.REST])

    async def ask(self, call: Call) -> LiveResponse:
        """Ask one call; LiveError where there is no answer to check, UsageError for what may not be sent."""
        self._session.allowlist.require(call.product, call.transport, call.operation)
        return await with_retries(partial(self._attempt, call), self._session.timeouts)

    async def _attempt(self, call: Call) -> LiveResponse:
        self._session.limiter.spend(call.weight)
        try:
            async with asyncio.timeout(self._session.timeouts.response):
                return await self._send(call)
        except TimeoutError:
            failure = no_response(self._session.timeouts.response)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            failure = connection_failure(error)
        # Raised outside, so that no request with its key hangs on the failure.
        raise failure

    async def _send(self, call: Call) -> LiveResponse:
        request = self._client.build_request(call.operation.method, self._base.join(call.operation.path))
        auth = self._signature() if call.signed else None
        sent = time.monotonic()
        response = await self._client.send(request, auth=auth, stream=True, follow_redirects=False)
        async with aclosing(response):
            self._session.limiter.update_from_headers(response.headers)
            if response.is_redirect or response.has_redirect_location:
                raise _redirect(response.status_code)
            body = _unpacked(response, await _bounded(response))
        value = parsed(body)
        if failure := _failure(response, body, value):
            self._session.limiter.halt_if_final(failure)
            raise failure
        return LiveResponse(status=response.status_code, body=body, value=value, sent=sent, received=time.monotonic())

    def _signature(self) -> _Signature:
        assert self.clock  # noqa: S101 - the time is asked first, without a signature
        return _Signature(self._session.account.key, self.clock, self._base)


class _Signature(httpx.Auth):
    """Adds key, time and signature to a request that goes to its own host, and to no other."""

    def __init__(self, key: Credentials, clock: Clock, base: httpx.URL) -> None:
        self._key = key
        self._clock = clock
        self._base = base

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        url = request.url
        if (url.scheme, url.host, url.port) != (self._base.scheme, self._base.host, self._base.port):
            raise LiveError(Reason.REDIRECT, "not sent: the key is for another host")
        request.headers["X-MBX-APIKEY"] = self._key.api_key
        request.url = url.copy_with(query=self._key.query({"timestamp": self._clock.now()}).encode())
        yield request


@asynccontextmanager
async def opened(session: Session) -> AsyncIterator[RestClient]:
    """Open the REST side of a session, through the system's proxies unless the host is this machine."""
    direct = session.account.environment.is_direct(session.product, Transport.REST)
    # How long a response may take as a whole is up to each attempt.
    timeout = httpx.Timeout(None, connect=session.timeouts.connect)
    try:
        if not direct:
            _require_proxy_ports()
        client = httpx.AsyncClient(headers=_HEADERS, timeout=timeout, trust_env=not direct)
    except (ImportError, ValueError, OSError, httpx.InvalidURL):
        # The reason may hold the password of a proxy.
        variables = "HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
        raise UsageError(f"the proxy or certificate settings of the system cannot be used: check {variables}") from None
    async with client:
        yield RestClient(session, client)


def _require_proxy_ports() -> None:
    """Raise ValueError where a proxy has a port that is none: the libraries notice only when they connect."""
    for url in getproxies().values():
        _ = urlsplit(url).port


async def _bounded(response: httpx.Response) -> bytes:
    """Read a response as sent, up to the largest that is taken."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise LiveError(Reason.SIZE, f"the response is larger than {MAX_RESPONSE_BYTES // 1_000_000} MB")
    return bytes(body)


def _unpacked(response: httpx.Response, body: bytes) -> bytes:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    try:
        return decompressed(body, encoding, MAX_RESPONSE_BYTES)
    except InputError as error:
        raise LiveError(Reason.TYPE, str(error)) from None


def _failure(response: httpx.Response, body: bytes, value: object) -> LiveError | None:
    """Give the failure that a response stands for, None where it is an answer."""
    headers = response.headers
    content_type, retry_after = headers.get("content-type", ""), headers.get_list("retry-after")
    return errors.http_failure(response.status_code, content_type, body, value, retry_after)


def _redirect(status: int) -> LiveError:
    return LiveError(Reason.REDIRECT, f"HTTP {status}: redirects are not followed, the key is for this host alone")


def connection_failure(error: Exception) -> LiveError:
    """Put an error of the network into one line, without the request that it may hold."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    for each in causes:
        if isinstance(each, ssl.SSLCertVerificationError):
            return LiveError(Reason.NETWORK, f"the certificate is not accepted: {each.verify_message}")
    detail = next((str(each) for each in causes if str(each)), type(error).__name__)
    return LiveError(Reason.NETWORK, detail)
