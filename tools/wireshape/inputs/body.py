"""Reads a bare body: the file is the answer, so line and column of a finding are those of the file."""

from __future__ import annotations

from collections.abc import Iterator

from wireshape.errors import InputError, UsageError
from wireshape.inputs.compression import decompressed
from wireshape.inputs.content import Content
from wireshape.inputs.context import Context
from wireshape.model import Interaction, Item, Location, Problem

SUFFIXES: frozenset[str] = frozenset()


def recognizes(content: Content) -> bool:
    """Take whatever no other format takes: what is wrong with it is a finding."""
    del content
    return True


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield the one interaction."""
    yield interaction(content.raw, context)


def interaction(raw: bytes, context: Context, line: int | None = None) -> Interaction | Problem:
    """Make an interaction of a body; the call has to say which endpoint answered it. line is that of a longer file."""
    try:
        endpoint = context.endpoint_of_call()
        return Interaction(
            endpoint=endpoint,
            mode=context.mode_for(endpoint),
            origin=None,
            status=None,
            body=decompressed(raw),
            location=Location(file=context.file, line=line),
            bare=True,
        )
    except (InputError, UsageError) as error:
        return context.problem(error)
