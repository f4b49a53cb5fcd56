"""Where an environment of the exchange is: at the hosts of the catalogue, or at the caller's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from wireshape import resources
from wireshape.catalog import environments
from wireshape.catalog.environments import Hosts
from wireshape.catalog.operations import Transport
from wireshape.errors import UsageError, nearest

CUSTOM = "custom"
_LOOPBACK = "loopback"
_ORIGINS = ("production", "testnet", _LOOPBACK)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Schemes:
    secure: str
    plain: str


_SCHEMES = {
    Transport.REST: _Schemes(secure="https", plain="http"),
    Transport.WS: _Schemes(secure="wss", plain="ws"),
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Environment:
    """The hosts that requests go to; `origin` and `recorded_hosts` are what recordings state."""

    name: str
    origin: str
    hosts: Hosts
    recorded_hosts: Hosts

    def is_direct(self, product: str, transport: str) -> bool:
        """Tell whether the host is this machine: a proxy on the way to it would read the key."""
        return _is_loopback(urlsplit(self.hosts[product][transport]))


def load(name: str, env: Mapping[str, str], schemas: Path = resources.SCHEMAS) -> Environment:
    """Give the environment of that name; UsageError names the known ones, or the variable that is wrong."""
    known = environments.load(schemas)
    if name == CUSTOM:
        # The caller's own hosts are private: recordings state those of the exchange.
        return _custom(env, next(iter(known.values())).hosts)
    if name not in known:
        names = [*known, CUSTOM]
        raise UsageError(f"unknown environment {name!r}{nearest(name, names)}; known: {', '.join(names)}")
    row = known[name]
    return Environment(name=name, origin=row.origin, hosts=row.hosts, recorded_hosts=row.hosts)


def _custom(env: Mapping[str, str], exchange: Hosts) -> Environment:
    hosts: dict[str, dict[str, str]] = {}
    for product, urls in exchange.items():
        for transport in map(Transport, urls):
            name = _variable(product, transport)
            if env.get(name):
                hosts.setdefault(product, {})[transport] = _host(name, env[name], _SCHEMES[transport])
    if not hosts:
        names = [_variable(product, transport) for product, urls in exchange.items() for transport in urls]
        raise UsageError(f"the environment custom has no host: set one or more of {', '.join(names)}")
    for product, urls in hosts.items():
        if Transport.REST not in urls:
            raise UsageError(f"{_variable(product, Transport.REST)} is not set: time and mode are asked over REST")
    return Environment(name=CUSTOM, origin=_origin(env, hosts), hosts=hosts, recorded_hosts=exchange)


def _variable(product: str, transport: str) -> str:
    return f"WIRESHAPE_CUSTOM_{product}_{transport}".upper()


def _origin(env: Mapping[str, str], hosts: Hosts) -> str:
    if all(_is_loopback(urlsplit(url)) for urls in hosts.values() for url in urls.values()):
        return _LOOPBACK
    origin = env.get("WIRESHAPE_CUSTOM_ORIGIN", "")
    if origin not in _ORIGINS:
        raise UsageError(f"WIRESHAPE_CUSTOM_ORIGIN must be {' or '.join([', '.join(_ORIGINS[:-1]), _ORIGINS[-1]])}")
    return origin


def _host(name: str, url: str, schemes: _Schemes) -> str:
    """Read scheme, host and port of a variable; UsageError names the variable."""
    parts = _split(url)
    if parts is None or parts.scheme not in {schemes.secure, schemes.plain} or not parts.hostname:
        raise UsageError(f"{name} must have the form {schemes.secure}://host or {schemes.secure}://host:port")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise UsageError(f"{name} must be scheme and host only: the paths are those of the catalogue")
    if parts.scheme == schemes.plain and not _is_loopback(parts):
        raise UsageError(
            f"{name} must be {schemes.secure}: {schemes.plain} would send the key unencrypted, "
            "and is allowed for loopback addresses only"
        )
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
