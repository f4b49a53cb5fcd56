"""A progress bar on standard error, for inputs long enough to wait for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from wireshape.inputs.files import Input
from wireshape.model import Item

_LONG_BYTES = 16_000_000
_LONG_FILES = 200


def track(items: Iterable[Item], inputs: Sequence[Input]) -> Iterable[Item]:
    """Pass items on, under a progress bar where standard error is a terminal and there is much to read."""
    if not sys.stderr.isatty() or (len(inputs) < _LONG_FILES and _size(inputs) < _LONG_BYTES):
        return items
    return _with_bar(items, inputs)


def _size(inputs: Sequence[Input]) -> int:
    return sum(each.path.stat().st_size for each in inputs if each.path and each.path.is_file())


def _with_bar(items: Iterable[Item], inputs: Sequence[Input]) -> Iterator[Item]:
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
        task = bar.add_task("", total=len(inputs))
        done: set[str] = set()
        for answers, item in enumerate(items, 1):
            done.add(item.location.file)
            bar.update(task, completed=len(done) - 1, description=f"{answers} answers")
            yield item
