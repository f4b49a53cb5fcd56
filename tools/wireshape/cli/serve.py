"""`wireshape serve`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from wireshape import bounded_read
from wireshape.cli import options
from wireshape.cli.output import show
from wireshape.errors import InputError, UsageError

if TYPE_CHECKING:
    from wireshape.exchange import ApiKey, RequestRecord


_MAX_KEY_BYTES = 1 << 16


class _Serve(options.Command):
    """Shows accounts, faults and drifts below the options; their tables are read when the help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wireshape.exchange import account_kinds, faults, mutations

        with formatter.section("Accounts"):
            formatter.write_dl([(kind.name, kind.description) for kind in account_kinds.KINDS.values()])
            formatter.write_dl([("FILE", "answers what a cassette, HAR file, NDJSON or bare body of yours holds")])
        kinds = faults.kinds().values()
        with formatter.section("Faults (NAME[:VALUE][xTIMES][@ID], ID being part of an endpoint's id)"):
            formatter.write_dl([(kind.form, kind.description) for kind in kinds if kind.name != kind.error])
        with formatter.section("Faults that are errors of the exchange (a code stands for its first NAME)"):
            formatter.write_dl([(kind.form, kind.description) for kind in kinds if kind.name == kind.error])
        with formatter.section("Drifts, of every account answer"):
            formatter.write_dl([(kind.form, kind.description) for kind in mutations.KINDS.values()])
        super().format_epilog(ctx, formatter)


@click.command(
    cls=_Serve,
    short_help="Run a loopback exchange to test a client against.",
    examples=[
        "--mode {mode}",
        "--account flat --fault -1021",
        "--fault 429x2 --fault late:5@usdm.rest",
        "--drift 'drop:positions[].leverage'",
    ],
)
@options.several(
    click.option(
        "--port",
        type=options.WholeNumber(0, 65535),
        metavar="PORT",
        default=8765,
        show_default=True,
        help="The port; 0 for any that is free.",
    ),
    click.option(
        "--account",
        metavar="KIND|FILE",
        default="open-positions",
        show_default=True,
        help="The account, or a file with recorded answers (listed below).",
    ),
    click.option(
        "--mode",
        metavar="MODE",
        help="The mode of the account. By default single-asset.one-way, or that of the file.",
    ),
    click.option("--fault", "faults", metavar="NAME", multiple=True, help="Inject a fault (listed below); repeatable."),
    click.option(
        "--drift", "drifts", metavar="CHANGE", multiple=True, help="Change account answers (listed below); repeatable."
    ),
    click.option(
        "--hmac", metavar="KEY:SECRET", multiple=True, help="Accept this key, which signs with HMAC-SHA256; repeatable."
    ),
    click.option(
        "--public-key",
        metavar="KEY:FILE",
        multiple=True,
        help="Accept this key, with its Ed25519 or RSA public key in PEM; repeatable.",
    ),
    click.option(
        "--limit",
        type=options.WholeNumber(1),
        metavar="WEIGHT",
        help="The weight per minute, instead of the documented one.",
    ),
)
def serve(
    *,
    port: int,
    account: str,
    mode: str | None,
    faults: tuple[str, ...],
    drifts: tuple[str, ...],
    hmac: tuple[str, ...],
    public_key: tuple[str, ...],
    limit: int | None,
) -> None:
    """Run an exchange on 127.0.0.1 with every endpoint of the catalogue and made-up amounts.

    It checks keys, signatures and clocks, counts request weights, and injects the faults it is told. It answers what
    clients ask when they start as well (ping, time, exchangeInfo), so that they need only another base URL. Without a
    key of yours it makes one up and prints it. It needs aiohttp: pip install 'wireshape[serve]'
    """
    from wireshape import exchange

    chosen = exchange.choose(account, mode)
    settings = exchange.Settings(
        mode=chosen.mode,
        account=chosen.account,
        keys=(*map(_hmac, hmac), *map(_public, public_key)),
        faults=faults,
        drifts=drifts,
        port=port,
        limit=limit,
        watch=_line,
    )
    over = threading.Event()
    with exchange.running(settings) as served:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        show(f"REST {served.rest}, WebSocket API {served.ws}, mode {settings.mode}, account {account}\n")
        if chosen.endpoints:
            show(f"answers of {', '.join(chosen.endpoints)}, and of endpoints that mirror these\n")
        if served.made_up:
            show(f"key    {served.made_up.name}\nsecret {served.made_up.secret}\n")
        # Not without a timeout: on Windows, a wait without one hears of no signal.
        while not over.wait(0.5):
            pass


def _line(request: RequestRecord) -> None:
    code = "" if request.code is None else f" {request.code}"
    show(f"{request.status}{code} {request.operation or request.id}, weight {request.weight}\n")


class _Pair(NamedTuple):
    key: str
    value: str


def _pair(text: str, option: str, expected: str) -> _Pair:
    key, _, value = text.partition(":")
    if not value:
        raise UsageError(f"{option}: expected {expected}")
    return _Pair(key, value)


def _hmac(text: str) -> ApiKey:
    from wireshape.exchange import hmac_key

    return hmac_key(*_pair(text, "--hmac", "KEY:SECRET"))


def _public(text: str) -> ApiKey:
    from wireshape.exchange import public_key

    pair = _pair(text, "--public-key", "KEY:FILE")
    try:
        return public_key(pair.key, bounded_read.read(Path(pair.value), _MAX_KEY_BYTES))
    except InputError as error:
        raise UsageError(f"--public-key: {pair.value}: {error}") from None
    except ImportError as error:
        raise UsageError("--public-key needs cryptography: pip install 'wireshape[serve]'") from error
