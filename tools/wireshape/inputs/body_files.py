"""Reads bodies that a recording keeps in files beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from wireshape import bounded_read
from wireshape.errors import InputError
from wireshape.inputs.content import Content
from wireshape.inputs.files import MAX_BYTES, Input, Selection

HOME = "__files"
"""The folder in which WireMock keeps bodies, beside that of its mappings."""
_MAPPINGS = "mappings"
_NAMED = re.compile(rb'"bodyFileName"\s*:\s*("(?:[^"\\]|\\.)*")')


def read_once(selection: Selection) -> Selection:
    """Leave out bodies that a mapping of the same selection names: they are read with it."""
    if not any(each.path and HOME in each.path.parts for each in selection.inputs):
        return selection
    named = {file for each in selection.inputs for file in _named_in(each)}
    return replace(
        selection, inputs=tuple(each for each in selection.inputs if not each.path or each.path.resolve() not in named)
    )


def _named_in(mapping: Input) -> list[Path]:
    if mapping.path is None or mapping.path.parent.name != _MAPPINGS:
        return []
    home = mapping.path.resolve().parent.parent / HOME
    try:
        names = [orjson.loads(match[1]) for match in _NAMED.finditer(mapping.read())]
        return [Path(home, name).resolve() for name in names]
    except (InputError, OSError, ValueError):  # what cannot be read is said where it is read
        return []


def read(content: Content, folder: str, name: Any) -> bytes:
    """Give what a file of the folder beside a recording holds; InputError where it cannot be read, or is elsewhere."""
    if content.folder is None or not isinstance(name, str):
        raise InputError("the body is in a file of its own, and nothing says where")
    home = Path(content.folder, folder).resolve()
    try:
        file = Path(home, name).resolve()
    except (OSError, ValueError):
        raise InputError("the body is in a file whose name cannot be looked up") from None
    if not file.is_relative_to(home):
        raise InputError("the body is in a file outside of its folder, which is not read")
    try:
        return bounded_read.read(file, MAX_BYTES)
    except InputError as error:
        raise InputError(f"the body is in a file of its own: {error}") from None
