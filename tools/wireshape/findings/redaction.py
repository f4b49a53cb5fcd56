"""Keeps secrets and control characters out of everything that is printed."""

from __future__ import annotations

import re

MASK = "<redacted>"

_IDENTITIES = r"(?:sub[-_]?)?account[-_]?(?:alias|id|name)|sub[-_]?account|e[-_]?mail|user[-_]?id|\buid"
_SECRETS = r"api[-_]?key|secret(?:[-_]?key)?|signature|listen[-_]?key|pass(?:word|phrase|wd)|private[-_]?key"
_TOKENS = r"(?:access|api|auth|bearer|csrf|id|logon|refresh|secret|session)[-_]?token"
_NAMED = re.compile(
    rf"""(?ix) ((?:{_SECRETS}|{_TOKENS}|{_IDENTITIES}) \\* ["']? \s* [=:] \s*)
    (\\* " [^"\n]* "? | \\* ' [^'\n]* '? | [^\s&"',;}}<\\]+)"""
)
_QUOTE = re.compile(r"\\*[\"']")
_COOKIE = re.compile(r"(?i)(\b(?:set-)?cookie[\"']?\s*:\s*+[\"']?+)[^\"'\n<][^\"'\n]*")
_SECRET_FIELD = re.compile(rf"(?i){_SECRETS}|{_IDENTITIES}|token|cookie")
# API keys, listen keys and HMAC signatures have 64 characters, Ed25519 signatures 88, RSA signatures 344.
# No field name, symbol, amount or UUID comes near 40.
_LONG = re.compile(r"[A-Za-z0-9+/=_%-]{40,}")
_AMOUNT = re.compile(r"[-+]?[0-9]+(?:E[-+]?[0-9]+)?")
_IPV4 = re.compile(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b")
_IPV6 = re.compile(r"(?<![0-9A-Za-z_])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z_])")
_NO_ADDRESS = "::"
# A login before a host, an e-mail address (its @ may be percent-encoded), a JWT, and what follows `Bearer`.
_PERSONAL = re.compile(
    r"""(?x) (?<=://) [^\s/@:"'<]* : [^\s/@"'<]+ (?=@)
    | (?<![\w.+-]) [\w.+-]+ (?:@|%40) [A-Za-z0-9-]+ (?:\.[A-Za-z0-9-]+)* \.[A-Za-z]{2,}
    | \beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?
    | (?<=\bBearer\ )[\w.~+/=-]{8,}"""
)
_WORDS = re.compile(r"(?:[A-Za-z]{0,24}[0-9]{0,4}[/_=%+-]+)+[A-Za-z]{0,24}[0-9]{0,4}")


def text(line: str) -> str:
    """Mask secrets and addresses in a line that holds words of an input, to be printed."""
    return mask(printable(line))


def mask(words: str) -> str:
    """Mask keys, signatures, logins and addresses, of machines and of people, and nothing else."""
    masked = _COOKIE.sub(rf"\1{MASK}", _NAMED.sub(_value, words))
    if "@" in masked or "%40" in masked or "eyJ" in masked or "Bearer" in masked:
        masked = _PERSONAL.sub(MASK, masked)
    masked = _LONG.sub(_unless_harmless, masked)
    return _IPV6.sub(_if_address, _IPV4.sub(MASK, masked))


def name(file: str) -> str:
    """Mask secrets in a file name only where it names them: a hash for a name is no secret."""
    return printable(_NAMED.sub(_value, file))


def is_secret_field(field: str) -> bool:
    """Tell whether a field by its name holds a secret or says whose account it is, however short."""
    return bool(_SECRET_FIELD.search(field))


def printable(line: str) -> str:
    """Write control characters as escapes, so that no input moves the cursor or gives a workflow a command."""
    if not line.isprintable():
        line = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)
    line = line.replace("##[", r"#\x23[")
    head = line.lstrip()
    return rf"{line.removesuffix(head)}\x3a{head[1:]}" if head.startswith("::") else line


def _value(match: re.Match[str]) -> str:
    """Mask a value; what quotes it stays."""
    name, value = match.groups()
    quote = _QUOTE.match(value)
    if not quote:
        return f"{name}{MASK}"
    closed = value.endswith(quote[0]) and len(value) >= 2 * len(quote[0])
    return f"{name}{quote[0]}{MASK}{quote[0] if closed else ''}"


def _unless_harmless(match: re.Match[str]) -> str:
    """Long digits are an amount, words joined by slashes and hyphens the address of a page."""
    return match[0] if _AMOUNT.fullmatch(match[0]) or _WORDS.fullmatch(match[0]) else MASK


def _if_address(match: re.Match[str]) -> str:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(match[0])
    except AddressValueError:
        return match[0]
    return match[0] if match[0] == _NO_ADDRESS else MASK
