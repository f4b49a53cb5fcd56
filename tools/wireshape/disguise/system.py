"""Draws the amounts of one run anew, so that what holds among those of an answer still does, and answers agree.

What is drawn depends on how an amount is written, on its sign, and on which relations hold; never on its size. Zeros
stay, and an amount that stood in the same place of an earlier answer becomes what it became then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from wireshape.disguise.amounts import Amount, Notation
from wireshape.disguise.draws import Draws
from wireshape.disguise.group import Group, Place
from wireshape.disguise.linear import Contradiction
from wireshape.disguise.members import Members
from wireshape.disguise.reading import Member, Reading
from wireshape.disguise.relations import Relation
from wireshape.model import InstancePath

_SYSTEM_ATTEMPTS, _GROUP_ATTEMPTS = 8, 40
_SMALL_EXPONENTS, _LARGE_EXPONENTS = range(-9, -3), range(7, 13)  # of what clients write with an exponent

Solution = dict[InstancePath, Amount]


class System:
    """The amounts of one run, by the names of their places."""

    def __init__(self, draws: Draws, members: Members) -> None:
        self._draws = draws
        self._members = members
        self._drawn: dict[tuple[str, ...], dict[Fraction, Amount]] = {}

    def solutions(self, read: Reading, relations: Sequence[Relation]) -> Iterator[Solution]:
        """Yield amounts for an answer, some times others; none where none were found."""
        places = [self._place(each, each.amount) for each in read.members if each.amount and each.amount.size]
        known = self._known(read)
        for attempt in range(_SYSTEM_ATTEMPTS):
            solution = self._solution(places, relations, known, attempt)
            if solution is None:
                return
            yield solution

    def remember(self, read: Reading, solution: Solution) -> None:
        """Remember what became of the amounts of an answer; the first time counts."""
        for member in read.members:
            if member.amount and member.name and member.path in solution:
                self._drawn.setdefault(member.name, {}).setdefault(member.amount.signed, solution[member.path])

    def _place(self, member: Member, amount: Amount) -> Place:
        """Name a place: by its number too, since the next amount to stand there has nothing to do with this one."""
        before = list(self._drawn.get(member.name, ()))
        number = before.index(amount.signed) if amount.signed in before else len(before)
        return Place(
            path=member.path,
            name=(*(member.name or map(str, member.path)), str(number)),
            amount=amount,
            range=self._members.ranges.get(member.leaf.name, self._members.default_range),
        )

    def _known(self, read: Reading) -> Solution:
        """Give what became of the amounts that stood in the same place before, where it can be written as they are."""
        found: Solution = {}
        for member in read.members:
            drawn = self._drawn.get(member.name, {}).get(member.amount.signed) if member.amount else None
            if member.amount and drawn and (again := drawn.rewritten(member.amount.notation)):
                found[member.path] = again
        return found

    def _solution(
        self, places: Sequence[Place], relations: Sequence[Relation], known: Solution, *words: object
    ) -> Solution | None:
        """Draw the amounts that are tied to each other together, and anew where what is known leaves them none."""
        found: Solution = {}
        for group in _groups(places, relations):
            mine = {place.path: known[place.path] for place in group.places if place.path in known}
            drawn = self._attempts(group, mine, *words) if mine else None
            drawn = drawn or self._attempts(group, {}, *words)
            if drawn is None:
                return None
            found |= drawn
        return found

    def _attempts(self, group: Group, known: Solution, *words: object) -> Solution | None:
        for attempt in range(_GROUP_ATTEMPTS):
            # Amounts that are equal, or nearly so, need the same exponent: every other time all have one.
            apart = attempt % 2 == 0
            notations = {
                place.path: self._notation(place, *(place.name if apart else ()), *words, attempt)
                for place in group.places
            }
            notations |= {path: drawn.notation for path, drawn in known.items()}
            try:
                return group.solve(notations, known, self._draws, *words, attempt)
            except Contradiction:
                continue
        return None

    def _notation(self, place: Place, *words: object) -> Notation:
        notation = place.amount.notation
        if not notation.exponent:
            return notation
        exponents = _SMALL_EXPONENTS if notation.exponent < 0 else _LARGE_EXPONENTS
        return replace(notation, exponent=self._draws.pick(exponents, "exponent", *words))


def _groups(places: Sequence[Place], relations: Sequence[Relation]) -> Iterator[Group]:
    """Yield the places that relations tie to each other, directly or through others, and these relations."""
    parents = {place.path: place.path for place in places}

    def top(path: InstancePath) -> InstancePath:
        while parents[path] != path:
            parents[path] = parents[parents[path]]
            path = parents[path]
        return path

    levels = dict.fromkeys(parents, 0)
    for relation in relations:
        _, first = relation.terms[0]
        for _, path in relation.terms:
            parents[top(path)] = top(first)
        if relation.sums in levels and len(relation.terms) > 1:
            levels[relation.sums] += 1
    tied: dict[InstancePath, list[Place]] = {}
    ties: dict[InstancePath, list[Relation]] = {}
    for place in places:
        tied.setdefault(top(place.path), []).append(place)
    for relation in relations:
        ties.setdefault(top(relation.terms[0][1]), []).append(relation)
    for path, group in tied.items():
        yield Group(places=group, relations=ties.get(path, ()), levels=levels)
