"""`wireshape waive` and `wireshape waivers`: the ledger of what is accepted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wireshape.cli import options, runs
from wireshape.cli.output import say, show, width
from wireshape.errors import UsageError

if TYPE_CHECKING:
    from wireshape.findings.waive import Selection
    from wireshape.findings.waivers import Grounds

_DIFFERENCE = 4
"""Words that name one difference: rule, base, current and path."""


@click.command(
    cls=options.Command,
    short_help="Accept what a command finds, or one difference.",
    examples=[
        (
            "--waivers accepted.json --expires 2027-06-30 \\\n"
            "  --reason reported --citation 'ticket 7' --owner me -- audit page.md"
        ),
        "field-removed {base} {endpoint} \\\n  feeTier --reason 'not in v3' --citation 'change log' --owner me",
    ],
)
@click.argument("words", metavar="COMMAND... | RULE BASE CURRENT PATH", nargs=-1, required=True)
@click.option("--rule", metavar="RULE", help="Of what COMMAND finds, accept this rule only.")
@click.option("--path", metavar="PATTERN", help="Of what COMMAND finds, accept these paths only.")
@click.option("--file", metavar="PATTERN", help="Of what COMMAND finds, accept what is in these files only.")
@click.option("--mode", metavar="PATTERN", help="Accept what is found in these modes only. By default in any.")
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--citation", required=True, help="What that rests on.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--expires", metavar="DATE", help="The last day it is accepted.")
@options.WAIVERS
def waive(  # noqa: PLR0913 - each is an option of the call
    *,
    words: tuple[str, ...],
    rule: str | None,
    path: str | None,
    file: str | None,
    mode: str | None,
    reason: str,
    citation: str,
    owner: str,
    expires: str | None,
    waivers: str | None,
) -> None:
    """Accept what a command finds now, so that from then on it fails for what is new.

    COMMAND is a call of audit, check, diff or scan behind `--`; what it finds goes into the ledger that --waivers
    names, which is made where there is none. In a PATTERN, * stands for anything, and is written into the ledger so
    that it accepts what else fits it.

    RULE BASE CURRENT PATH names one difference that `wireshape diff --bundled` finds; * stands for anything in BASE and
    PATH.
    """
    from wireshape.findings import ledger
    from wireshape.findings.waive import Selection
    from wireshape.findings.waivers import Grounds

    today = ledger.today().isoformat()
    grounds = Grounds(reason=reason, citation=citation, owner=owner, expires=expires, accepted=today)
    if words[0] in runs.JUDGES:
        count = _accept_run(words, waivers, Selection(rule=rule, path=path, file=file, mode=mode), grounds)
    elif rule or path or file:
        raise UsageError(f"--rule, --path and --file choose of what a COMMAND finds: {', '.join(runs.JUDGES)}")
    else:
        count = _accept_difference(words, waivers, mode, grounds)
    show(f"accepted {count} finding{'s' if count > 1 else ''}\n")


def _accept_run(words: tuple[str, ...], waivers: str | None, selection: Selection, grounds: Grounds) -> int:
    from wireshape.findings import rules, waive

    if not waivers:
        raise UsageError("--waivers is missing: name the ledger that takes what is accepted; it may be a new file")
    if selection.rule:
        rules.find(selection.rule)
    run = runs.of_command(words)
    for problem in run.report.problems:
        say(f"not accepted, since it was not read: {problem.location}: {problem.reason}")
    return waive.accept_all(Path(waivers), run.report, selection, grounds)


def _accept_difference(words: tuple[str, ...], waivers: str | None, mode: str | None, grounds: Grounds) -> int:
    from wireshape.catalog import endpoints
    from wireshape.diff import lineage
    from wireshape.findings import ledger, waive
    from wireshape.findings.waivers import ANY, Waiver

    if len(words) != _DIFFERENCE:
        raise UsageError(f"expected RULE BASE CURRENT PATH, or one of {', '.join(runs.JUDGES)} with what it takes")
    rule, base, current, path = words
    waiver = Waiver(
        rule=rule, base=base, current=current, paths=(path,), mode=ANY if mode is None else mode, **asdict(grounds)
    )
    file = Path(waivers) if waivers else ledger.LEDGER
    return waive.accept(file, waiver, lineage.compare(endpoints.load()))


@click.command(
    cls=options.Command,
    short_help="List what is accepted, or remove what is stale.",
    examples=["", "--prune", "--waivers accepted.json --prune -- audit page.md"],
)
@click.argument("words", metavar="[COMMAND...]", nargs=-1)
@click.option("--prune", is_flag=True, help="Remove what matches nothing.")
@options.WAIVERS
def waivers(*, words: tuple[str, ...], prune: bool, waivers: str | None) -> None:
    """List what is accepted: which entries are in force, stale or expired.

    Stale is what matches nothing that COMMAND finds, though it looked there: a call of audit, check, diff or scan
    behind `--`, by default `diff --bundled`.
    """
    from wireshape.cli import listings
    from wireshape.findings import acceptance, ledger, waive

    file = Path(waivers) if waivers else ledger.LEDGER
    accepted, today = ledger.load(file), ledger.today()
    run = runs.of_command(words or ("diff", "--bundled"))
    stale = acceptance.stale(accepted, run.report, today, run.reach)
    if prune:
        waive.prune(file, accepted, stale)
        total = sum(1 for _ in accepted.paths()) + len(accepted.values)
        show(f"removed {len(stale)} of {total} paths\n")
    else:
        show(listings.waivers(accepted, stale, today, width()))
