"""Draws whole numbers that keep to bounds, their own and those of sums of them.

Bounds are propagated: each number that is drawn narrows what the others may be, so that there is room left for them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wireshape.disguise import linear
from wireshape.disguise.linear import Contradiction, Expression, Linear, Term


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """A whole number to be found: a multiple of step from least to most, drawn from low to high where that leaves any.

    Its bounds have one sign. `rows` says how many there are of its kind: of many each is drawn before what is drawn
    once, and has room then for all of them. `level` says of how many equations it is the sum.
    """

    least: int
    most: int
    step: int
    low: int
    high: int
    rows: int
    level: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """Where it comes when numbers are drawn: what is written in large steps fits into few places."""
        return -self.step, -self.rows, self.level


Draw = Callable[[int, int, int], int]
"""Draws the unknown of an index: a whole number of steps from one to another, without its sign."""


# Relations of more open terms than this wait: to narrow each term by all others would cost the square of their number.
_MAX_OPEN_TERMS = 16
# Bounds that shrink by less than this share of their width are not passed on, or circles of relations would not end.
_SHARE = 8


def solve(unknowns: Sequence[Unknown], relations: Sequence[Linear], known: Mapping[int, int], draw: Draw) -> list[int]:
    """Give each unknown a number, the known ones theirs; Contradiction where none fit what was drawn.

    Equations are solved first, for the sums among the unknowns; then the others are drawn within what is left to them.
    """
    # Those that leave no choice come first: whatever they make of another, it may still be allowed.
    equations = sorted((relation for relation in relations if relation.total is not None), key=lambda each: each.width)
    expressions = linear.eliminated(equations, known, lambda index: (unknowns[index].step, -unknowns[index].level))
    bounds = [
        expression.between(unknowns[index].least, unknowns[index].most) for index, expression in expressions.items()
    ]
    bounds += [_substituted(relation, expressions) for relation in relations if relation.total is None]
    state = _Bounds(unknowns, bounds)
    state.narrow_all()
    free = [index for index in range(len(unknowns)) if index not in expressions]
    for index in sorted(free, key=lambda index: unknowns[index].rank):
        state.narrow_one(index)
        if not state.is_fixed(index):
            state.fix(index, _drawn(unknowns[index], state.least[index], state.most[index], index, draw))
    drawn = {index: state.least[index] for index in free}
    values = [
        expressions[index].value(drawn) if index in expressions else drawn[index] for index in range(len(unknowns))
    ]
    if any(value % unknown.step for value, unknown in zip(values, unknowns, strict=True)):
        raise Contradiction
    return values


def _substituted(relation: Linear, expressions: Mapping[int, Expression]) -> Linear:
    whole = Expression(terms={term.unknown: term.times for term in relation.terms})
    return linear.substituted(whole, expressions).between(relation.least, relation.most)


def _drawn(unknown: Unknown, least: int, most: int, index: int, draw: Draw) -> int:
    """Draw from where the two ranges meet; where they do not, from the nearest magnitude there is."""
    low, high = max(least, unknown.low), min(most, unknown.high)
    sign = -1 if most < 0 else 1
    if low > high:
        # The bound nearer to what was wanted is that of the lesser size where too small a number was wanted.
        near, far = sorted((abs(least), abs(most)))
        wanted = max(abs(unknown.low), abs(unknown.high))
        low, high = (near, min(far, near * 10)) if wanted < near else (max(near, far // 10), far)
    else:
        low, high = sorted((abs(low), abs(high)))
    return sign * unknown.step * draw(index, -(-low // unknown.step), high // unknown.step)


class _Bounds:
    """What each unknown may be, and between what each relation adds up, kept up to date together."""

    def __init__(self, unknowns: Sequence[Unknown], relations: Sequence[Linear]) -> None:
        self.least = [unknown.least for unknown in unknowns]
        self.most = [unknown.most for unknown in unknowns]
        self._steps = [unknown.step for unknown in unknowns]
        self._relations = relations
        self._uses: list[list[Term]] = [[] for _ in unknowns]  # here the index of a Term is that of a relation
        for number, relation in enumerate(relations):
            for times, index in relation.terms:
                self._uses[index].append(Term(times, number))
        self._lowest = [sum(self._low(term) for term in relation.terms) for relation in relations]
        self._highest = [sum(self._high(term) for term in relation.terms) for relation in relations]
        self._open = [sum(not self.is_fixed(term.unknown) for term in relation.terms) for relation in relations]
        self._queue: deque[int] = deque()
        self._queued: set[int] = set()

    def is_fixed(self, index: int) -> bool:
        """Tell whether one number is left."""
        return self.least[index] == self.most[index]

    def narrow_all(self) -> None:
        """Narrow every unknown by every relation."""
        self._queue.extend(range(len(self._relations)))
        self._queued.update(self._queue)
        self._settle()

    def narrow_one(self, index: int) -> None:
        """Narrow one unknown by the relations it is in."""
        for times, number in self._uses[index]:
            self._narrow_by(number, Term(times, index))
        self._settle()

    def fix(self, index: int, value: int) -> None:
        """Settle an unknown, and narrow the others by it."""
        self._narrow(index, value, value)
        self._settle()

    def _settle(self) -> None:
        while self._queue:
            number = self._queue.popleft()
            self._queued.discard(number)
            relation = self._relations[number]
            self._require_possible(number)
            if self._open[number] <= _MAX_OPEN_TERMS:
                for term in relation.terms:
                    self._narrow_by(number, term)

    def _require_possible(self, number: int) -> None:
        relation = self._relations[number]
        below = relation.least is not None and self._highest[number] < relation.least
        if below or (relation.most is not None and self._lowest[number] > relation.most):
            raise Contradiction

    def _narrow_by(self, number: int, term: Term) -> None:
        """Narrow an unknown by what the other terms of a relation leave for it."""
        if self.is_fixed(term.unknown):
            return
        relation = self._relations[number]
        least, most = self.least[term.unknown], self.most[term.unknown]
        if relation.most is not None:
            left = relation.most - (self._lowest[number] - self._low(term))
            if term.times > 0:
                most = min(most, left // term.times)
            else:
                least = max(least, -(left // -term.times))
        if relation.least is not None:
            left = relation.least - (self._highest[number] - self._high(term))
            if term.times > 0:
                least = max(least, -(-left // term.times))
            else:
                most = min(most, -left // -term.times)
        self._narrow(term.unknown, least, most)

    def _narrow(self, index: int, least: int, most: int) -> None:
        step = self._steps[index]
        least, most = -(-least // step) * step, most // step * step
        before, after = (self.least[index], self.most[index]), (least, most)
        if least > most:
            raise Contradiction
        if before == after:
            return
        passed_on = least == most or (before[1] - before[0] - most + least) * _SHARE > before[1] - before[0]
        for times, number in self._uses[index]:
            term = Term(times, index)
            self._lowest[number] -= self._low(term)
            self._highest[number] -= self._high(term)
        self.least[index], self.most[index] = after
        for times, number in self._uses[index]:
            term = Term(times, index)
            self._lowest[number] += self._low(term)
            self._highest[number] += self._high(term)
            self._open[number] -= least == most
            if passed_on and number not in self._queued:
                self._queue.append(number)
                self._queued.add(number)

    def _low(self, term: Term) -> int:
        return term.times * (self.least if term.times > 0 else self.most)[term.unknown]

    def _high(self, term: Term) -> int:
        return term.times * (self.most if term.times > 0 else self.least)[term.unknown]
