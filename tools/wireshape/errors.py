"""What stops a run or an input: one base error, each with the exit code it ends in."""

from __future__ import annotations

from collections.abc import Iterable

from wireshape.model import Exit


class WireshapeError(Exception):
    """Base of all errors; its text is one line for the user."""

    exit_code = Exit.UNCHECKED


class UsageError(WireshapeError):
    """A usage error: an unknown option, endpoint, mode or rule, or `--endpoint` missing."""

    exit_code = Exit.USAGE


class InputError(WireshapeError):
    """An input cannot be read; the other inputs still are. Undecided is what may be an answer of several endpoints."""

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        exit_code: Exit = Exit.UNCHECKED,
        undecided: bool = False,
    ) -> None:
        super().__init__(reason)
        self.undecided = undecided
        self.exit_code = exit_code
        self.line = line
        self.column = column


class OutputError(WireshapeError):
    """An output cannot be written, and is what it was before."""


class ContractError(WireshapeError):
    """The data that comes with wireshape contradicts itself, or its code names a rule that is not there: our bug."""

    exit_code = Exit.BUG


def nearest(word: str, known: Iterable[str]) -> str:
    """Give ` (did you mean X?)` with the known word nearest to an unknown one, or nothing where none is near."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]}?)" if found else ""
