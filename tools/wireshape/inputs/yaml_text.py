"""Finds where the values of a YAML text are written, and where each of their characters comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from wireshape.jsontext.source_map import Piece, SourceMap, aligned
from wireshape.model import InstancePath

_BLOCK = frozenset({"|", ">"})
# What stands before a scalar: its anchor and tag.
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_PLAIN = re.compile(r"\S+")
_SINGLE = re.compile(r"''|[^'\s]+")
_DOUBLE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|.)|[^\\\s]+", re.DOTALL)
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b"}
_BLANK_ESCAPES = frozenset("tnvfrNLP_ \t\n\r\x85\u2028\u2029")
"""Escapes of whitespace, and of line breaks that say nothing."""


def find(root: yaml.Node, path: InstancePath) -> yaml.Node:
    """Give the node at a path, or the deepest part of the path that exists; where keys are repeated, the last one."""
    node = root
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return node


def _below(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in reversed(node.value) if key.value == str(step)), None)
    return None


def start(text: str, node: yaml.Node) -> int:
    """Give the offset of a value behind its anchor and tag."""
    match = _PROPERTIES.match(text, node.start_mark.index, node.end_mark.index)
    return match.end() if match else node.start_mark.index


def source_map(text: str, node: yaml.Node) -> SourceMap | None:
    """Give what a scalar says, and where its characters come from; None where it is none, or that cannot be told.

    YAML folds, indents and ends lines in many ways, which change whitespace alone: everything else stands in the text
    in the order of the value.
    """
    if not isinstance(node, yaml.ScalarNode):
        return None
    return aligned(node.value, _pieces(text, start(text, node), node))


def _pieces(text: str, first: int, node: yaml.ScalarNode) -> Iterator[Piece]:
    last = node.end_mark.index
    if node.style in _BLOCK:
        pattern, first = _PLAIN, text.index("\n", first)
    elif node.style == "'":
        pattern, first, last = _SINGLE, first + 1, last - 1
    elif node.style == '"':
        pattern, first, last = _DOUBLE, first + 1, last - 1
    else:
        pattern = _PLAIN
    for match in pattern.finditer(text, first, last):
        said = _SAYS[node.style](match[0]) if node.style in _SAYS else match[0]
        if said and not said.isspace():
            yield Piece(said, match.start(), match.end())


def _unescaped(piece: str) -> str:
    if not piece.startswith("\\"):
        return piece
    kind, code = piece[1], piece[2:]
    if code and kind in "xuU":
        return chr(int(code, 16))
    return "" if kind in _BLANK_ESCAPES else _ESCAPES.get(kind, kind)


_SAYS = {"'": lambda piece: piece.replace("''", "'"), '"': _unescaped}
