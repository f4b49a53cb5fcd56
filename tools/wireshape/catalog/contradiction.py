"""Where the values of an answer contradict each other, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from wireshape.catalog.invariants import Invariant
from wireshape.model import InstancePath


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """Where an invariant does not hold: the path from the payload, what would hold in words, and what is there."""

    invariant: Invariant
    path: InstancePath
    expected: str
    actual: str
