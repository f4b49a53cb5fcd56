"""What the reader of an example knows of an object or array it is inside of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wireshape.model import InstancePath

OPENING = {"{": "}", "[": "]"}
"""The brackets that open something, with those that close it."""


@dataclass(slots=True)
class Container:
    """An object or array being read: last is the end of its last item, comma where one waits for another item.

    elided is set behind an ellipsis.
    """

    path: InstancePath
    kind: str
    opened: int
    value: Any
    last: int | None = None
    comma: int | None = None
    done: bool = False
    elided: bool = False
    in_comments: list[tuple[str, str, int, int]] = field(default_factory=list)

    def recovers(self, offset: int) -> bool:
        """Tell whether a comment behind an offset holds a member that this object has nowhere else."""
        return any(at > offset and key not in self.value for key, _, at, _ in self.in_comments)
