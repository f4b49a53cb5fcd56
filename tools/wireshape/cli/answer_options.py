"""Options of the commands that read answers: endpoint, mode, where a body stands, and as of which day it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

import click

from wireshape.cli.options import several
from wireshape.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerOptions:
    """What a call says of answers whose recording does not: endpoint, mode, where the body stands, and the day."""

    endpoint: tuple[str, ...]
    mode: str | None
    body_at: str | None
    as_of: date | None


ENDPOINT = click.option(
    "--endpoint",
    metavar="[PATTERN=]ID",
    multiple=True,
    help="The endpoint that answered what does not name one: of files whose name fits the pattern, or of all.",
)
MODE = click.option("--mode", metavar="MODE", help="The account mode of answers whose recording states none.")
BODY_AT = click.option(
    "--body-at", metavar="POINTER", help="Where bodies stand in a file: a JSON Pointer, in which * is every member."
)
AS_OF = click.option(
    "--as-of",
    metavar="DATE",
    help="Judge answers whose recording has no date as of this day (2022-03-31, 2022-03 or 2022). By default today.",
)


def answers(function: Callable[..., Any]) -> Any:
    """Give a command the options of answers, which it takes as one."""

    @wraps(function)
    def command(
        *, endpoint: tuple[str, ...], mode: str | None, body_at: str | None, as_of: str | None, **others: Any
    ) -> Any:
        judged = day("--as-of", as_of) if as_of is not None else None
        said = AnswerOptions(endpoint=endpoint, mode=mode, body_at=body_at, as_of=judged)
        return function(answer_options=said, **others)

    return several(ENDPOINT, MODE, BODY_AT, AS_OF)(command)


def day(option: str, text: str) -> date:
    """Read the day that an option names; UsageError where it is none, or still to come."""
    from wireshape.inputs import dates

    named = dates.named(text)
    if named is None:
        raise UsageError(f"{option}: {text!r} is no date; write 2022-03-31, 2022-03 or 2022")
    if named > dates.today():
        raise UsageError(f"{option}: {text} is still to come")
    return named
