"""What tests against the loopback exchange share: keys made up on the spot, and clients that sign by hand."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiohttp
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from wireshape import exchange
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.exchange import protocol

PROTOCOL = protocol.load()
HMAC, ED25519, RSA = "fakeKey0" * 8, "fakeKeyE" * 8, "fakeKeyR" * 8
SECRET = "fakeSecret" * 6
TLS = ssl.create_default_context()
"""Never used on 127.0.0.1, but httpx makes one for every request that brings none, which takes most of its time."""
PRIVATE: dict[str, Ed25519PrivateKey | RSAPrivateKey] = {
    ED25519: Ed25519PrivateKey.generate(),
    RSA: generate_private_key(public_exponent=65537, key_size=2048),
}


def pem(name: str) -> str:
    """Give the private key that belongs to a key."""
    return PRIVATE[name].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(name: str) -> bytes:
    """Give the public key that belongs to a key."""
    return PRIVATE[name].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def keys() -> tuple[exchange.ApiKey, ...]:
    """Give one key of each kind, as the exchange knows them."""
    return (exchange.hmac_key(HMAC, SECRET), *(exchange.public_key(name, public_pem(name)) for name in PRIVATE))


def settings(**options: Any) -> exchange.Settings:
    """Give settings with one key of each kind."""
    return exchange.Settings(**{"keys": keys(), **options})


def signature(payload: str, key: str = HMAC) -> str:
    """Sign as the documentation of the exchange says."""
    if key == HMAC:
        return hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
    private = PRIVATE[key]
    if isinstance(private, RSAPrivateKey):
        return base64.b64encode(private.sign(payload.encode(), PKCS1v15(), SHA256())).decode()
    return base64.b64encode(private.sign(payload.encode())).decode()


def now() -> int:
    """Give this machine's time in ms."""
    return round(time.time() * 1000)


def call(call_id: str) -> Call:
    """Give a call of the protocol by its id."""
    return next(each for each in PROTOCOL.calls if each.id == call_id)


def calls(transport: Transport, purpose: Purpose = Purpose.ACCOUNT) -> list[Call]:
    """Give the calls of a transport and purpose."""
    return [each for each in PROTOCOL.calls if (each.transport, each.purpose) == (transport, purpose)]


def query(key: str = HMAC, **parameters: Any) -> dict[str, str]:
    """Give the parameters of a signed REST request."""
    sent = {"timestamp": now(), **parameters}
    text = "&".join(f"{name}={value}" for name, value in sent.items())
    return {**{name: str(value) for name, value in sent.items()}, "signature": signature(text, key)}


def get(server: exchange.RunningExchange | str, target: Call, key: str = HMAC, **options: Any) -> httpx.Response:
    """Ask over REST, signed; of an exchange, or of a base URL."""
    url = (server if isinstance(server, str) else server.rest) + target.operation.path
    sent = {"params": query(key), "headers": {"X-MBX-APIKEY": key}, "timeout": 10, "verify": TLS, **options}
    return httpx.get(url, **sent)


def frame(target: Call, key: str = HMAC, request_id: Any = "7", **parameters: Any) -> dict[str, Any]:
    """Give a signed frame."""
    sent = {"apiKey": key, "timestamp": now(), **parameters}
    text = "&".join(f"{name}={value}" for name, value in sorted(sent.items()))
    params = {**sent, "signature": signature(text, key)}
    return {"id": request_id, "method": target.operation.method, "params": params}


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came over a WebSocket: text frames as values, binary ones as bytes, and whether it was closed."""

    frames: list[Any]
    closed: bool


def send(server: exchange.RunningExchange, path: str, frames: list[Any], *, expect: int, wait: float = 10) -> Received:
    """Send frames over one connection, and collect as many as are expected, or until it is closed or `wait` is over."""
    return asyncio.run(_send(server.ws + path, frames, expect, wait))


async def _send(url: str, frames: list[Any], expect: int, wait: float) -> Received:
    received: list[Any] = []
    timeouts = aiohttp.ClientWSTimeout(ws_close=0.1)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, max_msg_size=4_000_000, timeout=timeouts) as socket,
    ):
        for each in frames:
            await (socket.send_str(each) if isinstance(each, str) else socket.send_json(each))
        while len(received) < expect:
            try:
                message = await socket.receive(timeout=wait)
            except TimeoutError:
                return Received(frames=received, closed=False)
            if message.type is aiohttp.WSMsgType.TEXT:
                received.append(message.json())
            elif message.type is aiohttp.WSMsgType.BINARY:
                received.append(message.data)
            else:
                return Received(frames=received, closed=True)
    return Received(frames=received, closed=False)


def ask(server: exchange.RunningExchange, target: Call, **parameters: Any) -> Any:
    """Ask over a WebSocket of its own, signed, and give the one response."""
    (response,) = send(server, target.operation.path, [frame(target, **parameters)], expect=1).frames
    return response


def look_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a client that asks for any host but this machine fail the test."""
    look_up = socket.getaddrinfo

    def loopback_alone(host: Any, *rest: Any, **options: Any) -> Any:
        assert host == "127.0.0.1", f"a client looked up {host}"
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", loopback_alone)
