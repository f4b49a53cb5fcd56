"""`wireshape endpoints` and `wireshape schema`."""

from __future__ import annotations

import click

from wireshape.cli import options
from wireshape.cli.output import show, width


@click.command(cls=options.Command, examples=[""])
def endpoints() -> None:
    """List the endpoints and modes that have a contract."""
    from wireshape.catalog import endpoints
    from wireshape.cli import listings

    show(listings.endpoints(endpoints.load(), width()))


@click.command(cls=options.Command, examples=["{endpoint}/{mode}"])
@click.argument("contract", metavar="ENDPOINT/MODE")
def schema(*, contract: str) -> None:
    """Print one contract as a single JSON Schema without references."""
    import orjson

    from wireshape.catalog import contracts, endpoints

    endpoint, _, mode = contract.partition("/")
    show(
        orjson.dumps(contracts.standalone(endpoints.load(), endpoint, mode), option=orjson.OPT_INDENT_2).decode() + "\n"
    )
