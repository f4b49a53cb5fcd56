"""Where an environment of the exchange is: the hosts of the catalogue, or of the caller's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from wireshape import resources
from wireshape.catalog import environments
from wireshape.catalog.environments import Hosts
from wireshape.errors import UsageError

CUSTOM = "custom"
_ORIGINS = ("production", "testnet", "loopback")
_SCHEMES = {"rest": ("https", "http"), "ws": ("wss", "ws")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """Scheme and host by product and transport; what recordings name as origin, and as hosts."""

    name: str
    origin: str
    hosts: Hosts
    recorded: Hosts

    def is_direct(self, product: str, transport: str) -> bool:
        """Whether the host is this machine: a proxy on the way to it would read the key."""
        return _is_loopback(urlsplit(self.hosts[product][transport]))


def load(name: str, env: Mapping[str, str], schemas: Path = resources.SCHEMAS) -> Environment:
    """Give the environment of that name; UsageError names the known ones, or the variable that is wrong."""
    known = environments.load(schemas)
    if name == CUSTOM:
        # A host of one's own is nobody's business: its recordings name the exchange's.
        return _custom(env, next(iter(known.values())).hosts)
    if name not in known:
        raise UsageError(f"no environment {name!r}; known: {', '.join([*known, CUSTOM])}")
    row = known[name]
    return Environment(name=row.name, origin=row.origin, hosts=row.hosts, recorded=row.hosts)


def _custom(env: Mapping[str, str], exchange: Hosts) -> Environment:
    hosts: dict[str, dict[str, str]] = {}
    for product, transports in exchange.items():
        for transport in transports:
            name = f"WIRESHAPE_CUSTOM_{product}_{transport}".upper()
            if env.get(name):
                hosts.setdefault(product, {})[transport] = _host(name, env[name], _SCHEMES[transport])
    if not hosts:
        names = [f"WIRESHAPE_CUSTOM_{p}_{t}".upper() for p, transports in exchange.items() for t in transports]
        raise UsageError(f"no host: set one or more of {', '.join(names)}")
    for product, found in hosts.items():
        if "rest" not in found:
            raise UsageError(f"time and mode are asked over REST: set WIRESHAPE_CUSTOM_{product.upper()}_REST too")
    return Environment(name=CUSTOM, origin=_origin(env, hosts), hosts=hosts, recorded=exchange)


def _origin(env: Mapping[str, str], hosts: Hosts) -> str:
    if all(_is_loopback(urlsplit(url)) for found in hosts.values() for url in found.values()):
        return "loopback"
    stated = env.get("WIRESHAPE_CUSTOM_ORIGIN", "")
    if stated not in _ORIGINS:
        raise UsageError(f"whose answers are these? Set WIRESHAPE_CUSTOM_ORIGIN to one of {', '.join(_ORIGINS)}")
    return stated


def _host(name: str, url: str, schemes: tuple[str, str]) -> str:
    """Read scheme, host and port of a variable; UsageError names the variable."""
    secure, plain = schemes
    parts = _split(url)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        raise UsageError(f"{name} is not of the form {secure}://host or {secure}://host:port")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise UsageError(f"{name} must be scheme and host alone: paths are those of the catalogue")
    if parts.scheme == plain and not _is_loopback(parts):
        raise UsageError(f"{name} is {plain}, which would send the key in the clear; only loopback addresses may be")
    return f"{parts.scheme}://{parts.netloc}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if url.isascii() and url.isprintable() and " " not in url else None


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
