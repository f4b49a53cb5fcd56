"""What stops a run or an input: one base error, each with the exit code it ends in."""

from __future__ import annotations

from collections.abc import Iterable


class WireshapeError(Exception):
    """Base of all errors; its text is one line for the user, its exit code that of README's table."""

    exit_code = 3


class UsageError(WireshapeError):
    """The call itself cannot be meant: an unknown endpoint, mode or rule."""

    exit_code = 2


class InputError(WireshapeError):
    """An input cannot be read; the other inputs still are."""

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None, exit_code: int = 3) -> None:
        super().__init__(reason)
        self.exit_code = exit_code
        self.line = line
        self.column = column


class ContractError(WireshapeError):
    """The bundled data contradicts itself: a schema outside the dialect, a reference to nothing."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Give ` (did you mean X?)` for the known word that is most like this one, nothing where none is."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]}?)" if found else ""
