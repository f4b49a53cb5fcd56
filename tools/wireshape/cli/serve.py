"""`wireshape serve`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wireshape.cli import options
from wireshape.cli.output import show
from wireshape.errors import UsageError

if TYPE_CHECKING:
    from wireshape.exchange import ApiKey, RequestRecord


class _Serve(click.Command):
    """Shows the faults and drifts below the options; their tables are read when the help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wireshape.exchange import faults, mutations

        del ctx
        with formatter.section(
            "Faults, written NAME[:VALUE][xTIMES][@WORDS of an id], such as 429x2 or late:5@usdm.rest"
        ):
            formatter.write_dl([(kind.form, kind.description) for kind in faults.KINDS.values()])
        with formatter.section("Drifts, of every account answer"):
            formatter.write_dl([(kind.form, kind.description) for kind in mutations.KINDS.values()])


@click.command(cls=_Serve, short_help="Run a loopback exchange to try a client against.")
@options.several(
    click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 is any free one."),
    click.option("--mode", default="single-asset.one-way", show_default=True, help="The mode of the account."),
    click.option("--fault", "faults", metavar="NAME", multiple=True, help="Go wrong in this way; repeatable."),
    click.option("--drift", "drifts", metavar="CHANGE", multiple=True, help="Change account answers; repeatable."),
    click.option("--hmac", metavar="KEY:SECRET", multiple=True, help="A key that signs with HMAC-SHA256; repeatable."),
    click.option(
        "--public-key", metavar="KEY:FILE", multiple=True, help="A key with its Ed25519 or RSA public key; repeatable."
    ),
    click.option("--limit", type=click.IntRange(1), help="The weight per minute, instead of the documented one."),
)
def serve(
    *,
    port: int,
    mode: str,
    faults: tuple[str, ...],
    drifts: tuple[str, ...],
    hmac: tuple[str, ...],
    public_key: tuple[str, ...],
    limit: int | None,
) -> None:
    """Run an exchange on 127.0.0.1: every endpoint of the catalogue, with made-up amounts.

    It checks keys, signatures and clocks, counts weights, and goes wrong as it is told. Without a key it makes one up.
    It needs the extra: pip install wireshape[serve]
    """
    from wireshape import exchange

    settings = exchange.Settings(
        mode=mode,
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
        show(f"REST {served.rest}, WebSocket API {served.ws}, mode {settings.mode}\n")
        if served.made_up:
            show(f"key    {served.made_up.name}\nsecret {served.made_up.secret}\n")
        # Not without a timeout: on Windows, a wait without one hears of no signal.
        while not over.wait(0.5):
            pass


def _line(asked: RequestRecord) -> None:
    code = "" if asked.code is None else f" {asked.code}"
    show(f"{asked.status}{code} {asked.id}, weight {asked.weight}\n")


def _pair(text: str, option: str) -> tuple[str, str]:
    name, colon, rest = text.partition(":")
    if not colon or not rest:
        raise UsageError(f"{option} takes a key, a colon and what belongs to it")
    return name, rest


def _hmac(text: str) -> ApiKey:
    from wireshape.exchange import hmac_key

    return hmac_key(*_pair(text, "--hmac"))


def _public(text: str) -> ApiKey:
    from wireshape.exchange import public_key

    name, file = _pair(text, "--public-key")
    try:
        return public_key(name, Path(file).read_bytes())
    except OSError as error:
        raise UsageError(f"--public-key: {file}: {error.strerror}") from error
    except ImportError as error:
        raise UsageError("a public key needs more: install wireshape[serve]") from error
