"""Asks for pages over HTTP: one request at a time, with pauses, and only what robots.txt allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from wireshape.errors import InputError, UsageError
from wireshape.inputs.compression import decompressed
from wireshape.watch import addresses, manners, responses, robots
from wireshape.watch.manners import Manners
from wireshape.watch.robots import Robots

if TYPE_CHECKING:
    import httpx

_OK, _NOT_MODIFIED, _BAD_REQUEST, _SERVER_ERROR = 200, 304, 400, 500
_MAX_HEADER = 500
"""Characters of a header that is sent back."""
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for: an address, the content types that it may have, its largest size, and what is known of it."""

    address: str
    types: frozenset[str]
    most: int
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What came: the content, None where it is what it was, and from where, if not from where it was asked.

    `moved_to` is where it stands for good, `found_at` where it was found today.
    """

    content: bytes | None
    etag: str | None
    last_modified: str | None
    moved_to: str | None = None
    found_at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Seconds that one page may take, and between two requests to a host; how a wait is waited for."""

    timeout: float
    pause: float
    sleep: Callable[[float], None] = time.sleep


@dataclass(kw_only=True, slots=True)
class _Host:
    """What is known of a host in this run: when it was asked last, its robots.txt, and why it is asked no more."""

    asked: float | None = None
    robots: Robots | None = None
    closed: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Response:
    """A response with its content as it was meant, which is empty where it is none of a page."""

    status: int
    headers: httpx.Headers
    content: bytes = b""


@dataclass(kw_only=True, slots=True)
class Fetcher:
    """Asks for pages; `direct` is for this machine, `proxied` for all others."""

    direct: httpx.Client
    proxied: httpx.Client
    settings: Settings
    manners: Manners = field(default_factory=manners.load)
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def fetch(self, wanted: Wanted) -> Fetched:
        """Ask for a page, and follow where it went; InputError where there is none to be had now."""
        address = addresses.require(wanted.address)
        seen = [address]
        moved = address
        while True:
            self._require_allowed(address)
            response = self._answered(address, wanted)
            if response.status not in _REDIRECTS:
                came = _fetched(response)
                moved_to, found_at = (each if each != seen[0] else None for each in (moved, address))
                return replace(came, moved_to=moved_to, found_at=found_at)
            address = self._next(address, response, seen)
            seen.append(address)
            # Where one of the steps is for now only, the address to use stays the one before it.
            moved = address if moved == seen[-2] and response.status in self.manners.permanent else moved

    def _next(self, address: str, response: _Response, seen: list[str]) -> str:
        """Give where a redirect leads; InputError where that is nowhere to go."""
        there = _target(address, response)
        if there in seen:
            raise InputError("it redirects in a circle")
        if len(seen) > self.manners.redirects:
            raise InputError(f"it redirects more than {self.manners.redirects} times")
        if address.startswith("https:") and not there.startswith("https:"):
            raise InputError(f"it redirects from https to {addresses.shown(there)}, which anybody may change")
        return there

    def _require_allowed(self, address: str) -> None:
        host = self._host(address)
        if host.robots is None:
            host.robots = self._robots(addresses.host(address))
        host.robots.require(self.manners.agent, address)

    def _host(self, address: str) -> _Host:
        return self._hosts.setdefault(addresses.host(address), _Host())

    def _robots(self, host: str) -> Robots:
        """Ask a host what it allows; where it has no rules, all is, and where it cannot say, nothing."""
        wanted = Wanted(address=f"{host}/robots.txt", types=frozenset(), most=self.manners.robots_bytes)
        address = wanted.address
        for _ in range(self.manners.redirects):
            try:
                response = self._answered(address, wanted, errors=True)
                if response.status not in _REDIRECTS:
                    break
                address = _target(address, response)
            except InputError as error:
                return Robots(refused=f"its host cannot be asked what it allows: {error}")
        if response.status >= _SERVER_ERROR or response.status in self.manners.retried:
            return Robots(refused=f"its host cannot be asked what it allows: HTTP {response.status} for robots.txt")
        return robots.read(response.content if response.status == _OK else b"", self.manners.agent)

    def _answered(self, address: str, wanted: Wanted, *, errors: bool = False) -> _Response:
        """Ask until there is an answer that is worth something, as often as manners allow."""
        host = self._host(address)
        for attempt in range(1, self.manners.attempts + 1):
            if host.closed:
                raise InputError(host.closed)
            self._wait_for_turn(host)
            try:
                response = self._sent(address, wanted)
            finally:
                host.asked = time.monotonic()
            if response.status not in self.manners.retried:
                break
            wait = responses.retry_after(response.headers.get("retry-after", ""))
            if wait is not None and wait > self.manners.longest_wait:
                host.closed = f"HTTP {response.status}: the host wants to be left alone for {wait:.0f} seconds"
            elif attempt < self.manners.attempts:
                self.settings.sleep(self.settings.pause * attempt if wait is None else wait)
        if response.status >= _BAD_REQUEST and not errors:
            raise InputError(host.closed or self._refusal(response.status))
        return response

    def _refusal(self, status: int) -> str:
        moved = "; the page may have moved: see where it is, and watch it there" if status in self.manners.gone else ""
        return f"HTTP {status}{moved}"

    def _wait_for_turn(self, host: _Host) -> None:
        asked_for = host.robots.pause if host.robots else 0.0
        pause = max(self.settings.pause, min(asked_for, self.manners.longest_pause))
        left = 0.0 if host.asked is None else host.asked + pause - time.monotonic()
        if left > 0:
            self.settings.sleep(left)

    def _sent(self, address: str, wanted: Wanted) -> _Response:
        """Send one request, and read what comes within time and size."""
        import httpx

        known = {"If-None-Match": wanted.etag, "If-Modified-Since": wanted.last_modified}
        headers = {name: value for name, value in known.items() if value}
        client = self.direct if addresses.is_local(address) else self.proxied
        client.cookies.clear()
        deadline = time.monotonic() + self.settings.timeout
        try:
            with client.stream("GET", address, headers=headers) as response:
                if response.status_code != _OK:
                    return _Response(status=response.status_code, headers=response.headers)
                responses.require_type(response.headers, wanted.types)
                raw = responses.bounded(response, wanted.most, deadline, self.settings.timeout)
        except httpx.TimeoutException:
            raise InputError(responses.late(self.settings.timeout)) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise InputError(responses.failure(error)) from None
        encoding = response.headers.get("content-encoding", "").strip().lower()
        return _Response(
            status=_OK, headers=response.headers, content=decompressed(raw, encoding, wanted.most) if raw else raw
        )


@contextmanager
def opened(settings: Settings) -> Iterator[Fetcher]:
    """Open a fetcher; UsageError where what it needs is not installed, or the system's settings are no use."""
    try:
        import httpx
    except ImportError:
        raise UsageError("pages are asked for with httpx; `pip install 'wireshape[live]'` installs it") from None
    headers = {
        "User-Agent": manners.load().user_agent,
        "Accept": "text/html, text/markdown, text/plain;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip",
    }
    try:
        direct = httpx.Client(headers=headers, timeout=settings.timeout, trust_env=False)
        proxied = httpx.Client(headers=headers, timeout=settings.timeout)
    except (ImportError, ValueError, OSError, httpx.InvalidURL):  # the reason may hold the password of a proxy
        variables = "HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
        raise UsageError(f"the proxy or certificate settings of the system cannot be used: check {variables}") from None
    with direct, proxied:
        yield Fetcher(direct=direct, proxied=proxied, settings=settings)


def _target(address: str, response: _Response) -> str:
    """Give where a redirect leads; InputError where that cannot be asked."""
    location = response.headers.get("location")
    if not location:
        raise InputError("it redirects, and does not say where to")
    try:
        return addresses.require(urljoin(address, location))
    except (InputError, ValueError) as error:
        reason = str(error) if isinstance(error, InputError) else "not an address"
        raise InputError(f"it redirects to what cannot be asked: {reason}") from None


def _fetched(response: _Response) -> Fetched:
    if response.status not in {_OK, _NOT_MODIFIED}:
        raise InputError(f"HTTP {response.status}, which is no page")
    unchanged = response.status == _NOT_MODIFIED
    if not unchanged and not response.content.strip():
        raise InputError("the page is empty")
    etag, modified = (_sendable(response.headers.get(name)) for name in ("etag", "last-modified"))
    content = None if unchanged else response.content
    return Fetched(content=content, etag=etag, last_modified=modified)


def _sendable(header: str | None) -> str | None:
    """Give a header that can be sent back as it came, None for any other."""
    return header if header and header.isascii() and header.isprintable() and len(header) <= _MAX_HEADER else None
