"""What the commands share that send requests to the exchange."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from wireshape.cli.options import Number
from wireshape.errors import UsageError

if TYPE_CHECKING:
    from wireshape.catalog.endpoints import Catalog
    from wireshape.live.collector import LiveRun
    from wireshape.model import Endpoint

TIMEOUT = click.option(
    "--timeout",
    type=Number(min=0.1, max=300),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one answer of the exchange may take; all retries together take three times that at most.",
)
LIVE_HELP = "Send requests to production, testnet, demo or custom, with keys from the environment; repeatable."


def run_live(names: Iterable[str], catalog: Catalog, endpoint: Endpoint | None, timeout: float) -> LiveRun:
    """Send requests to the environments of these names; UsageError where the extra is missing, or no key is set."""
    missing = [library for library in ("cryptography", "httpx", "websockets") if find_spec(library) is None]
    if missing:
        raise UsageError(f"--live needs {', '.join(missing)}: pip install 'wireshape[live]'")
    from wireshape.live.retry import Timeouts
    from wireshape.live.run import collect

    timeouts = Timeouts(connect=min(timeout, 10.0), response=timeout, total=timeout * 3)
    return collect(names, catalog, os.environ, endpoint=endpoint, timeouts=timeouts)
