"""The strings and numbers of a JSON text, each with its path and where it stands, so that one can be replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wireshape.model import InstancePath

_TOKEN = re.compile(r'[ \t\r\n]*+("(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\[\]{},: \t\r\n"]++)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """One string or number: its path, where its token begins and ends, the token, and what it says."""

    path: InstancePath
    start: int
    end: int
    token: str
    text: str

    @property
    def name(self) -> str:
        """The member it stands in, through any arrays; empty outside of objects."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def is_string(self) -> bool:
        """Whether it is a string."""
        return self.token.startswith('"')


def leaves(text: str) -> Iterator[Scalar]:
    """Yield the strings and numbers of a JSON text in order, whatever keys occur twice; the text has to be JSON."""
    path: list[str | int] = []
    key = False
    for match in _TOKEN.finditer(text):
        found = match[1]
        if found in "{[":
            path.append("" if found == "{" else 0)
            key = found == "{"
        elif found in "}]":
            path.pop()
        elif found == ",":
            step = path[-1]
            key = isinstance(step, str)
            path[-1] = "" if isinstance(step, str) else step + 1
        elif found == ":":
            key = False
        elif key:
            path[-1] = json.loads(found)
        elif found[0] in '"-0123456789':
            said = json.loads(found) if found.startswith('"') else found
            yield Scalar(path=tuple(path), start=match.start(1), end=match.end(1), token=found, text=said)


def replaced(text: str, tokens: dict[int, tuple[int, str]]) -> str:
    """Put other tokens in the place of those that begin at these offsets and end where each says."""
    parts, done = [], 0
    for start, (end, token) in sorted(tokens.items()):
        parts += [text[done:start], token]
        done = end
    return "".join([*parts, text[done:]])
