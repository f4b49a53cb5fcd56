"""API keys from the environment variables of an account; a key shows itself nowhere, neither by repr nor by error."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from wireshape.errors import UsageError
from wireshape.findings import secret_pieces
from wireshape.findings.redaction import MASK
from wireshape.live import signing
from wireshape.live.environments import Environment
from wireshape.live.signing import Signer

_MAX_FILE_BYTES = 1 << 16
_MIN_LENGTH = 16
_OTHER_USERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, kw_only=True, slots=True, repr=False, eq=False)
class Credentials:
    """An API key: what it signs with, and all secret bytes of it, which must never be found in an output."""

    api_key: str
    signer: Signer
    secrets: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Credentials({self.signer.kind}, {MASK})"

    def masked(self, text: str) -> str:
        """Mask this key and its pieces: a message or an answer of an exchange may repeat it."""
        return secret_pieces.mask(text, (secret.decode("utf-8", "replace") for secret in self.secrets))

    def query(self, parameters: Mapping[str, int]) -> str:
        """Give the query string of a signed REST request: the parameters as signed, the signature last."""
        query = urlencode(parameters)
        return f"{query}&signature={quote(self.signer.sign(query.encode()), safe='')}"

    def frame(self, parameters: Mapping[str, int]) -> dict[str, int | str]:
        """Give the parameters of a signed frame; signed is their `name=value`, sorted by name, not percent-encoded."""
        named: dict[str, int | str] = {**parameters, "apiKey": self.api_key}
        payload = "&".join(f"{name}={named[name]}" for name in sorted(named))
        return {**named, "signature": self.signer.sign(payload.encode())}


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveAccount:
    """One key of one environment; the label is what reports call the account."""

    environment: Environment
    label: str
    key: Credentials


def accounts(environment: Environment, env: Mapping[str, str]) -> list[LiveAccount]:
    """Read every account of an environment: WIRESHAPE_TESTNET_KEY, WIRESHAPE_TESTNET_2_KEY and so on.

    UsageError names the variable that is missing or wrong, never its value.
    """
    prefix = f"WIRESHAPE_{environment.name.upper()}"
    variable = re.compile(rf"{prefix}((?:_[0-9]+)?)_(?:KEY|SECRET|PRIVATE_KEY_FILE)")
    found = {match[1] for name, value in env.items() if value and (match := variable.fullmatch(name))}
    if not found:
        raise UsageError(f"no API key is set: set {prefix}_KEY, and {prefix}_SECRET or {prefix}_PRIVATE_KEY_FILE")
    return [
        LiveAccount(
            environment=environment,
            label=environment.name + suffix.replace("_", "-"),
            key=_key(prefix + suffix, env),
        )
        for suffix in sorted(found, key=lambda suffix: int(suffix[1:] or 1))
    ]


def _key(prefix: str, env: Mapping[str, str]) -> Credentials:
    name, secret, file = f"{prefix}_KEY", f"{prefix}_SECRET", f"{prefix}_PRIVATE_KEY_FILE"
    if not env.get(name):
        raise UsageError(f"{name} is not set, only its {'secret' if env.get(secret) else 'private key'} is")
    if env.get(secret) and env.get(file):
        raise UsageError(f"{secret} and {file} are both set: {name} needs one of them")
    api_key = _token(name, env)
    if env.get(secret):
        shared = _token(secret, env).encode()
        return Credentials(api_key=api_key, signer=signing.hmac_signer(shared), secrets=(api_key.encode(), shared))
    if not env.get(file):
        raise UsageError(f"neither {secret} nor {file} is set: {name} needs one of them")
    pem = _pem(file, env[file])
    passphrase = env.get(f"{prefix}_PASSPHRASE", "").encode("utf-8", "surrogateescape") or None
    if signing.is_encrypted(pem) and not passphrase:
        raise UsageError(f"{file}: the private key is encrypted, and {prefix}_PASSPHRASE is not set")
    signer = _private_signer(file, pem, passphrase)
    secrets = (api_key.encode(), *signing.secret_bytes(pem, passphrase), *([passphrase] if passphrase else []))
    return Credentials(api_key=api_key, signer=signer, secrets=secrets)


def _token(name: str, env: Mapping[str, str]) -> str:
    value = env[name]
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise UsageError(f"{name} contains a space or another character that no key has")
    if len(value) < _MIN_LENGTH:
        raise UsageError(f"{name} is too short: it has fewer than {_MIN_LENGTH} characters")
    return value


def _pem(name: str, path: str) -> bytes:
    """Read a private key file; the checks are on the file that was opened, not on one that may have been changed."""
    try:
        # A pipe would wait for its writer.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise UsageError(f"{name}: {getattr(error, 'strerror', None) or 'not a file name'}") from None
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{name} is not the path of a regular file")
        if os.name != "nt" and status.st_mode & _OTHER_USERS:
            raise UsageError(f"{name}: other users can read or write the file: run chmod 600 on it")
        pem = os.read(number, _MAX_FILE_BYTES + 1)
    finally:
        os.close(number)
    if len(pem) > _MAX_FILE_BYTES:
        raise UsageError(f"{name}: the file is too large for a private key")
    return pem


def _private_signer(name: str, pem: bytes, passphrase: bytes | None) -> Signer:
    try:
        return signing.private_signer(pem, passphrase)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
