"""A loopback exchange that plants canaries wherever an answer may carry one, and the command that asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import loopback
from wireshape import exchange
from wireshape.cli.main import cli

KEY, SECRET, LISTEN_KEY = "canaryK0" * 8, "canaryS0" * 8, "canaryL0" * 8
ADDRESS, COOKIE = "198.51.100.23", "canaryC0canaryC0"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A running exchange, the environment of a call that asks it, and what no output of the call may show."""

    server: exchange.RunningExchange
    env: dict[str, str]
    canaries: tuple[str, ...]


@contextmanager
def running(private_key: Path | None = None, **options: Any) -> Iterator[Target]:
    """Run an exchange; the account's key is an HMAC key, or the Ed25519 key that is written to a file."""
    planted = {"ip": ADDRESS, "listen_key": LISTEN_KEY, "headers": {"Set-Cookie": f"id={COOKIE}", "X-Ip": ADDRESS}}
    key, keys, secrets = exchange.hmac_key(KEY, SECRET), {"SECRET": SECRET}, [SECRET]
    if private_key:
        key = exchange.public_key(KEY, loopback.public_pem(loopback.ED25519))
        pem = loopback.pem(loopback.ED25519)
        private_key.write_text(pem, "ascii")
        private_key.chmod(0o600)
        keys, secrets = {"PRIVATE_KEY_FILE": str(private_key)}, pem.splitlines()[1:-1]
    settings = exchange.Settings(keys=(key,), **{**planted, **options})
    with exchange.running(settings) as server:
        hosts = {"REST": server.rest, "WS": server.ws}
        env = {f"WIRESHAPE_CUSTOM_{p}_{name}": url for p in ("USDM", "COINM") for name, url in hosts.items()}
        env |= {f"WIRESHAPE_CUSTOM_{name}": value for name, value in {"KEY": KEY, **keys}.items()}
        canaries = (KEY, LISTEN_KEY, ADDRESS, COOKIE, *secrets)
        yield Target(server=server, env={**env, "COLUMNS": "200"}, canaries=canaries)


def run(env: dict[str, str], *args: str) -> Result:
    """Run a live command; whatever comes of it, it is no exception."""
    result = CliRunner().invoke(cli, [args[0], "--live", "custom", *args[1:]], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def codes(result: Result) -> list[str]:
    """Give the codes of the problems in a JSON report."""
    return [problem["code"] for problem in json.loads(result.stdout)["problems"]]
