"""Finds addresses of the Internet Protocol that are somebody's, and leaves versions, times and slices alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from wireshape.scan.detectors.table import Hit, load

# From the first point on, for there are fewer points than digits in what is scanned.
_MIDDLE = re.compile(rb"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![\w-]|\.[0-9])")
_FIRST = re.compile(rb"(?<![\w.%-])[0-9]{1,3}\Z")
# Shorter than fe80::1 is a slice of an array, or a name with its scope.
_COLONS = re.compile(rb":[0-9A-Fa-f]{0,4}+:(?:[0-9A-Fa-f]{0,4}+:)*+")
_IPV6 = re.compile(
    rb"(?<![\w:.])(?=[0-9A-Fa-f:]{7})(?=[A-Fa-f:]*[0-9])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:]|\.\w)"
)
_LONGEST_GROUP = 4
_MAX_COLONS_BYTES = 7 * (_LONGEST_GROUP + 1)
_HARDWARE = re.compile(rb"(?:[0-9A-Fa-f]{2}:){5,7}[0-9A-Fa-f]{2}")

_LOOK_BACK_BYTES = 256
_VERSION = re.compile(
    rb"(?i)(?:[=<>~!^]=|[~^]|(?:\bv|version|\bver|\bvers|versions|release|build|revision|section|chapter|\brfc|netmask"
    rb"|firmware|kernel|driver|sdk|oid|objectidentifier|\xa7|\bsec[0-9]?|\bfips|\bsp ?800[-\w ]{0,9},|annex|clause"
    rb"|figure|table)"
    rb"(?:[\s:=\"'\\(<>]|is|\bof\b){0,30}(?:[0-9][0-9.]*(?:[, -]|and|or|to){1,6}){0,5}|^#{1,6} )\Z"
)
# A table with a heading for versions.
_TABLE = re.compile(rb"(?i)version *\|[^\n]*\n *\|[ :|-]+\|[ \t]*\n(?: *\|[^\n]*\n)*? *\|[^\n]*\Z")
# A number of a section before its title.
_TITLE = re.compile(rb"[ \t]+[A-Z][a-z]")
_SMALL = re.compile(rb"[0-9]{1,2}(?:\.[0-9]{1,2}){3}")
_AGENTS = (b"mozilla/", b"user-agent", b"useragent", b"sec-ch-ua")
# A name before a slash: one of a host has a point, a port or a number behind it; one of a program has a version.
_BEHIND_NAME = re.compile(rb"(?i)([a-z0-9][a-z0-9._-]{0,80})/\Z")
_PROGRAM = re.compile(
    rb"(?i)chrom|safari|firefox|edg|opr|opera|vivaldi|electron|webkit|gecko|version|mobile|curl|wget|okhttp|java|python"
    rb"|client|sdk|agent|lib|connector|driver|bot|app"
)
_RELEASE = re.compile(rb"(?:.*\.)?[0-5](?:\..*)?|.*\.0")


def addresses(data: bytes) -> Iterator[Hit]:
    """Yield addresses of hosts that are on the Internet."""
    for match in _MIDDLE.finditer(data):
        if first := _FIRST.search(data[max(match.start() - 4, 0) : match.start()]):
            start = match.start() - len(first[0])
            yield from _hit(data, start, match.end())
    for match in _COLONS.finditer(data):
        if match.end() - match.start() > _MAX_COLONS_BYTES:
            continue
        found = _IPV6.search(data, max(match.start() - _LONGEST_GROUP, 0), match.end() + _LONGEST_GROUP + 1)
        if found and not _HARDWARE.fullmatch(found[0]):
            yield from _hit(data, found.start(), found.end())


def _hit(data: bytes, start: int, end: int) -> Iterator[Hit]:
    address = _address(data[start:end])
    network = data[start:end].endswith(b".0.0")
    if address and not network and not is_nobodys(address) and not _is_version(data, start, end):
        yield Hit(rule="identity-found", kind=f"IPv{address.version} address", start=start, value=data[start:end])


def _address(text: bytes) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.decode("ascii"))
    except ValueError:
        return None


def is_nobodys(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address leads to nobody; one of version 6 that stands for another is judged as that."""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    return any(address in network for network in load().nobody if network.version == address.version)


def _is_version(data: bytes, start: int, end: int) -> bool:
    before = data[max(start - _LOOK_BACK_BYTES, 0) : start]
    if b"|" in before and _TABLE.search(before):
        return True
    before = before[before.rfind(b"\n") + 1 :]
    if _VERSION.search(before[-40:]) or (
        not before.strip() and _SMALL.fullmatch(data[start:end]) and _TITLE.match(data, end)
    ):
        return True
    name = _BEHIND_NAME.search(before)
    if not name:
        return _is_of_agent(before)
    if data[end : end + 1] == b"/" or _is_of_agent(before):
        return True
    if data[end : end + 1] == b":" or b"." in name[1] or name[1].lower() in {b"localhost", b"host"}:
        return False
    return _PROGRAM.search(name[1]) is not None or _RELEASE.fullmatch(data[start:end]) is not None


def _is_of_agent(line: bytes) -> bool:
    lowered = line.lower()
    return any(agent in lowered for agent in _AGENTS)
