"""A rule broken at one path of one value."""

from __future__ import annotations

from dataclasses import dataclass

from wireshape.model import InstancePath


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A rule broken at one path of one value; the collapsed finding is made of all that are alike."""

    rule: str
    path: InstancePath
    expected: str | None = None
    actual: str | None = None
    message: str | None = None
    count: int = 1
    place: tuple[int, int] | None = None
