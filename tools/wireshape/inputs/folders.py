"""Lists the files of a folder, and what in it is left out."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

COMPRESSED = frozenset({".gz", ".zst"})
"""What names of compressed files end in."""
_FILE = Path(__file__).with_name("left_out.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What is in a folder, in order: the files with a suffix that is read, and how many have another.

    `left_out` are folders that are not searched: those that tools keep, and links to places outside.
    """

    files: tuple[Path, ...]
    others: int
    left_out: tuple[Path, ...]
    unreadable: tuple[OSError, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """How folders that tools keep are known: by their names, or by a file in them."""

    names: frozenset[str]
    markers: tuple[str, ...]

    def has(self, folder: str) -> bool:
        """Tell whether a folder is one of them."""
        return os.path.basename(folder) in self.names or any(  # noqa: PTH119 - a Path for each folder is slow
            os.path.lexists(os.path.join(folder, marker))  # noqa: PTH118 - the same
            for marker in self.markers
        )


def listing(folder: Path, suffixes: Collection[str] | None = None, *, everything: bool = False) -> Listing:
    """List the files of a folder with such a suffix, or all of them without any.

    What tools keep is left out, unless everything is asked for, or the folder is itself such a one.
    """
    kept = None if everything or _kept().has(os.path.abspath(folder)) else _kept()  # noqa: PTH100 - resolves no link
    unreadable: list[OSError] = []
    found: list[Path] = []
    left_out: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        aside = {name for name in folders if _is_aside(Path(parent, name), folder, kept)}
        left_out += [Path(parent, name) for name in aside]
        folders[:] = [name for name in folders if name not in aside]
        found += [Path(parent, name) for name in names]
    files = [file for file in found if suffixes is None or suffix_of(file) in suffixes]
    return Listing(
        files=tuple(sorted(files)),
        others=len(found) - len(files),
        left_out=tuple(sorted(left_out)),
        unreadable=tuple(unreadable),
    )


def suffix_of(file: Path) -> str:
    """Give what a file name ends in, in small letters, before the suffix of a compression."""
    plain = file.with_suffix("") if file.suffix.lower() in COMPRESSED else file
    return plain.suffix.lower()


def _is_aside(folder: Path, home: Path, kept: _Kept | None) -> bool:
    """Tell whether a folder is left out: a link is not followed, and what it leads to inside is read there."""
    if folder.is_symlink():
        return not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(home))  # a loop is no error here
    return kept is not None and kept.has(str(folder))


@cache
def _kept() -> _Kept:
    rows = tomllib.loads(_FILE.read_text("utf-8"))
    return _Kept(names=frozenset(rows["names"]), markers=tuple(rows["markers"]))
