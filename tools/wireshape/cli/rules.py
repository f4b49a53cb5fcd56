"""The commands that say what wireshape knows: endpoints, contracts, rules."""

from __future__ import annotations

import click

from wireshape.cli.output import show, width


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

    show(listings.rule(rules.named(rule), width()))
