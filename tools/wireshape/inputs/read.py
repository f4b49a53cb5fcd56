"""Turns inputs into interactions; what cannot be read becomes a Problem, never a stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from wireshape import resources
from wireshape.errors import InputError
from wireshape.inputs import (
    body,
    body_at,
    body_files,
    bruno,
    cassette,
    compression,
    files,
    folders,
    har,
    http_text,
    json5,
    log,
    lookalikes,
    ndjson,
    recorders,
)
from wireshape.inputs.content import Content
from wireshape.inputs.context import Context
from wireshape.inputs.files import Input, Selection
from wireshape.model import Exit, Interaction, Item, Location, Problem


class Format(Protocol):
    """An input format: a module of this package, and its place in FORMATS."""

    SUFFIXES: frozenset[str]
    """What names of such files end in; a name settles the format."""

    def recognizes(self, content: Content) -> bool:
        """Tell whether content is of this format where its name does not say."""
        ...

    def read(self, content: Content, context: Context) -> Iterable[Item]:
        """Yield what the content holds; InputError where it is not of this format after all."""
        ...


FORMATS: tuple[Format, ...] = (
    har,
    cassette,
    recorders,
    json5,
    bruno,
    http_text,
    ndjson,
    log,
    body,
)
"""Every format in the order in which content is tried; a bare body is whatever is nothing else."""
MAX_ITEMS = 200_000
"""Answers, requests and what is no answer, in one input."""
MAX_UNPACKED = 150_000_000
"""Bytes of all answers of one input."""
_MAX_ALIKE = 20
"""Problems of one reason in one input that are listed."""
SUFFIXES = frozenset({".json"}).union(*(each.SUFFIXES for each in FORMATS))
"""What a folder is searched for; a file that is named is read whatever it is called."""


def select(names: Iterable[str]) -> Selection:
    """List the inputs that arguments stand for."""
    return body_files.read_once(files.select(names, SUFFIXES))


def bundled() -> Selection:
    """List the recordings that come with wireshape, under names relative to their folder."""
    home = resources.CASSETTES
    return Selection(
        inputs=tuple(
            Input(path=file, name=str(file.relative_to(home)))
            for file in folders.listing(home, SUFFIXES, everything=True).files
        )
    )


def items(inputs: Iterable[Input], context: Context) -> Iterator[Item]:
    """Yield what each input holds, in order; of one that holds nothing, a problem that says so."""
    for each in inputs:
        file = context.of(each.name)
        nothing = True
        try:
            for item in _bounded(_read(each, file), file):
                nothing = False
                yield item
        except InputError as error:
            yield file.problem(error)
        else:
            if nothing:
                yield file.problem(InputError("no answer is in it", exit_code=Exit.NOTHING))


def _read(source: Input, context: Context) -> Iterable[Item]:
    packed = source.read()
    raw = compression.decompressed(packed)
    if named := lookalikes.name_of_bytes(raw):
        raise InputError(f"this looks like {named}, not like an answer of the catalogue")
    folder = source.path.parent if source.path else None
    content = Content(raw=raw, suffix=source.suffix, folder=folder, packed=raw is not packed)
    if context.body_at is not None:
        return body_at.read(content, context, context.body_at)
    return _format(content).read(content, context)


def _bounded(found: Iterable[Item], context: Context) -> Iterator[Item]:
    """Yield items up to a number; of problems alike, the first ones and how many there are."""
    alike: dict[str, Problem] = {}
    times: Counter[str] = Counter()
    unpacked = 0
    for number, item in enumerate(found):
        unpacked += len(item.body) if isinstance(item, Interaction) else 0
        if number == MAX_ITEMS or unpacked > MAX_UNPACKED:
            size = f"{MAX_UNPACKED // 1_000_000} MB unpacked"
            most = f"{MAX_ITEMS:,} answers and requests" if number == MAX_ITEMS else size
            yield context.problem(InputError(f"more than {most}: what follows is not read"))
            break
        if isinstance(item, Problem):
            alike.setdefault(item.reason, item)
            times[item.reason] += 1
        if not isinstance(item, Problem) or times[item.reason] <= _MAX_ALIKE:
            yield item
    for reason, first in alike.items():
        if times[reason] > _MAX_ALIKE:
            said = f"{times[reason] - _MAX_ALIKE:,} more entries like this: {reason}"
            yield replace(first, location=Location(file=context.file), reason=said)


def _format(content: Content) -> Format:
    named = next((each for each in FORMATS if content.suffix in each.SUFFIXES), None)
    return named or next(each for each in FORMATS if each.recognizes(content))
