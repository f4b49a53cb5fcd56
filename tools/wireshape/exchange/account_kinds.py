"""The accounts that `serve --account` can be told, one row each, or a file of recorded answers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Protocol

from wireshape.catalog import endpoints
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import UsageError, nearest
from wireshape.exchange.account import MockAccount
from wireshape.exchange.recorded_account import read
from wireshape.model import Endpoint, Mode

Json = dict[str, Any]


class Account(Protocol):
    """What an exchange answers from."""

    def payload(self, catalog: Catalog, endpoint: Endpoint, mode: Mode) -> Json:
        """Give the answer of one endpoint in a mode, without an envelope; NotRecorded where the account has none."""
        ...

    def whole(self, product: str, mode: Mode) -> Json:
        """Give an object with the assets and positions of a product, which its list of symbols is made of."""
        ...

    def config(self, product: str, mode: Mode) -> Json:
        """Give the settings and the mode of the account."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountKind:
    """One row: the name of an account, what it is, and the account."""

    name: str
    description: str
    account: MockAccount


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """An account and the mode it is in; `endpoints` are those that a recorded account has answers of."""

    account: Account
    mode: str
    endpoints: tuple[str, ...] = ()


DEFAULT_MODE = "single-asset.one-way"
_ROWS = (
    AccountKind(name="open-positions", description="has open positions and an order", account=MockAccount()),
    AccountKind(name="flat", description="has balances, and no position and no order", account=MockAccount(flat=True)),
    AccountKind(
        name="many-symbols",
        description="has open positions in a market of 700 more symbols",
        account=MockAccount(symbols=700),
    ),
    AccountKind(
        name="inactive",
        description="was never activated: it may not trade, has nothing, and answers empty totals",
        account=MockAccount(inactive=True),
    ),
)
KINDS = {row.name: row for row in _ROWS}


def choose(name: str, mode: str | None) -> Chosen:
    """Give the account of a name or file, in a mode or in that of the file.

    UsageError where there is neither or the file has no answer of the mode, InputError where it cannot be read.
    """
    if name in KINDS:
        return Chosen(account=KINDS[name].account, mode=mode or DEFAULT_MODE)
    if not os.path.lexists(name):
        known = ", ".join(KINDS)
        raise UsageError(f"unknown account {name!r}{nearest(name, KINDS)}; known: {known}, or a file of yours")
    account = read(name, mode, endpoints.load())
    return Chosen(account=account, mode=account.mode, endpoints=account.endpoints)
