"""The catalogue as of a day: the endpoints, modes and contracts of then. Days between two changes are one era."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from functools import cache

from wireshape.catalog import history
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.history import History, State
from wireshape.model import Endpoint


def at(catalog: Catalog, day: date) -> Catalog:
    """Give the catalogue as of a day; that of two days of one era is the same."""
    starts = _starts(catalog)
    number = bisect_right(starts, day)
    return _as_of(catalog, starts[number - 1] if number else date.min)


def living(catalog: Catalog, endpoint: Endpoint, day: date) -> date:
    """Give the day, or the nearest day of the endpoint's life: outside of it nothing answered."""
    life = history.load(catalog.schemas).life(endpoint)
    if life.gone_since and day >= life.gone_since:
        return date.fromordinal(life.gone_since.toordinal() - 1)
    if life.absent_until and day <= life.absent_until:
        return date.fromordinal(life.absent_until.toordinal() + 1)
    return day


@cache
def _starts(catalog: Catalog) -> list[date]:
    return history.load(catalog.schemas).starts()


@cache
def _as_of(catalog: Catalog, day: date) -> Catalog:
    known = history.load(catalog.schemas)
    alive = [each for each in catalog.endpoints if known.life(each).state(day) is not State.ABSENT]
    return replace(catalog, endpoints=tuple(_endpoint(each, known, day) for each in alive), day=day)


def _endpoint(endpoint: Endpoint, known: History, day: date) -> Endpoint:
    """Give an endpoint with the modes that there were."""
    modes = [
        mode
        for mode in endpoint.modes
        if all(interval.state(day) is not State.ABSENT for interval in known.of_mode(endpoint, mode))
    ]
    return replace(endpoint, modes=tuple(modes))
