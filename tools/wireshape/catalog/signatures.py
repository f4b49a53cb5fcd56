"""By which names of fields answers are told apart: those of each endpoint, as of every day on which it answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from wireshape.catalog import contracts, eras, history
from wireshape.catalog.contracts import ROW
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.flatten import Schema
from wireshape.catalog.history import ALWAYS, Interval, State
from wireshape.jsontext import paths
from wireshape.model import Endpoint, InstancePath

_ROWS = 20
"""Rows of an array that are looked at."""
_DEPTH = 4
_DOUBT = 1 / 2
"""What a field weighs that is not there, where nobody knows whether it has to be."""
_KEPT = 4096
"""Sets of names of which the distances are kept: bodies of one file have mostly the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """The names that answers of an endpoint may have, have to have and may lack, each a bit of a number."""

    known: int
    required: int
    optional: int

    def distance(self, names: Names) -> Distance:
        """Count the names that a payload lacks of these, and those it has beside them."""
        lacks, doubtful = self.required & names.seen & ~names.has, self.optional & names.seen & ~names.has
        beside = (names.has & ~self.known).bit_count()
        amiss = lacks.bit_count() + _DOUBT * doubtful.bit_count() + beside
        return Distance(amiss=amiss, beside=beside, of=(self.required & names.seen).bit_count())


@dataclass(frozen=True, kw_only=True, slots=True)
class Distance:
    """How many names of a payload are amiss for an endpoint, or are only others', and how many it has to have."""

    amiss: float
    beside: int
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """The names that a payload has, and those it could have: of a row of an array without rows nothing is seen."""

    has: int
    seen: int


def names(catalog: Catalog, payload: object) -> Names:
    """List the names of a payload that some endpoint of the catalogue has."""
    alphabet = _alphabet(catalog)
    has = seen = 0
    for place in objects(payload):
        inside = alphabet.inside.get(place.path, {})
        seen |= sum(inside.values())
        for name in inside.keys() & place.names:
            has |= inside[name]
    return Names(has=has, seen=seen)


@lru_cache(maxsize=_KEPT)
def distances(catalog: Catalog, found: Names, day: date | None = None) -> Mapping[str, Distance]:
    """Give how far a payload is from the answers of each endpoint, by id: on a day, else on the one it is nearest to.

    Of a day outside of an endpoint's life, the nearest inside counts.
    """
    return {endpoint.id: _distance(_of(catalog, endpoint, day), found) for endpoint in catalog.endpoints}


def _distance(each_day: Iterable[Signature], found: Names) -> Distance:
    distances = [each.distance(found) for each in each_day]
    nearest = min(distances, key=attrgetter("amiss"))
    return replace(nearest, beside=min(each.beside for each in distances))


@cache
def last_names(catalog: Catalog, endpoint: Endpoint) -> frozenset[str]:
    """Give the names of an endpoint's fields, wherever they are in its answers."""
    return frozenset(str(path[-1]) for path in _fields(catalog, endpoint))


@cache
def fields(catalog: Catalog, endpoint: Endpoint) -> frozenset[InstancePath]:
    """Give the fields of an endpoint's payload by their path with ROW for any index."""
    return frozenset(_fields(catalog, endpoint))


@dataclass(frozen=True, kw_only=True, slots=True)
class Object:
    """An object in a payload, or all rows of an array: its path with ROW for any index, and its names."""

    path: InstancePath
    names: Collection[str]


def objects(value: object, at: InstancePath = ()) -> Iterator[Object]:
    """Yield the objects of a value, as deep and of as many rows as are looked at."""
    if len(at) > _DEPTH:
        return
    if isinstance(value, dict):
        yield Object(path=at, names=value.keys())
        yield from _below(value, at)
    elif isinstance(value, list):
        rows = [row for row in value[:_ROWS] if isinstance(row, dict)]
        if rows and len(at) < _DEPTH:
            yield Object(path=(*at, ROW), names=set().union(*rows))
        for row in value[:_ROWS]:
            yield from _below(row, (*at, ROW)) if isinstance(row, dict) else objects(row, (*at, ROW))


def _below(value: dict[str, Any], at: InstancePath) -> Iterator[Object]:
    for name, member in value.items():
        if isinstance(member, dict | list):
            yield from objects(member, (*at, name))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Alphabet:
    """A bit for every name that an answer of the catalogue may have, by the path of its object and its own name."""

    inside: Mapping[InstancePath, Mapping[str, int]]

    def bits(self, known: Iterable[InstancePath]) -> int:
        return sum({self.inside[path[:-1]][str(path[-1])] for path in known})


@cache
def _alphabet(catalog: Catalog) -> _Alphabet:
    every = dict.fromkeys(path for endpoint in catalog.endpoints for path in _fields(catalog, endpoint))
    inside: dict[InstancePath, dict[str, int]] = {}
    for number, path in enumerate(every):
        inside.setdefault(path[:-1], {})[str(path[-1])] = 1 << number
    return _Alphabet(inside=inside)


@dataclass(frozen=True, kw_only=True, slots=True)
class _FieldOf:
    """Whether contracts require a field in every mode, and when there was such a field in which."""

    required: bool
    intervals: frozenset[Interval]

    def state(self, day: date) -> State:
        """Say what is known of a day in whatever mode."""
        states = {interval.state(day) for interval in self.intervals}
        return states.pop() if len(states) == 1 else State.OPTIONAL


@cache
def _fields(catalog: Catalog, endpoint: Endpoint) -> Mapping[InstancePath, _FieldOf]:
    """Say of each field of an endpoint's payload whether and when it has to be there."""
    known = history.load(catalog.schemas)
    at = (endpoint.payload,) if endpoint.payload else ()
    by_mode = [dict(_required(contracts.load(catalog, endpoint, mode).at(at), ())) for mode in endpoint.modes]
    rows = [known.of_fields(endpoint, mode) for mode in endpoint.modes]
    return {
        path: _FieldOf(
            required=all(each.get(path, False) for each in by_mode),
            intervals=frozenset(each.get(paths.collapse(path), ALWAYS) for each in rows),
        )
        for path in dict.fromkeys(path for each in by_mode for path in each)
    }


def _required(schema: Schema, at: InstancePath) -> Iterator[tuple[InstancePath, bool]]:
    for name, field in schema.get("properties", {}).items():
        yield (*at, name), name in schema.get("required", ())
        yield from _required(field, (*at, name))
    if "items" in schema:
        yield from _required(schema["items"], (*at, ROW))


@cache
def _of(catalog: Catalog, endpoint: Endpoint, day: date | None) -> tuple[Signature, ...]:
    """List the signatures of an endpoint: that of a day, or those of every day of its life."""
    if day is not None:
        return (_on(catalog, endpoint, eras.living(catalog, endpoint, day)),)
    days = [date.min, *history.load(catalog.schemas).starts()]
    return tuple({_on(catalog, endpoint, eras.living(catalog, endpoint, each)) for each in days})


def known_on(catalog: Catalog, endpoint: Endpoint, day: date) -> list[InstancePath]:
    """List the fields that answers of an endpoint may have on a day, by their path in the payload."""
    return [path for path, field in _fields(catalog, endpoint).items() if field.state(day) is not State.ABSENT]


def _on(catalog: Catalog, endpoint: Endpoint, day: date) -> Signature:
    alphabet, fields = _alphabet(catalog), _fields(catalog, endpoint)
    there = known_on(catalog, endpoint, day)
    required = [path for path in there if fields[path].required and fields[path].state(day) is State.PRESENT]
    return Signature(
        known=alphabet.bits(there),
        required=alphabet.bits(required),
        optional=alphabet.bits(set(there) - set(required)),
    )
