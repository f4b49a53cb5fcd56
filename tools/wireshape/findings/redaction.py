"""Keeps secrets and control characters out of everything that is printed."""

from __future__ import annotations

import re

MASK = "<redacted>"

_NAMES = r"x-mbx-apikey|api[-_]?key|secret(?:[-_]?key)?|signature|listen[-_]?key|account[-_]?alias"
_NAMES += r"|pass(?:word|phrase)|private[-_]?key"
_NAMED = re.compile(rf"""(?i)((?:{_NAMES})["']?\s*[=:]\s*["']?)[^\s&"',;}}<]+""")
_SECRET_FIELD = re.compile(rf"(?i)(?:{_NAMES}|token)")
# API keys, listen keys and HMAC signatures have 64 characters, Ed25519 signatures 88, RSA signatures 344.
# No field name, symbol, amount or UUID comes near 40.
_LONG = re.compile(r"[A-Za-z0-9+/=_%-]{40,}")
_AMOUNT = re.compile(r"[-+]?[0-9]+(?:E[-+]?[0-9]+)?")
_IPV4 = re.compile(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b")
_IPV6 = re.compile(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}")
_WORDS = re.compile(r"(?:[A-Za-z]{0,24}[0-9]{0,4}[/_=%+-]+)+[A-Za-z]{0,24}[0-9]{0,4}")


def text(line: str) -> str:
    """Mask keys, signatures and addresses in a line that holds words of an input, to be printed."""
    return mask(printable(line))


def mask(words: str) -> str:
    """Mask keys, signatures and addresses, and nothing else."""
    masked = _LONG.sub(_unless_harmless, _NAMED.sub(rf"\1{MASK}", words))
    return _IPV6.sub(_if_address, _IPV4.sub(MASK, masked))


def name(file: str) -> str:
    """Mask secrets in a file name only where it names them: a hash for a name is no secret."""
    return printable(_NAMED.sub(rf"\1{MASK}", file))


def is_secret_field(field: str) -> bool:
    """Tell whether a field by its name holds a secret, however short."""
    return bool(_SECRET_FIELD.fullmatch(field))


def printable(line: str) -> str:
    """Write control characters as escapes, so that no input moves the cursor."""
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)


def _unless_harmless(match: re.Match[str]) -> str:
    """Long digits are an amount, words joined by slashes and hyphens the address of a page."""
    return match[0] if _AMOUNT.fullmatch(match[0]) or _WORDS.fullmatch(match[0]) else MASK


def _if_address(match: re.Match[str]) -> str:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(match[0])
    except AddressValueError:
        return match[0]
    return MASK
