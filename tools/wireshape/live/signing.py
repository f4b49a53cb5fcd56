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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

Signer = Callable[[bytes], str]


class Clock:
    """The time of the exchange in milliseconds, counted on from an answer: this machine's own clock plays no part."""

    def __init__(self, server_time: int, asked: float, answered: float) -> None:
        """Take the server's time between the monotonic seconds at which it was asked and answered."""
        self._base = server_time - (asked + answered) / 2 * 1000

    def now(self) -> int:
        """Give the milliseconds since 1970 as the exchange counts them."""
        return int(self._base + time.monotonic() * 1000)


def hmac_signer(secret: bytes) -> Signer:
    """Sign by HMAC-SHA256, hexadecimal."""
    return lambda payload: hmac.new(secret, payload, hashlib.sha256).hexdigest()


def private_signer(pem: bytes, passphrase: bytes | None) -> tuple[str, Signer]:
    """Sign by a PEM private key: `ed25519` or `rsa` (PKCS#1 v1.5, SHA-256), base64; ValueError says what is wrong."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

    private = _private(pem, passphrase)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "ed25519", lambda payload: base64.b64encode(private.sign(payload)).decode()
    if isinstance(private, rsa.RSAPrivateKey):
        scheme, digest = padding.PKCS1v15(), hashes.SHA256()
        return "rsa", lambda payload: base64.b64encode(private.sign(payload, scheme, digest)).decode()
    raise ValueError("a private key, but neither Ed25519 nor RSA")


def material(pem: bytes, passphrase: bytes | None) -> tuple[bytes, ...]:
    """Give the secret bytes of a PEM private key: its lines without the frame, and the key unpacked."""
    from cryptography.hazmat.primitives import serialization

    private = _private(pem, passphrase)
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    der = private.private_bytes(serialization.Encoding.DER, form, plain)
    lines = b"".join(line for line in pem.splitlines() if line and b"-----" not in line and b":" not in line)
    return lines, base64.b64encode(der), der


def _private(pem: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"-----BEGIN" not in pem:
        raise ValueError("no PEM private key in the file")
    encrypted = b"ENCRYPTED" in pem
    if encrypted and not passphrase:
        raise ValueError("the private key is encrypted, and its passphrase is not set")
    try:
        return load_pem_private_key(pem, passphrase if encrypted else None)
    except UnsupportedAlgorithm:
        reason = "a private key of an unsupported kind"
    except (ValueError, TypeError):
        reason = "no private key in PKCS#8, or its passphrase is wrong" if encrypted else "no private key in PKCS#8"
    raise ValueError(reason)
