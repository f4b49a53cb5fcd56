"""The commands that say what wireshape knows: endpoints, contracts, rules."""

from __future__ import annotations

import click

from wireshape.cli.output import show, width


@click.command()
def endpoints() -> None:
    """List the endpoints and modes that have a contract."""
    from wireshape.catalog import endpoints
    from wireshape.cli import listings

    show(listings.endpoints(endpoints.load(), width()))


@click.command()
@click.argument("contract", metavar="ENDPOINT/MODE")
def schema(*, contract: str) -> None:
    """Print one contract as a single JSON Schema without references."""
    import orjson

    from wireshape.catalog import contracts, endpoints

    endpoint, _, mode = contract.partition("/")
    show(
        orjson.dumps(contracts.standalone(endpoints.load(), endpoint, mode), option=orjson.OPT_INDENT_2).decode() + "\n"
    )


@click.command()
def rules() -> None:
    """List the rules, with what each one means."""
    from wireshape.cli import listings
    from wireshape.findings import rules

    show(listings.rules(rules.load().values(), width()))


@click.command(short_help="Say why a rule matters, and what to do.")
@click.argument("rule")
def explain(*, rule: str) -> None:
    """Say why a rule matters, with an example before and after, and what to do."""
    from wireshape.cli import listings
    from wireshape.findings import rules

    show(listings.rule(rules.get(rule), width()))
