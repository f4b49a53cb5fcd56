"""What the reader knows of an object or array while it reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wireshape.model import InstancePath

CLOSING_BRACKETS = {"{": "}", "[": "]"}
"""Each opening bracket with the one that closes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentedMember:
    """A member of an object that stands in a comment, its value as it is written; offsets are those in the example."""

    key: str
    token: str
    offset: int
    value_offset: int


@dataclass(slots=True)
class Container:
    """An object or array that is being read, by the bracket that opens it, which the text of an implied one lacks.

    item_end is the end of its last item, comma the offset of a comma that has no item behind it yet; after_ellipsis
    is set where an ellipsis stands for the items before. indent is that of the line that opens it, None where its
    first item is on this line too; item_indent is that of its first item that begins a line.
    """

    path: InstancePath
    opening: str
    start: int
    value: Any
    implied: bool = False
    item_end: int | None = None
    comma: int | None = None
    ended: bool = False
    after_ellipsis: bool = False
    indent: int | None = None
    item_indent: int | None = None
    commented_members: list[CommentedMember] = field(default_factory=list)

    @property
    def closing(self) -> str:
        """The bracket that closes it."""
        return CLOSING_BRACKETS[self.opening]

    @property
    def is_object(self) -> bool:
        """Whether it is an object, and not an array."""
        return self.opening == "{"

    def lacks_member_commented_after(self, offset: int) -> bool:
        """Tell whether a comment behind an offset holds a member that this object has nowhere else."""
        return any(each.offset > offset and each.key not in self.value for each in self.commented_members)
