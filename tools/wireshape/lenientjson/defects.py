"""What is not JSON in an example: the rule it breaks, where it is, and what exactly is wrong there."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Defect:
    """One defect at an offset; detail says what is wrong, and is empty where the message of the rule does."""

    rule: DefectRule
    path: InstancePath
    offset: int
    detail: str = ""
