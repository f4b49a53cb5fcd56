"""Reads a bare body: the file is the answer, so line and column of a finding are those of the file."""

from __future__ import annotations

from wireshape.errors import InputError, UsageError
from wireshape.inputs.compression import decompressed
from wireshape.inputs.context import Context
from wireshape.model import Interaction, Location, Problem


def read(raw: bytes, context: Context, line: int | None = None) -> Interaction | Problem:
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
