"""Reads private key files, and gives all the secret bytes of a key that could turn up in a file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from wireshape import bounded_read
from wireshape.errors import InputError

MAX_KEY_FILE_BYTES = 1 << 16
MIN_NUMBER_BYTES = 24
"""Shorter numbers in a key are versions, exponents and names of algorithms."""

_BODY = re.compile(rb"-----BEGIN ([A-Z0-9 ]{0,60})-----\s(.*?)-----END", re.DOTALL)
_MIN_LINE_BYTES = 16
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
_MAX_DEPTH = 6
_LONG_LENGTH = 0x80
_MODULUS = 1  # in an RSA key, the second number, after the version: public


class UnreadableKeyError(Exception):
    """A private key file that cannot be read; says why, and nothing of what is in it."""


def read(path: str) -> bytes:
    """Read a private key file: a regular one, up to 64 KB."""
    try:
        return bounded_read.read(Path(path), MAX_KEY_FILE_BYTES)
    except InputError as error:
        raise UnreadableKeyError(str(error)) from None


def material(pem: bytes, passphrase: bytes = b"") -> list[bytes]:
    """Give the secret bytes of a key: the file, the key unpacked, and the numbers only its owner knows."""
    found = [pem.strip()]
    blocks = list(_BODY.finditer(pem))
    if not blocks:
        raise UnreadableKeyError("no PEM private key in the file")
    for block in blocks:
        if b"PRIVATE" not in block[1]:
            continue
        der = _opened(pem, passphrase) if b"ENCRYPTED" in block[0] else _decoded(block[2])
        found += [base64.b64encode(der), der, *_numbers(der)] if der[:1] == bytes((_SEQUENCE,)) else [der]
    return found


def bodies(pem: bytes) -> Iterator[bytes]:
    """Yield the base64 of a PEM key, whole and line by line: it may be wrapped anew, or not at all."""
    for block in _BODY.finditer(pem):
        lines = [line for line in block[2].split() if re.fullmatch(rb"[A-Za-z0-9+/=]+", line)]
        yield from (line for line in lines if len(line) >= _MIN_LINE_BYTES)
        yield b"".join(lines)


def _decoded(body: bytes) -> bytes:
    lines = [line for line in body.splitlines() if b":" not in line]
    try:
        return base64.b64decode(b"".join(lines), validate=False)
    except binascii.Error:
        raise UnreadableKeyError("no base64 in the PEM block") from None


def _opened(pem: bytes, passphrase: bytes) -> bytes:
    """Decrypt a key; that takes the package cryptography, and the passphrase."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
    except ImportError:
        raise UnreadableKeyError("encrypted; it takes the Python package cryptography to read it") from None
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnreadableKeyError("encrypted, and the passphrase is not set, or wrong") from None
    return key.private_bytes(serialization.Encoding.DER, form, plain)


def _numbers(der: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield the long numbers and byte strings of a key in DER, but for those that are public."""
    position, order = 0, 0
    while position + 2 <= len(der) and depth < _MAX_DEPTH:
        tag, length = der[position], der[position + 1]
        start = position + 2
        if length & _LONG_LENGTH:
            size = length & ~_LONG_LENGTH
            length, start = int.from_bytes(der[start : start + size], "big"), start + size
        content = der[start : start + length]
        if tag in (_SEQUENCE, _OCTETS):
            yield from _numbers(content, depth + 1)
        if len(content) >= MIN_NUMBER_BYTES and (tag == _OCTETS or (tag == _INTEGER and order != _MODULUS)):
            yield content.lstrip(b"\0")
        position, order = start + length, order + 1
