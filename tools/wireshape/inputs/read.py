"""Turns inputs into interactions; what cannot be read becomes a Problem, never a stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from wireshape import resources
from wireshape.errors import InputError
from wireshape.inputs import (
    body,
    cassette,
    files,
    har,
    ndjson,
)
from wireshape.inputs.content import Content
from wireshape.inputs.context import Context
from wireshape.inputs.files import Input, Selection
from wireshape.model import Item


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
    ndjson,
    body,
)
"""Every format in the order in which content is tried; a bare body is whatever is nothing else."""
SUFFIXES = frozenset({".json"}).union(*(each.SUFFIXES for each in FORMATS))
"""What a folder is searched for; a file that is named is read whatever it is called."""


def select(names: Iterable[str]) -> Selection:
    """List the inputs that arguments stand for."""
    return files.select(names, SUFFIXES)


def bundled() -> Selection:
    """List the recordings that come with wireshape, under names relative to their folder."""
    home = resources.CASSETTES
    return Selection(
        inputs=tuple(Input(path=file, name=str(file.relative_to(home))) for file in files.walk(home, suffixes=SUFFIXES))
    )


def items(inputs: Iterable[Input], context: Context) -> Iterator[Item]:
    """Yield what each input holds, in order."""
    for each in inputs:
        file = context.of(each.name)
        try:
            content = Content(raw=each.read(), suffix=each.suffix)
            yield from _format(content).read(content, file)
        except InputError as error:
            yield file.problem(error)
        except OSError as error:
            yield file.problem(InputError(error.strerror or "cannot be read"))


def _format(content: Content) -> Format:
    named = next((each for each in FORMATS if content.suffix in each.SUFFIXES), None)
    return named or next(each for each in FORMATS if each.recognizes(content))
