"""What the commands share that ask the exchange itself."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from wireshape.errors import UsageError

if TYPE_CHECKING:
    from wireshape.catalog.endpoints import Catalog
    from wireshape.live.collector import LiveRun
    from wireshape.model import Endpoint

TIMEOUT = click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=300),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one live answer may take; all tries together three times that.",
)
LIVE_HELP = "Ask the exchange: production, testnet, demo or custom; with keys from the environment."


def run_live(names: Iterable[str], catalog: Catalog, endpoint: Endpoint | None, timeout: float) -> LiveRun:
    """Ask the environments of these names; UsageError where the extra is not installed, or no key is set."""
    missing = [library for library in ("cryptography", "httpx", "websockets") if find_spec(library) is None]
    if missing:
        raise UsageError(f"to ask the exchange takes {', '.join(missing)}: pip install 'wireshape[live]'")
    from wireshape.live.retry import Timeouts
    from wireshape.live.run import collect

    timeouts = Timeouts(connect=min(timeout, 10.0), response=timeout, total=timeout * 3)
    return collect(names, catalog, os.environ, endpoint=endpoint, timeouts=timeouts)
