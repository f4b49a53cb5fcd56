"""Keys from the environment variables of an account; a key shows itself nowhere, neither by repr nor by error."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from wireshape.errors import UsageError
from wireshape.findings.redaction import MASK
from wireshape.live import signing

_LARGEST_FILE = 1 << 16
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SHORTEST = 16


@dataclass(frozen=True, kw_only=True, slots=True, repr=False, eq=False)
class Credentials:
    """An API key: what it signs with, and all secret bytes of it, which must never be found in an output."""

    api_key: str
    kind: str
    sign: Callable[[bytes], str]
    material: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Credentials({self.kind}, {MASK})"

    def masked(self, text: str) -> str:
        """Mask this key where a text has it as it is: what an exchange says may repeat it."""
        for secret in self.material:
            text = text.replace(secret.decode("utf-8", "replace"), MASK)
        return text

    def query(self, parameters: Mapping[str, int]) -> str:
        """Give the query string of a signed REST request: the parameters as signed, the signature last."""
        asked = urlencode(parameters)
        return f"{asked}&signature={quote(self.sign(asked.encode()), safe='')}"

    def frame(self, parameters: Mapping[str, int]) -> dict[str, int | str]:
        """Give the parameters of a signed frame; signed is their `name=value`, sorted by name, not percent-encoded."""
        asked: dict[str, int | str] = {**parameters, "apiKey": self.api_key}
        payload = "&".join(f"{name}={asked[name]}" for name in sorted(asked))
        return {**asked, "signature": self.sign(payload.encode())}


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveAccount:
    """One key of one environment; the label is what reports call it."""

    environment: str
    label: str
    key: Credentials


def accounts(environment: str, env: Mapping[str, str]) -> list[LiveAccount]:
    """Read every account of an environment: WIRESHAPE_TESTNET_KEY, WIRESHAPE_TESTNET_2_KEY and so on.

    UsageError names the variable that is missing or wrong, never its value.
    """
    start = f"WIRESHAPE_{environment.upper()}"
    named = re.compile(rf"{start}((?:_[0-9]+)?)_(?:KEY|SECRET|PRIVATE_KEY_FILE)")
    found = {match[1] for name, value in env.items() if value and (match := named.fullmatch(name))}
    if not found:
        raise UsageError(f"no key: set {start}_KEY, and {start}_SECRET or {start}_PRIVATE_KEY_FILE")
    numbers = sorted(found, key=lambda suffix: int(suffix[1:] or 1))
    return [
        LiveAccount(
            environment=environment, label=environment + suffix.replace("_", "-"), key=_key(start + suffix, env)
        )
        for suffix in numbers
    ]


def _key(start: str, env: Mapping[str, str]) -> Credentials:
    named, secret, file = f"{start}_KEY", f"{start}_SECRET", f"{start}_PRIVATE_KEY_FILE"
    if not env.get(named):
        raise UsageError(f"half a key: {named} is not set")
    if bool(env.get(secret)) == bool(env.get(file)):
        which = "both are" if env.get(secret) else "neither is"
        raise UsageError(f"{which} set: {named} needs either {secret} or {file}")
    api_key = _word(named, env)
    if env.get(secret):
        shared = _word(secret, env).encode()
        sign = signing.hmac_signer(shared)
        return Credentials(api_key=api_key, kind="hmac", sign=sign, material=(api_key.encode(), shared))
    passphrase = env.get(f"{start}_PASSPHRASE", "").encode("utf-8", "surrogateescape")
    pem = _pem(file, env[file])
    kind, sign = _loaded(file, pem, passphrase)
    material = (api_key.encode(), *signing.material(pem, passphrase or None), *filter(None, [passphrase]))
    return Credentials(api_key=api_key, kind=kind, sign=sign, material=material)


def _word(name: str, env: Mapping[str, str]) -> str:
    value = env[name]
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise UsageError(f"{name} holds a blank or a character that no key has")
    if len(value) < _SHORTEST:
        raise UsageError(f"{name} is too short, with fewer than {_SHORTEST} characters")
    return value


def _pem(name: str, path: str) -> bytes:
    """Read a private key file; the checks are on the file that was opened, not on one that may have been changed."""
    try:
        # A pipe would wait for its writer.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise UsageError(f"{name}: {getattr(error, 'strerror', None) or 'no file name'}") from None
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{name} names no regular file")
        if os.name != "nt" and status.st_mode & _OTHERS:
            raise UsageError(f"{name}: others can read or write the file; take that from them with chmod 600")
        pem = os.read(number, _LARGEST_FILE + 1)
    finally:
        os.close(number)
    if len(pem) > _LARGEST_FILE:
        raise UsageError(f"{name}: the file is too large for a key")
    return pem


def _loaded(name: str, pem: bytes, passphrase: bytes) -> tuple[str, signing.Signer]:
    try:
        return signing.private_signer(pem, passphrase or None)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
