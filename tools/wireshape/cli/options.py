"""What the commands share: options, how a report is to be shown, and a help that ends with examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wireshape import atomic_write
from wireshape.errors import UsageError, nearest
from wireshape.model import Level
from wireshape.reports import FORMATS

# click.Choice has had a type parameter only since 8.2.
if TYPE_CHECKING:
    from wireshape.findings.ledger import Ledger

    _Choice = click.Choice[str]
else:
    _Choice = click.Choice


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportOptions:
    """How a report is shown: its format, the file it goes to, the mildest level that fails, and whether all is shown.

    `fail_on` is None where the call does not say. With `allow_nothing`, nothing to check is clean. `ledger` is what is
    accepted, None where nothing is; with `new_only`, what is accepted is not shown.
    """

    format: str
    output: str | None
    fail_on: Level | None
    quiet: bool
    allow_nothing: bool = False
    ledger: Ledger | None = None
    new_only: bool = False


class OneOf(_Choice):
    """A choice whose usage error names the nearest."""

    def convert(  # noqa: D102 - click's own
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        del ctx
        known = list(map(str, self.choices))
        if value not in known:
            option = param.opts[0] if param else self.name
            raise UsageError(f"{option}: unknown value {value!r}{nearest(value, known)}; known: {', '.join(known)}")
        return str(value)


class WholeNumber(click.IntRange):
    """A whole number in a range; the name stands in click's usage errors."""

    name = "whole number"


class Number(click.FloatRange):
    """A number in a range; the name stands in click's usage errors."""

    name = "number"


class Command(click.Command):
    """A command whose help ends with examples: what follows the command's name.

    In them {endpoint} is an endpoint of the catalogue, {mode} one of its modes, {base} an endpoint that it replaces.
    """

    def __init__(self, *args: Any, examples: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples; the catalogue is read only here, for those whose help it is."""
        from wireshape.catalog import endpoints

        known = endpoints.load().answering
        ids = {each.id for each in known}
        pairs = ((base, each) for each in known for base in each.replaces if base in ids)
        base, endpoint = next(pairs, (known[0].id, known[0]))
        words = {"endpoint": endpoint.id, "mode": endpoint.modes[0], "base": base}
        with formatter.section("Example" if len(self.examples) == 1 else "Examples"):
            for example in self.examples:
                for line in f"{ctx.command_path} {example.format(**words)}".splitlines():
                    formatter.write(f"{'':{formatter.current_indent}}{line}".rstrip() + "\n")


def several(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command several options, shown in this order."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def report(default: str = "breaking", *, hook: bool = False) -> Callable[[Any], Any]:
    """Give a command the options of its report, which it takes as one; default says what --fail-on is by itself.

    A hook calls its command with whatever files there are, so it can allow that there is none.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def command(
            *,
            format: str,  # noqa: A002 - click names it for the option
            output: str | None,
            fail_on: str | None,
            quiet: bool,
            waivers: str | None,
            new_only: bool,
            allow_nothing: bool = False,
            **others: Any,
        ) -> Any:
            level = Level(fail_on) if fail_on else None
            chosen = ReportOptions(
                format=format,
                output=output,
                fail_on=level,
                quiet=quiet,
                allow_nothing=allow_nothing,
                ledger=_ledger(waivers) if waivers else None,
                new_only=new_only,
            )
            return function(report_options=chosen, **others)

        nothing = [ALLOW_NOTHING] if hook else []
        return several(*nothing, WAIVERS, NEW_ONLY, FORMAT, OUTPUT, _fail_on(default), QUIET)(command)

    return decorate


FORMAT = click.option(
    "--format",
    type=OneOf(list(FORMATS)),
    metavar="FORMAT",
    default="text",
    help=f"The format of the report: {', '.join(FORMATS)}. By default text.",
)


def require(metavar: str, names: Sequence[str], report: ReportOptions) -> None:
    """Raise the usage error of an argument that is missing, unless a hook may have none."""
    if not names and not report.allow_nothing:
        raise click.MissingParameter(ctx=click.get_current_context(), param_hint=f"'{metavar}'", param_type="argument")


def _ledger(file: str) -> Ledger:
    from wireshape.findings import ledger

    return ledger.load(Path(file))


def writable(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse a report's file that cannot be made before anything is read or asked for it."""
    if value is not None:
        atomic_write.require_place(Path(value))
    return value


def _named(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty name, which an unset variable of a shell leaves: it must not stand for the bundled ledger."""
    if value == "":
        raise UsageError("--waivers: the name of the file is empty")
    return value


OUTPUT = click.option("--output", metavar="FILE", callback=writable, help="Write the report to a file instead.")
QUIET = click.option(
    "-q", "--quiet", is_flag=True, help="Show only findings above info or that fail, and what could not be checked."
)
ALLOW_NOTHING = click.option(
    "--allow-nothing", is_flag=True, help="Exit with 0, not 4, where there was nothing to look at: for hooks."
)
WAIVERS = click.option(
    "--waivers",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    callback=_named,
    help="The ledger of what is accepted; `wireshape waive` writes it.",
)
NEW_ONLY = click.option("--new-only", is_flag=True, help="Show nothing that is accepted, and count it.")


def _fail_on(default: str) -> Callable[[Any], Any]:
    return click.option(
        "--fail-on",
        type=OneOf([level.value for level in Level]),
        metavar="LEVEL",
        help=f"Exit with 1 if a finding is of this level or worse: breaking, risky or info. By default {default}.",
    )
