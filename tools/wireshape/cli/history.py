"""`wireshape history`."""

from __future__ import annotations

import click

from wireshape.cli import options
from wireshape.cli.output import show, width


@click.command(
    cls=options.Command,
    short_help="Show since when there is which endpoint, mode and field.",
    examples=["", "{endpoint}", "{endpoint} marginAvailable"],
)
@click.argument("endpoint", required=False)
@click.argument("field", required=False)
@options.FORMAT
def history(*, endpoint: str | None, field: str | None, format: str) -> None:  # noqa: A002 - click names it for the option
    """Show since when there is which endpoint, mode and field, and where that can be looked up.

    FIELD is a path such as positions[].leverage, or the last name of one. An answer is judged by this history as of
    its day, and `wireshape diff ENDPOINT@2022 ENDPOINT` compares the contracts of two days.

    "after" is the last day on which something is known to be absent, "by" the first on which it is known to be there.
    """
    from wireshape.catalog import endpoints, timeline
    from wireshape.cli.timeline import render

    show(render(timeline.select(endpoints.load(), endpoint, field), format, width()))
