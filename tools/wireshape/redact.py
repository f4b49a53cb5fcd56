"""Keeps secrets out of everything that is printed: what looks like a key or a signature is masked."""

from __future__ import annotations

import re

MASK = "<redacted>"

_NAMES = r"x-mbx-apikey|api[-_]?key|secret(?:[-_]?key)?|signature|listen[-_]?key"
_NAMED = re.compile(rf"""(?i)((?:{_NAMES})["']?\s*[=:]\s*["']?)[^\s&"',;}}<]+""")
# API keys, listen keys and HMAC signatures have 64 characters, Ed25519 signatures 88, RSA signatures 344.
# No field name, symbol, amount or UUID comes near 40; file names may, but not without a break.
_LONG = re.compile(r"[A-Za-z0-9]{40,}")
_LONG_VALUE = re.compile(r"[A-Za-z0-9+/=_%-]{40,}")
_NUMBER = re.compile(r"-?[0-9]+")
_IP = re.compile(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b")


def text(line: str) -> str:
    """Mask secrets in a line of prose, a path or a file name."""
    return _IP.sub(MASK, _LONG.sub(_unless_number, _NAMED.sub(rf"\1{MASK}", line)))


def value(literal: str) -> str:
    """Mask secrets in a literal taken from a body, where a slash may belong to a base64 signature."""
    return text(_LONG_VALUE.sub(_unless_number, literal))


def _unless_number(match: re.Match[str]) -> str:
    return match[0] if _NUMBER.fullmatch(match[0]) else MASK
