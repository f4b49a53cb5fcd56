"""Which container a token belongs to where a bracket is missing: told by indentation, or by the keys of rows."""

from __future__ import annotations

from collections.abc import Sequence

from wireshape.lenientjson.containers import Container


def ends_before_bracket(containers: Sequence[Container], bracket: str, indent: int) -> bool:
    """Tell whether a closing bracket that begins a line is that of an outer container, and the innermost is open."""
    inner = containers[-1]
    if inner.indent is None or indent >= inner.indent:
        return False
    return any(outer.indent == indent and outer.closing == bracket for outer in containers[:-1])


def ends_before_item(containers: Sequence[Container], indent: int, *, is_member: bool) -> bool:
    """Tell whether an item that begins a line is that of an outer container, and the innermost is open."""
    inner = containers[-1]
    least = inner.item_indent if inner.item_indent is not None else None if inner.indent is None else inner.indent + 1
    if least is None or indent >= least:
        return False
    return any(outer.is_object == is_member and _indents_items_to(outer, indent) for outer in containers[:-1])


def _indents_items_to(container: Container, indent: int) -> bool:
    return container.item_indent == indent and container.indent is not None and container.indent < indent


def ends_before_key(containers: Sequence[Container], key: str) -> bool:
    """Tell whether a key in an array is a member of the object around it, and not of a row that lacks its bracket."""
    inner, outer = containers[-1], containers[-2] if len(containers) > 1 else None
    if not outer or not outer.is_object or not inner.value or key in outer.value:
        return False
    last = inner.value[-1]
    return not isinstance(last, dict) or key not in last


def is_misplaced(container: Container, indent: int, *, closes: bool) -> bool:
    """Tell whether a token that begins a line is not indented as its container has it."""
    if closes:
        return container.indent is not None and indent != container.indent
    return container.item_indent is not None and indent != container.item_indent
