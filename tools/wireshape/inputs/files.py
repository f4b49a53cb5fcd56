"""Lists the files that arguments stand for, and reads them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from wireshape.model import Location, Problem

STDIN = "-"


_YAML = {".yaml", ".yml"}


_LINES = {".ndjson", ".jsonl"}


_SUFFIXES = {".json", ".har"} | _YAML | _LINES


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One file to read, under the name reports give it; path None is standard input."""

    path: Path | None
    name: str


def inputs(names: Iterable[str], suffixes: Collection[str] | None = _SUFFIXES) -> tuple[list[Input], list[Problem]]:
    """List the files that arguments stand for; what is not there is a Problem.

    Of a folder those with such a suffix are listed, or every one without any.
    """
    found: list[Input] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        path = Path(name)
        if name == STDIN:
            found.append(Input(path=None, name="standard input"))
        elif os.path.isdir(name):  # noqa: PTH112 - Path.is_dir raises for names too long to look up
            unreadable: list[OSError] = []
            found += [Input(path=file, name=_shown(str(file))) for file in walk(path, unreadable.append, suffixes)]
            problems += [_unreadable(error) for error in unreadable]
        elif os.path.lexists(name):
            found.append(Input(path=path, name=_shown(name)))
        else:
            problems.append(Problem(location=Location(file=_shown(name)), reason="no such file or folder"))
    return found, problems


def _shown(name: str) -> str:
    """Write a file name that is no text in a way every report can hold."""
    return name.encode("utf-8", "backslashreplace").decode()


def _unreadable(error: OSError) -> Problem:
    return Problem(location=Location(file=_shown(str(error.filename))), reason=error.strerror or "cannot be read")


def walk(
    folder: Path, on_error: Callable[[OSError], None] | None = None, suffixes: Collection[str] | None = _SUFFIXES
) -> list[Path]:
    """List the files of a folder with such a suffix, or every one, in order; on_error hears of unreadable folders."""
    return sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=on_error)
        for name in names
        if suffixes is None or Path(name).suffix.lower() in suffixes
    )


def load(item: Input) -> bytes:
    """Give what a file or standard input holds; OSError where it cannot be read."""
    return sys.stdin.buffer.read() if item.path is None else item.path.read_bytes()
