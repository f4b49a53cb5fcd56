"""Addresses of pages: which can be asked, and how they are written without the secrets in them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from wireshape.errors import InputError
from wireshape.findings import redaction
from wireshape.watch import manners

_SCHEMES = {"http", "https"}
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_WORD = re.compile(r"[a-z]+")
_RANDOM = re.compile(r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{20,}")
"""What looks drawn at random: letters and digits, and nothing between them."""
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")


def is_address(name: str) -> bool:
    """Tell whether a name is an address, and no file."""
    return bool(_HAS_SCHEME.match(name))


def require(address: str) -> str:
    """Give an address that can be asked, without its fragment; InputError for any other."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise InputError("not an address") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise InputError(f"only http and https are asked, and not {parts.scheme}")
    if not parts.hostname or any(each.isspace() or not each.isprintable() for each in address):
        raise InputError("not an address")
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))


def host(address: str) -> str:
    """Give scheme, host and port of an address, without a login."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def shown(address: str) -> str:
    """Write an address without login, tokens and keys: what is printed and stored."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return redaction.text(_CREDENTIALS.sub(f"{redaction.MASK}@", address))
    login, at, place = parts.netloc.rpartition("@")
    netloc = f"{redaction.MASK}@{place}" if at and login else place
    query = "&".join(map(_parameter, parts.query.split("&"))) if parts.query else ""
    return redaction.printable(urlunsplit((parts.scheme, netloc, _path(parts.path), query, "")))


def has_secret(address: str) -> bool:
    """Tell whether an address as it is written lacks what it takes to ask it."""
    return redaction.MASK in address


def is_local(address: str) -> bool:
    """Tell whether an address is on this machine, which no proxy stands before."""
    name = urlsplit(address).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _path(path: str) -> str:
    return "/".join(redaction.MASK if redaction.MASK in redaction.mask(part) else part for part in path.split("/"))


def _parameter(written: str) -> str:
    name, equals, value = written.partition("=")
    pairs = parse_qsl(written, keep_blank_values=True)
    plain = pairs[0][1] if pairs else value
    words = set(_WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", unquote(name)).lower()))
    is_secret = redaction.is_secret_field(unquote(name)) or words & manners.load().secret_words
    if not equals:
        return redaction.MASK if _is_random(name) else name
    return f"{name}={redaction.MASK}" if value and (is_secret or _is_random(plain)) else written


def _is_random(text: str) -> bool:
    return bool(_RANDOM.fullmatch(text)) or redaction.MASK in redaction.mask(text)
