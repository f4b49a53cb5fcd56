"""Signatures of requests, and the time they are signed for.

Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info, and for frames
https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-api-general-info
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


class KeyKind(StrEnum):
    """How an API key signs; only ED25519 can log on to a WebSocket session."""

    HMAC = "hmac"
    ED25519 = "ed25519"
    RSA = "rsa"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Signer:
    """Signs payloads; `sign` gives the signature as text: hexadecimal for HMAC, base64 for the others."""

    kind: KeyKind
    sign: Callable[[bytes], str]


_MOST_AHEAD = 0.5
"""Seconds; exchanges refuse what is a second ahead of their time, and what is five behind it."""


class Clock:
    """The time of the exchange in milliseconds, counted on from an answer: this machine's own clock plays no part."""

    def __init__(self, server_time: int, sent: float, received: float) -> None:
        """Take the server's time between the monotonic seconds at which it was requested and received.

        It was told in between; of a slow response it is taken for a late one, since no exchange takes a time ahead.
        """
        self._base = server_time - max((sent + received) / 2, received - _MOST_AHEAD) * 1000

    def now(self) -> int:
        """Give the milliseconds since 1970 as the exchange counts them."""
        return int(self._base + time.monotonic() * 1000)


def hmac_signer(secret: bytes) -> Signer:
    """Sign by HMAC-SHA256."""
    return Signer(kind=KeyKind.HMAC, sign=lambda payload: hmac.new(secret, payload, hashlib.sha256).hexdigest())


def private_signer(pem: bytes, passphrase: bytes | None) -> Signer:
    """Sign by a PEM private key, Ed25519 or RSA (PKCS#1 v1.5, SHA-256); ValueError says what is wrong with it."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

    private = _private(pem, passphrase)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return Signer(kind=KeyKind.ED25519, sign=lambda payload: base64.b64encode(private.sign(payload)).decode())
    if isinstance(private, rsa.RSAPrivateKey):
        scheme, digest = padding.PKCS1v15(), hashes.SHA256()
        return Signer(
            kind=KeyKind.RSA, sign=lambda payload: base64.b64encode(private.sign(payload, scheme, digest)).decode()
        )
    raise ValueError("the private key is neither Ed25519 nor RSA")


def secret_bytes(pem: bytes, passphrase: bytes | None) -> tuple[bytes, ...]:
    """Give the secret bytes of a PEM private key: its lines without header and footer, and the key unpacked."""
    from cryptography.hazmat.primitives import serialization

    private = _private(pem, passphrase)
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    der = private.private_bytes(serialization.Encoding.DER, pkcs8, plain)
    lines = b"".join(line for line in pem.splitlines() if line and b"-----" not in line and b":" not in line)
    return lines, base64.b64encode(der), der


def is_encrypted(pem: bytes) -> bool:
    """Tell whether a PEM private key takes a passphrase."""
    return b"ENCRYPTED" in pem


def _private(pem: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"-----BEGIN" not in pem:
        raise ValueError("the file is not a PEM private key")
    encrypted = is_encrypted(pem)
    try:
        return load_pem_private_key(pem, passphrase if encrypted else None)
    except UnsupportedAlgorithm:
        reason = "the private key is of an unsupported type"
    except (ValueError, TypeError):
        wrong = ", or the passphrase is wrong" if encrypted else ""
        reason = f"the private key is not PKCS#8{wrong}"
    raise ValueError(reason)
