"""Lists the files that arguments stand for."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from wireshape import bounded_read
from wireshape.errors import InputError
from wireshape.inputs import folders
from wireshape.inputs.folders import Listing
from wireshape.jsontext.paths import NAMELESS
from wireshape.model import Exit, Location, Problem

MAX_BYTES = 72_000_000
"""Of an input that is read; an answer of 700 symbols has half a million."""
STANDARD_INPUT = "standard input"
"""The name that reports give it."""
_STDIN = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One file to read, under the name reports give it; path None is standard input, data what was read of that."""

    path: Path | None
    name: str
    data: bytes | None = None

    @property
    def suffix(self) -> str:
        """What the file name ends in, in small letters; empty for standard input."""
        return folders.suffix_of(self.path) if self.path else ""

    def read(self, most: int = MAX_BYTES) -> bytes:
        """Give what the file or standard input holds; InputError where it cannot be read, or has more bytes."""
        if self.path:
            return bounded_read.read(self.path, most)
        data = bounded_read.standard_input(most) if self.data is None else self.data
        if not data.strip():
            raise InputError("nothing came", exit_code=Exit.NOTHING)
        return data


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The inputs that arguments stand for, and what is not there, cannot be listed, or is a folder without any.

    `left_out` are folders inside of those that are named which are not searched.
    """

    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()


def select(names: Iterable[str], suffixes: Collection[str] | None) -> Selection:
    """List the inputs that arguments stand for: of a folder the files with such a suffix.

    Without suffixes it is every file, wherever it is.
    """
    inputs: list[Input] = []
    problems: list[Problem] = []
    left_out: list[str] = []
    for name in dict.fromkeys(names):
        path = Path(name)
        if name == _STDIN:
            inputs.append(Input(path=None, name=STANDARD_INPUT))
        elif os.path.isdir(name):  # noqa: PTH112 - Path.is_dir raises for names too long to look up
            found = folders.listing(path, suffixes, everything=suffixes is None)
            inputs += [Input(path=file, name=_as_text(str(file))) for file in found.files]
            problems += _problems(_as_text(name), found)
            left_out += [_as_text(str(each)) for each in found.left_out]
        elif os.path.lexists(name):
            inputs.append(Input(path=path, name=_as_text(name)))
        else:
            reason = "no such file or folder" if name else "the name is empty"
            problems.append(Problem(location=Location(file=_as_text(name) or NAMELESS), reason=reason))
    return Selection(inputs=tuple(inputs), problems=tuple(problems), left_out=tuple(left_out))


def _problems(name: str, found: Listing) -> list[Problem]:
    """Say what of a folder cannot be listed, and that nothing in it is read where that is so."""
    problems = [_unreadable(error) for error in found.unreadable]
    if found.files or problems:
        return problems
    reason = f"no file is in this folder{', beside what is left out' if found.left_out else ''}"
    if found.others:
        reason = "no file in this folder has a suffix that is read; a file that is named is read whatever it is called"
    return [Problem(location=Location(file=name), reason=reason, exit_code=Exit.NOTHING)]


def _as_text(name: str) -> str:
    """Write a file name that is no text in a way every report can hold."""
    return name.encode("utf-8", "backslashreplace").decode()


def _unreadable(error: OSError) -> Problem:
    return Problem(location=Location(file=_as_text(str(error.filename))), reason=error.strerror or "cannot be read")
