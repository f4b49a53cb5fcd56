"""Knows the secrets of an environment, and how each looks in the encodings that are plain to see."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from wireshape.scan import private_keys

_VALUES = re.compile(r"WIRESHAPE_(?:\w*_)?(?:KEY|SECRET|PASSPHRASE)")
_FILES = re.compile(r"WIRESHAPE_(?:\w*_)?PRIVATE_KEY_FILE")

MIN_SECRET_BYTES = 4
"""Shorter ones are in every file."""
MIN_ENCODED_BYTES = 8
"""Shorter ones, encoded, are in many."""
MIN_PART_BYTES = 16
"""So many bytes of a longer secret, one after the other, are told as a part of it."""

MAX_KEY_BYTES = 128
"""Longer ones are no keys of an account, and not looked for in parts."""

_HEXADECIMAL = re.compile(rb"[0-9a-f]{16,}|[0-9A-F]{16,}")
_PRIVATE_KEYS = (b"MII", b"MC4", b"MFE", b"MHc", b"MIG")
_SEPARATORS = b" \t\r\n.,;:'\"+|\\_/-"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Needle:
    """Bytes to look for, and how a secret was hidden that looks like this; `squeezed` in a text without separators.

    `lowered` in a text in small letters.
    """

    data: bytes
    how: str
    squeezed: bool = False
    lowered: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A variable whose private key could not be read, and why."""

    variable: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """The secret bytes of an environment, and the private keys that could not be read."""

    values: tuple[bytes, ...]
    unreadable: tuple[Unreadable, ...]


def of_variables(environment: Mapping[str, str]) -> list[bytes]:
    """Give the keys, secrets and passphrases that are set in an environment; no file is read."""
    return [os.fsencode(value) for name, value in environment.items() if value and _VALUES.fullmatch(name)]


def key_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the private key files that an environment names, by the variable."""
    return {name: path for name, path in environment.items() if path and _FILES.fullmatch(name)}


def of_environment(environment: Mapping[str, str]) -> Secrets:
    """Give the secrets that are set in an environment: keys, secrets, passphrases, and what private key files hold."""
    values = of_variables(environment)
    unreadable: list[Unreadable] = []
    for name, path in key_files(environment).items():
        passphrase = environment.get(name.removesuffix("PRIVATE_KEY_FILE") + "PASSPHRASE", "")
        try:
            values += private_keys.material(private_keys.read(path), os.fsencode(passphrase))
        except private_keys.UnreadableKeyError as error:
            unreadable.append(Unreadable(variable=name, reason=str(error)))
    return Secrets(values=tuple(dict.fromkeys(values)), unreadable=tuple(unreadable))


def needles(known: Iterable[bytes]) -> tuple[Needle, ...]:
    """Give every secret in the encodings that are plain to see, and its parts where it is long."""
    found: dict[tuple[bytes, bool, bool], Needle] = {}
    for secret in known:
        whole = secret.strip() or secret
        if len(whole) < MIN_SECRET_BYTES:
            continue
        # The lines of a private key have parts that its public key has too.
        lines = private_keys.bodies(whole) if whole.startswith(b"-----BEGIN") else ()
        for needle in chain(_encoded(whole), _pieces(whole), chain.from_iterable(map(_encoded, lines))):
            found.setdefault((needle.data, needle.squeezed, needle.lowered), needle)
    return tuple(found.values())


def squeezed(data: bytes) -> bytes:
    """Give a text without what a secret is split by."""
    return data.translate(None, _SEPARATORS)


def split(secret: bytes) -> re.Pattern[bytes]:
    """Give the pattern of a secret that has separators between its bytes."""
    between = rb"[%b]{0,16}" % re.escape(_SEPARATORS)
    return re.compile(between.join(re.escape(bytes((byte,))) for byte in secret))


def _encoded(raw: bytes) -> Iterator[Needle]:
    yield Needle(data=raw, how="")
    if _HEXADECIMAL.fullmatch(raw):
        yield Needle(data=raw.swapcase(), how="")
    if len(raw) < MIN_ENCODED_BYTES:
        return
    yield Needle(data=raw[::-1], how="reverse")
    for text in (raw.hex().encode(), raw.hex().upper().encode()):
        yield Needle(data=text, how="hexadecimal")
        yield Needle(data=text[::-1], how="reversed hexadecimal")
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        # The first and the last letter may hold bits of what stands around the secret.
        core = text[(0, 2, 3)[shift] : len(text) - (0, 3, 2)[(len(raw) + shift) % 3]]
        for letters in (core, core.translate(_URL_SAFE)):
            yield Needle(data=letters, how="base64")
            yield Needle(data=letters[::-1], how="reversed base64")
    # Where escapes of two kinds meet, undoing one may undo what only looks like the other.
    yield Needle(data=json.dumps(raw.decode("latin-1"))[1:-1].encode(), how="JSON string")
    yield Needle(data=quote(raw, safe="").encode(), how="percent-encoding")


def _pieces(raw: bytes) -> Iterator[Needle]:
    """Yield what tells a part of a key, and a key that is split; a private key has parts that others have too."""
    if not 2 * MIN_PART_BYTES <= len(raw) <= MAX_KEY_BYTES or not raw.isalnum() or raw.startswith(_PRIVATE_KEYS):
        return
    for start in range(0, len(raw) - MIN_PART_BYTES + 1, MIN_PART_BYTES):
        yield Needle(data=raw[start : start + MIN_PART_BYTES], how="part")
    yield Needle(data=raw, how="pieces", squeezed=True)
    yield Needle(data=raw.lower(), how="another case", lowered=True)
