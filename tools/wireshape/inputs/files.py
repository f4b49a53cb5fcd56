"""Lists the files that arguments stand for."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from wireshape import bounded_read
from wireshape.jsontext.paths import NAMELESS
from wireshape.model import Location, Problem

COMPRESSED = frozenset({".gz", ".zst"})
"""What names of compressed files end in."""
MAX_BYTES = 72_000_000
"""Of an input that is read; an answer of 700 symbols has half a million."""
_STDIN = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One file to read, under the name reports give it; path None is standard input."""

    path: Path | None
    name: str

    @property
    def suffix(self) -> str:
        """What the file name ends in, in small letters; empty for standard input."""
        return suffix_of(self.path) if self.path else ""

    def read(self, most: int = MAX_BYTES) -> bytes:
        """Give what the file or standard input holds; InputError where it cannot be read, or has more bytes."""
        return bounded_read.read(self.path, most) if self.path else bounded_read.standard_input(most)


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The inputs that arguments stand for, and what is not there or cannot be listed."""

    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...] = ()


def select(names: Iterable[str], suffixes: Collection[str] | None) -> Selection:
    """List the inputs that arguments stand for: of a folder the files with such a suffix, or every one without any."""
    inputs: list[Input] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        path = Path(name)
        if name == _STDIN:
            inputs.append(Input(path=None, name="standard input"))
        elif os.path.isdir(name):  # noqa: PTH112 - Path.is_dir raises for names too long to look up
            unreadable: list[OSError] = []
            inputs += [Input(path=file, name=_as_text(str(file))) for file in walk(path, unreadable.append, suffixes)]
            problems += [_unreadable(error) for error in unreadable]
        elif os.path.lexists(name):
            inputs.append(Input(path=path, name=_as_text(name)))
        else:
            reason = "no such file or folder" if name else "the name is empty"
            problems.append(Problem(location=Location(file=_as_text(name) or NAMELESS), reason=reason))
    return Selection(inputs=tuple(inputs), problems=tuple(problems))


def walk(
    folder: Path, on_error: Callable[[OSError], None] | None = None, suffixes: Collection[str] | None = None
) -> list[Path]:
    """List the files of a folder with such a suffix, or every one, in order; on_error hears of unreadable folders."""
    return sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=on_error)
        for name in names
        if suffixes is None or suffix_of(Path(name)) in suffixes
    )


def suffix_of(file: Path) -> str:
    """Give what a file name ends in, in small letters, before the suffix of a compression."""
    plain = file.with_suffix("") if file.suffix.lower() in COMPRESSED else file
    return plain.suffix.lower()


def _as_text(name: str) -> str:
    """Write a file name that is no text in a way every report can hold."""
    return name.encode("utf-8", "backslashreplace").decode()


def _unreadable(error: OSError) -> Problem:
    return Problem(location=Location(file=_as_text(str(error.filename))), reason=error.strerror or "cannot be read")
