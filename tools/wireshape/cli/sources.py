"""What a check is of: the inputs that the call names, standard input, or the recordings that come with wireshape."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from threading import Timer
from typing import TYPE_CHECKING, Any

import click

from wireshape.cli.output import say
from wireshape.errors import InputError, UsageError
from wireshape.model import Exit, Location, Problem

if TYPE_CHECKING:
    from wireshape.inputs.files import Input, Selection

_HINT = "name INPUT, or --bundled for the recordings that come with wireshape"
_PATIENCE = 2.0
"""Seconds for which standard input is read without a word."""
_SHOWN = 5
"""Folders that are named of those left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The inputs that a call names, or that it asks for the bundled recordings."""

    names: tuple[str, ...]
    bundled: bool

    def __bool__(self) -> bool:
        return self.bundled or bool(self.names)


def option(function: Callable[..., Any]) -> Any:
    """Give a command its inputs and `--bundled`, which it takes as one."""

    @wraps(function)
    def command(*, inputs: tuple[str, ...], bundled: bool, **others: Any) -> Any:
        if inputs and bundled:
            raise UsageError("--bundled takes no INPUT: it is the recordings that come with wireshape")
        return function(given=Sources(names=inputs, bundled=bundled), **others)

    return click.argument("inputs", metavar="[INPUT]...", nargs=-1)(
        click.option("--bundled", is_flag=True, help="Check the recordings that come with wireshape.")(command)
    )


def selected(given: Sources) -> Selection:
    """List the inputs of a call: what it names, else standard input, or in a terminal the bundled recordings."""
    from wireshape.inputs import read

    if given.names:
        return read.select(given.names)
    if given.bundled:
        return read.bundled()
    if in_terminal():
        say("no INPUT, so these are the recordings that come with wireshape (--bundled)")
        return read.bundled()
    return _standard_input()


def in_terminal() -> bool:
    """Tell whether somebody sits before standard input; some runners have a terminal as well, and set CI."""
    return _is_terminal() and not os.environ.get("CI")


def _is_terminal() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    # On Windows the null device says that it is a terminal as well, but Python opens it as a file.
    return os.name != "nt" or not isinstance(getattr(sys.stdin.buffer, "raw", None), io.FileIO)


def say_left_out(selection: Selection) -> None:
    """Say in one line which folders inside of those that are named are not read."""
    from wireshape.findings import redaction

    shown = [redaction.name(folder) for folder in selection.left_out[:_SHOWN]]
    more = len(selection.left_out) - len(shown)
    if shown:
        said = ", ".join(shown) + (f" and {more:,} more" if more else "")
        say(f"left out: {said}; a folder that is named itself is read")


def _standard_input() -> Selection:
    """List standard input as the one input, read to its end, or why nothing of it can be checked."""
    from wireshape.inputs.files import STANDARD_INPUT, Input, Selection

    source = Input(path=None, name=STANDARD_INPUT)
    try:
        return Selection(inputs=(replace(source, data=_read(source)),))
    except InputError as error:
        hint = f"; {_HINT}" if error.exit_code is Exit.NOTHING else ""
        problem = Problem(location=Location(file=source.name), reason=f"{error}{hint}", exit_code=error.exit_code)
        return Selection(inputs=(), problems=(problem,))


def _read(source: Input) -> bytes:
    """Give all that comes, however long that takes: whoever writes into a pipe may be slow."""
    if sys.stdin is None:
        raise InputError("it is closed", exit_code=Exit.NOTHING)
    if _is_terminal():
        raise InputError("it is a terminal that nobody sits before, since CI is set", exit_code=Exit.NOTHING)
    with _announced():
        return source.read()


@contextmanager
def _announced() -> Iterator[None]:
    """Say what is waited for, where it does not come soon."""
    timer = Timer(_PATIENCE, say, [f"reading standard input; {_HINT}"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
