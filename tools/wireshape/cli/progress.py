"""A progress bar on standard error, for inputs long enough to wait for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from wireshape.inputs.files import Input
from wireshape.model import Item

_LONG_BYTES = 16_000_000
_LONG_FILES = 200


def shown(items: Iterable[Item], found: Sequence[Input]) -> Iterable[Item]:
    """Pass items on, under a progress bar where standard error is a terminal and there is much to read."""
    if not sys.stderr.isatty() or (len(found) < _LONG_FILES and _size(found) < _LONG_BYTES):
        return items
    return _tracked(items, found)


def _size(found: Sequence[Input]) -> int:
    return sum(item.path.stat().st_size for item in found if item.path and item.path.is_file())


def _tracked(items: Iterable[Item], found: Sequence[Input]) -> Iterator[Item]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(found))
        done: set[str] = set()
        for answers, item in enumerate(items, 1):
            done.add(item.location.file)
            bar.update(task, completed=len(done) - 1, description=f"{answers} answers")
            yield item
