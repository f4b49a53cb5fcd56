"""What is not JSON in an example: the rule it breaks, where and what it is, and the edits that repair it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wireshape.model import InstancePath


class DefectRule(StrEnum):
    """The rules that the text of an example can break, by their ids."""

    MISSING_COMMA = "example-missing-comma"
    TRAILING_COMMA = "example-trailing-comma"
    SWALLOWED_FIELD = "example-swallowed-field"
    REPEATED_IN_COMMENT = "example-repeated-in-comment"
    ODD_WHITESPACE = "example-odd-whitespace"
    DUPLICATE_KEY = "example-duplicate-key"
    UNCLOSED = "example-unclosed"
    FOREIGN_LITERAL = "example-foreign-literal"


class Unrepairable(StrEnum):
    """Why the text of a defect cannot be repaired without asking somebody."""

    UNKNOWN = "what belongs there is not known"
    NO_VALUE = "the value is not on the page"
    NO_KEY = "the key is not on the page"
    REPEATED = "which of the two counts is not known"
    LEFT_OUT = "what the ellipsis stands for is not on the page"
    OPEN_COMMENT = "where the comment ends is not known"
    OPEN_FENCE = "where the code block ends is not known"
    TOO_DEEP = "it is nested too deep to be read"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A change of a text: what stands from start to end becomes replacement.

    What is inserted stays with the character before it, or with_next with the one behind it; a line break in it is one
    as the text around it has them.
    """

    start: int
    end: int
    replacement: str
    with_next: bool = False


Repair = tuple[Edit, ...] | Unrepairable
"""The edits that mend a defect, or why there are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Defect:
    """One defect at an offset; detail says what is wrong, and is empty where the message of the rule does.

    repair are the edits that mend the text as the example was read, or why there are none; found is the place of the
    defect in the order in which the reader came to it.
    """

    rule: DefectRule
    path: InstancePath
    offset: int
    detail: str = ""
    repair: Repair = Unrepairable.UNKNOWN
    found: int = 0


def removed(offset: int) -> tuple[Edit, ...]:
    """Remove the character at an offset."""
    return replaced(offset, "")


def replaced(offset: int, replacement: str, width: int = 1) -> tuple[Edit, ...]:
    """Replace the characters at an offset."""
    return (Edit(start=offset, end=offset + width, replacement=replacement),)


def inserted_behind(offset: int, replacement: str) -> tuple[Edit, ...]:
    """Insert behind the character before an offset."""
    return (Edit(start=offset, end=offset, replacement=replacement),)


def inserted_before(offset: int, replacement: str) -> tuple[Edit, ...]:
    """Insert before the character at an offset."""
    return (Edit(start=offset, end=offset, replacement=replacement, with_next=True),)
