"""`wireshape rules` and `wireshape explain`."""

from __future__ import annotations

import click

from wireshape.cli import options
from wireshape.cli.output import show, width


@click.command(cls=options.Command, examples=[""])
def rules() -> None:
    """List the rules with level and meaning, by command."""
    from wireshape.cli import listings
    from wireshape.findings import rules

    show(listings.rules(rules.load().values(), width()))


@click.command(
    cls=options.Command, short_help="Explain a rule: why it matters, and what to do.", examples=["field-missing"]
)
@click.argument("rule")
def explain(*, rule: str) -> None:
    """Explain a rule: why it matters, an example before and after, and what to do.

    RULE is an id that a report shows; `wireshape rules` lists them all.
    """
    from wireshape.cli import listings
    from wireshape.findings import rules

    show(listings.rule(rules.find(rule), width()))
