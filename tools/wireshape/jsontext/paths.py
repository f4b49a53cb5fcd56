"""Paths inside a JSON value: collapsed and sample spellings, and what stands at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wireshape.model import InstancePath


def collapse(path: InstancePath) -> str:
    """Write a path with its indices collapsed: `positions[].leverage`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += "[]"
        else:
            text += f".{step}" if text else step
    return text


def sample(path: InstancePath) -> str:
    """Write a path with its indices: `positions[17].leverage`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


NOTHING = object()
"""What stands in a place where a key is absent."""


def at(value: Any, path: InstancePath) -> Any:
    """Give what stands at a path of a parsed value, None where nothing does."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def column(value: Any, path: InstancePath) -> Iterator[Any]:
    """Yield what stands at a path in every row: an index in the path stands for all of them."""
    for depth, step in enumerate(path):
        if isinstance(step, int):
            for row in value if isinstance(value, list) else ():
                yield from column(row, path[depth + 1 :])
            return
        if not isinstance(value, dict) or step not in value:
            return
        value = value[step]
    yield value


def places(value: Any, collapsed: str, at: InstancePath = ()) -> Iterator[tuple[InstancePath, Any]]:
    """Yield every place a collapsed path stands for, with NOTHING where an object that should hold it does not."""
    step, _, rest = (
        collapsed.partition(".") if not collapsed.startswith("[]") else ("[]", "", collapsed[2:].lstrip("."))
    )
    name, brackets, _ = step.partition("[]")
    if step == "[]":
        for index, row in enumerate(value) if isinstance(value, list) else ():
            yield from places(row, rest, (*at, index)) if rest else [((*at, index), row)]
    elif isinstance(value, dict):
        below = "[]" * step.count("[]") + (f".{rest}" if rest else "") if brackets else rest
        if name not in value:
            yield (*at, name), NOTHING
        elif below:
            yield from places(value[name], below.lstrip(".") if not brackets else below, (*at, name))
        else:
            yield (*at, name), value[name]


def join(path: str, name: str) -> str:
    """Write the path of a member; one without a name shows as such."""
    return f"{path}.{name}" if path else name or '""'
