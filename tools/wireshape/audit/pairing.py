"""Pairs what documents the same: editions by where they stand and when, examples by what they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from wireshape.audit.examples import AuditedExample
from wireshape.jsontext import paths
from wireshape.pages.sections import Page

Edition = Sequence[AuditedExample]
"""The examples of answers of one section: one operation in one language of one page."""

_T = TypeVar("_T")
_Rank = tuple[float, ...]

_DAYS_APART = 31
"""Captures further apart are not two languages of one page."""
_LEAST_ALIKE = 0.2
"""The part of all their fields that two examples of one answer share at least."""
_WORD = re.compile(r"[^\W_]+")
_OF_LANGUAGES = {"en", "us", "zh", "cn", "english", "chinese", "hans"}


class Subject(NamedTuple):
    """What an edition documents: an endpoint by its id or an operation as the page has it, and of which product."""

    name: str
    product: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairs(Generic[_T]):
    """What belongs together, base first, and what is left of both sides, in their order."""

    pairs: tuple[tuple[_T, _T], ...]
    base_only: tuple[_T, ...]
    current_only: tuple[_T, ...]


def subject(edition: Edition) -> Subject | None:
    """Give what an edition documents, None where its page names no operation: of strangers, nothing is alike."""
    first = edition[0]
    known = first.endpoint or first.section.operation
    return Subject(first.name, first.section.product) if known else None


def captures(base: Sequence[Edition], current: Sequence[Edition]) -> Pairs[Edition]:
    """Pair editions of one operation in one language: of several, those whose pages are alike by name and day."""
    return _paired(base, current, _nearness)


def languages(base: Sequence[Edition], current: Sequence[Edition]) -> Pairs[Edition]:
    """Pair editions of one operation in two languages: of one page, or of pages alike by name and of about one day."""
    return _paired(base, current, lambda one, other: None if _are_apart(one, other) else _nearness(one, other))


def examples(base: Edition, current: Edition) -> Pairs[AuditedExample]:
    """Pair the examples of two editions by mode and by their fields; which of them comes first says little."""
    names = {id(each): frozenset(paths.names(each.page_example.example.value)) for each in (*base, *current)}
    place = {id(each): index for edition in (base, current) for index, each in enumerate(edition)}

    def rank(one: AuditedExample, other: AuditedExample) -> _Rank | None:
        modes = [_agree(one.margin, other.margin), _agree(one.page_example.position, other.page_example.position)]
        alike = _share(names[id(one)], names[id(other)])
        if None in modes or alike < _LEAST_ALIKE:
            return None
        return (*(each for each in modes if each is not None), alike, -abs(place[id(one)] - place[id(other)]))

    return _paired(base, current, rank)


def _paired(base: Sequence[_T], current: Sequence[_T], rank: Callable[[_T, _T], _Rank | None]) -> Pairs[_T]:
    """Pair the best first, each once; a rank of None keeps two apart."""
    ranked = [
        (score, -index, -other)
        for index, one in enumerate(base)
        for other, two in enumerate(current)
        if (score := rank(one, two)) is not None
    ]
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, other in sorted(ranked, reverse=True):
        if -index not in partner and -other not in taken:
            partner[-index] = -other
            taken.add(-other)
    return Pairs(
        pairs=tuple((base[index], current[other]) for index, other in sorted(partner.items())),
        base_only=tuple(each for index, each in enumerate(base) if index not in partner),
        current_only=tuple(each for index, each in enumerate(current) if index not in taken),
    )


def _nearness(one: Edition, other: Edition) -> _Rank:
    mine, its = one[0].page, other[0].page
    apart = _days_apart(mine, its)
    return (mine is its, _share(_words(mine), _words(its)), -(apart or 0))


def _are_apart(one: Edition, other: Edition) -> bool:
    apart = _days_apart(one[0].page, other[0].page)
    return apart is not None and apart > _DAYS_APART


def _days_apart(one: Page, other: Page) -> int | None:
    mine, its = one.identity.day, other.identity.day
    return abs((mine - its).days) if mine and its else None


def _words(page: Page) -> frozenset[str]:
    """Give the words of a page's name, without those of languages and days."""
    words = _WORD.findall(page.name.lower())
    return frozenset(word for word in words if word not in _OF_LANGUAGES and not word.isdecimal())


def _agree(one: str | None, other: str | None) -> int | None:
    """Rank two modes: 1 for the same, 0 where one is not known, None for two that differ."""
    if one is None or other is None:
        return int(one is other)
    return 1 if one == other else None


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
