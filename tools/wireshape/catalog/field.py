"""What one path of a shape holds, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """What a field rests on: a page, the wire alone, a page that once had it, or an answer that is at hand."""

    DOCUMENTED = "documented"
    UNDOCUMENTED = "undocumented"
    WITHDRAWN = "withdrawn"
    OBSERVED = "observed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One path of a shape: JSON types, value form as a contract words it, whether always there, values, evidence.

    `forms` are the lexical forms let through or seen, such as `fixed`, `exponent` or `text` of a string; none where
    only zeros were seen, which fit any. `values` is None where any value goes.
    """

    types: frozenset[str]
    form: str | None = None
    forms: frozenset[str] = frozenset()
    required: bool = True
    values: frozenset[str] | None = None
    evidence: Evidence = Evidence.DOCUMENTED
