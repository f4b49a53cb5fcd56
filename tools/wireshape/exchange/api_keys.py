"""The API keys of the loopback account: HMAC secrets, and public keys of Ed25519 and RSA."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from wireshape.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

FORMAT = re.compile(r"[A-Za-z0-9]{64}")
"""How the exchange writes API keys; anything else is -2014."""

_LENGTH = 64
_CHARACTERS = string.ascii_letters + string.digits


class SignatureKind(StrEnum):
    """How a key signs, as messages of the exchange write it."""

    HMAC = "HMAC_SHA256"
    ED25519 = "Ed25519"
    RSA = "RSA"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """An API key and what its signatures are verified with; `permitted` is False where the key may not read."""

    name: str = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)
    public: Ed25519PublicKey | RSAPublicKey | None = field(default=None, repr=False)
    permitted: bool = True

    def __post_init__(self) -> None:
        if not FORMAT.fullmatch(self.name):
            raise UsageError("an API key must have 64 letters and digits")

    @property
    def kind(self) -> SignatureKind:
        """How the key signs."""
        if self.public is None:
            return SignatureKind.HMAC
        return SignatureKind.ED25519 if hasattr(self.public, "public_bytes_raw") else SignatureKind.RSA

    def verify(self, payload: str, signature: str) -> bool:
        """Tell whether a signature is right: hexadecimal in either case for HMAC, base64 for the others."""
        message = payload.encode("utf-8", "surrogateescape")
        if self.public is None:
            expected = hmac.new(self.secret or b"", message, hashlib.sha256).hexdigest()
            return hmac.compare_digest(expected.encode(), signature.lower().encode())
        return _verify(self.public, message, signature)


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeUpKey:
    """An API key that nobody was given, and its HMAC secret."""

    name: str = field(repr=False)
    secret: str = field(repr=False)


def hmac_key(name: str, secret: str, *, permitted: bool = True) -> ApiKey:
    """Make a key that signs with HMAC-SHA256."""
    return ApiKey(name=name, secret=secret.encode(), permitted=permitted)


def public_key(name: str, pem: bytes, *, permitted: bool = True) -> ApiKey:
    """Make a key from the PEM public key of an Ed25519 or RSA pair; UsageError where it is another or none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        public = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError("not a public key in PEM") from error
    if not isinstance(public, Ed25519PublicKey | RSAPublicKey):
        raise UsageError("the public key is neither Ed25519 nor RSA")
    return ApiKey(name=name, public=public, permitted=permitted)


def made_up() -> MadeUpKey:
    """Make up a key and its HMAC secret."""
    return MadeUpKey(name=_random_text(), secret=_random_text())


def _random_text() -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(_LENGTH))


def _verify(public: Ed25519PublicKey | RSAPublicKey, message: bytes, signature: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        raw = base64.b64decode(signature, validate=True)
        if isinstance(public, RSAPublicKey):
            public.verify(raw, message, PKCS1v15(), SHA256())
        else:
            public.verify(raw, message)
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True
