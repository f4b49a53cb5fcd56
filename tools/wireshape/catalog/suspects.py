"""Which amount of a relation that does not hold is to blame: the one that most broken and fewest sound ones have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from wireshape.model import InstancePath


class Suspects:
    """Counts in how many relations that hold, and in how many that do not, each place stands."""

    def __init__(self) -> None:
        self._sound: Counter[InstancePath] = Counter()
        self._broken: Counter[InstancePath] = Counter()

    def add(self, sound: Iterable[Sequence[InstancePath]], broken: Iterable[Sequence[InstancePath]]) -> None:
        """Take the places of the relations of one invariant."""
        for each in broken:
            self._broken.update(each)
        for each in sound:
            self._sound.update(each)

    def of(
        self, broken: Sequence[InstancePath], values: Sequence[Decimal], fits: Callable[[InstancePath], bool]
    ) -> InstancePath:
        """Name the place that explains most; of several, the first where what would hold fits.

        Of these, it is the first that is not 0 where it is a part of a sum alone.
        """
        weights = [self._broken[path] - self._sound[path] for path in broken]
        most = max(weights)
        likely = [number for number, weight in enumerate(weights) if weight == most]
        tied = [number for number in likely if fits(broken[number])] or likely
        nonzero = [number for number in tied if values[number]]
        only = len(nonzero) == 1 or tied[0] > 0  # the sum itself is none of them
        return broken[nonzero[0] if nonzero and only else tied[0]]
