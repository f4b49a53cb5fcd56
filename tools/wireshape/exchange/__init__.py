"""A loopback exchange: the endpoints of the catalogue on 127.0.0.1, with the checks, limits and faults of the real one.

with exchange.running(exchange.Settings(mode="multi-assets.hedge", faults=("429x2",))) as server:
    ...  # server.rest, server.ws, server.made_up, server.requests
"""

from __future__ import annotations

from wireshape.exchange.account import MockAccount
from wireshape.exchange.account_kinds import Account, choose
from wireshape.exchange.api_keys import ApiKey, MadeUpKey, hmac_key, made_up, public_key
from wireshape.exchange.runner import RunningExchange, running
from wireshape.exchange.settings import RequestRecord, Settings

__all__ = [
    "Account",
    "ApiKey",
    "MadeUpKey",
    "MockAccount",
    "RequestRecord",
    "RunningExchange",
    "Settings",
    "choose",
    "hmac_key",
    "made_up",
    "public_key",
    "running",
]
