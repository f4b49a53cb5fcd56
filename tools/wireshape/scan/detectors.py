"""What a leak can be: the rows of detectors.toml, and how each is found in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

from wireshape.scan.decoders import RUN, readable

Found = tuple[str, str, int, str]
"""Rule, kind, where the value begins, and the value."""

_KEY = re.compile(rb"(?<![A-Za-z0-9])(?<!sha(?:256|384|512)-)[A-Za-z0-9]{64}(?![A-Za-z0-9=])")
_KEY_RUN = range(64, 129)
_MIXED = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"[0-9]"))
_RANDOM = re.compile(rb"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/=_%.-]{16,}")

_S = rb"\s{0,64}+"
_QUOTED = rb'"((?:[^"\\]|\\.)*+)'
_JSON = re.compile(rb'"' + _S + rb":" + _S + rb"\[?" + _S + _QUOTED)
_PAIR = re.compile(rb'"' + _S + rb"," + _S + rb'"value"' + _S + rb":" + _S + _QUOTED)
_PAIR_BEFORE = re.compile(
    rb'"value"' + _S + rb":" + _S + _QUOTED + rb'"' + _S + rb"," + _S + rb'"name"' + _S + rb':\s*"\Z'
)
_LINE = re.compile(rb":(?:[ \t]{0,64}+\r?\n[ \t]{0,64}+-)?[ \t]{0,64}+[\"']?([^\r\n\"'<]{1,4096})")
_PARAMETER = re.compile(rb"=([^\s\"'&<>;,\\]{1,4096})")
_LOOSE = re.compile(
    rb"\\?[\"']?" + _S + rb"[:=,]" + _S + rb"(?:-\s|\[)?" + _S + rb"b?\\?[\"']?([^\s\"'&,;<>{}\[\]()\\]{1,4096})"
)
_STANDARD = bytes.maketrans(b"-_", b"+/")
_NO_LETTER = re.compile(rb"[^A-Za-z0-9+/]")
_BEFORE_PARAMETER = b"?&\"' \n\t"
_LOOK_BACK = 1024

_IPV4 = re.compile(rb"(?<![\w.%-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])")
# Shorter than fe80::1 is a slice of an array, or a name with its scope.
_IPV6 = re.compile(
    rb"(?<![\w:.])(?=[0-9A-Fa-f:]{7})(?=[A-Fa-f:]*[0-9])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"
)
_VERSION = re.compile(rb"(?i)(?:[a-z0-9]/|[=<>~!]=|\bv|ver(?:sion)?s?[\s:=\"'\\]{0,30})\Z")
# RFC 5737, RFC 3849 and RFC 9637 for documentation; this host, all hosts and private networks are nobody's.
_NOBODY = [
    *map(ip_network, ("0.0.0.0/8", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")),
    *map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fe80::/10", "fc00::/7")),
    *map(ip_network, ("255.255.255.255/32", "::/127", "2001:db8::/32", "3fff::/20")),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kinds:
    """The rows of detectors.toml, ready to be looked for."""

    named: tuple[tuple[str, str, bool, tuple[re.Pattern[bytes], ...]], ...]
    patterns: tuple[tuple[str, str, re.Pattern[bytes]], ...]
    mask: re.Pattern[str]


@cache
def load() -> Kinds:
    """Read detectors.toml."""
    rows = tomllib.loads((Path(__file__).parent / "detectors.toml").read_text("utf-8"))
    return Kinds(
        named=tuple(
            (row["rule"], row["kind"], row.get("whole", False), tuple(re.compile(n.encode()) for n in row["names"]))
            for row in rows["named"]
        ),
        patterns=tuple((row["rule"], row["kind"], re.compile(row["pattern"].encode())) for row in rows["pattern"]),
        mask=re.compile("(?is)" + "|".join(f"(?:{mask})" for mask in rows["masks"])),
    )


def find(data: bytes) -> Iterator[Found]:
    """Yield everything in a text that looks like a leak, whatever secrets are known."""
    yield from _named(data)
    for rule, kind, pattern in load().patterns:
        for match in pattern.finditer(data):
            value = match[match.lastindex or 0]
            if not _is_mask(value):
                yield rule, kind, match.start(match.lastindex or 0), value.decode("latin-1")
    yield from _keys(data)
    yield from _addresses(data)


def _named(data: bytes) -> Iterator[Found]:
    # One search per name, each for letters as they are, is several times as fast as one for all in any case.
    lowered = data.lower()
    for rule, kind, whole, names in load().named:
        for match in chain.from_iterable(name.finditer(lowered) for name in names):
            value = _value(data, match, whole=whole)
            if value and not _is_mask(value[1]):
                yield rule, kind, value[0], value[1].decode("latin-1")


def _value(data: bytes, name: re.Match[bytes], *, whole: bool) -> tuple[int, bytes] | None:
    """Give where the value of a name begins, and the value; where anything could be meant, only if it looks random."""
    before, end = data[max(name.start() - 1, 0) : name.start()], name.end()
    for shape in (_JSON, _PAIR):
        if match := shape.match(data, end):
            return match.start(1), match[1]
    if before == b'"' and data[end : end + 1] == b'"':
        start = max(name.start() - _LOOK_BACK, 0)
        if match := _PAIR_BEFORE.search(data[start : name.start()]):
            return start + match.start(1), match[1]
    if (not before or before in _BEFORE_PARAMETER) and (match := _PARAMETER.match(data, end)):
        return match.start(1), match[1]
    starts = not before or before in b"\n\t '\""
    if starts and (match := _LINE.match(data, end)) and (whole or b" " not in match[1].strip()):
        return match.start(1), match[1].strip()
    match = _LOOSE.match(data, end)
    return (match.start(1), match[1]) if match and _RANDOM.fullmatch(match[1]) else None


def _is_mask(value: bytes) -> bool:
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), value.decode("utf-8", "replace"))
    text = unquote(text).strip(" \t'\"\\")
    return not text or load().mask.fullmatch(text) is not None


def _keys(data: bytes) -> Iterator[Found]:
    """Find API keys and listen keys: 64 letters and digits of all sorts, unlike a hash; no part of a longer blob."""
    import base64

    for run in RUN.finditer(data):
        if len(run[0]) not in _KEY_RUN:
            continue
        for match in _KEY.finditer(data, run.start(), run.end()):
            # A piece between two slashes of something packed is none either: what is in it is looked at by itself.
            letters = _NO_LETTER.sub(b"", run[0].translate(_STANDARD))
            texts = (match[0], letters[: len(letters) // 4 * 4])
            if all(sort.search(match[0]) for sort in _MIXED) and not any(readable(base64.b64decode(t)) for t in texts):
                yield "secret-pattern", "key of 64 characters", match.start(), match[0].decode()


def _addresses(data: bytes) -> Iterator[Found]:
    for shape in (_IPV4, _IPV6):
        for match in shape.finditer(data):
            if _VERSION.search(data[max(match.start() - 40, 0) : match.start()]):
                continue
            address = _address(match[0].decode())
            if address and not any(address in net for net in _NOBODY if net.version == address.version):
                yield "identity-found", f"IPv{address.version} address", match.start(), match[0].decode()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
