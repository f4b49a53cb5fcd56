"""The rows of schemas/history.json as people ask for them: by endpoint or field, in time, with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from wireshape.catalog import contracts, data_files, history
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.history import Interval
from wireshape.errors import UsageError, nearest
from wireshape.jsontext import paths
from wireshape.model import Endpoint

_DAY = timedelta(days=1)


class About(StrEnum):
    """What an entry is about; `meaning` is of values and changes no shape."""

    ENDPOINT = "endpoint"
    MODE = "mode"
    FIELD = "field"
    MEANING = "meaning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """An address, a repository with a commit, or what was captured; and what it shows, in our words."""

    source: str
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What came or went: of an endpoint or product, named, in some modes or in all, when, and how that is known.

    `basis` names the change log, a page, an answer off the wire or a client that learnt a field.
    """

    about: About
    subject: str
    names: tuple[str, ...]
    interval: Interval
    modes: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()


def select(catalog: Catalog, endpoint_id: str | None, field: str | None) -> list[Entry]:
    """List the entries of all endpoints or one, of all fields or one; UsageError names the nearest."""
    if endpoint_id is None:
        products = dict.fromkeys(each.product for each in catalog.endpoints)
        of_endpoints = (_of_endpoint(catalog, each) for each in catalog.endpoints)
        return list(chain(*of_endpoints, *(_of_product(catalog, each) for each in products)))
    endpoint = catalog.get(endpoint_id)
    if field is None:
        return [*_of_endpoint(catalog, endpoint), *_of_product(catalog, endpoint.product)]
    wanted = _named(catalog, endpoint, field)
    entries = [each for each in _of_endpoint(catalog, endpoint) if each.about is About.FIELD]
    return [_of_field(catalog, endpoint, entries, path) for path in wanted]


def _of_endpoint(catalog: Catalog, endpoint: Endpoint) -> Iterator[Entry]:
    """Yield when an endpoint answered, then its fields in the order in which they came."""
    rows = data_files.read(catalog.schemas, history.FILE)
    for row in rows["endpoints"]:
        if row["endpoint"] == endpoint.id:
            yield _entry(About.ENDPOINT, endpoint.id, (), row)
    mine = (row for row in rows["fields"] if endpoint.id in row["endpoints"])
    yield from sorted(
        (_entry(About.FIELD, endpoint.id, row["paths"], row) for row in mine),
        key=lambda entry: entry.interval.present_since or entry.interval.gone_since or date.max,
    )


def _of_product(catalog: Catalog, product: str) -> Iterator[Entry]:
    """Yield the modes of a product, and what changed in the meaning of values."""
    rows = data_files.read(catalog.schemas, history.FILE)
    for row in rows["modes"]:
        if product in row["products"]:
            yield _entry(About.MODE, product, [row["value"]], row)
    for row in rows["meanings"]:
        if product in row["products"]:
            before = date.fromisoformat(row["earliest"]) - _DAY if row["earliest"] else None
            interval = Interval(absent_until=before, present_since=date.fromisoformat(row["latest"]))
            entry = Entry(about=About.MEANING, subject=product, names=(row["says"],), interval=interval)
            yield replace(entry, citations=_citations(row))


def _entry(about: About, subject: str, names: Sequence[str], row: Mapping[str, Any]) -> Entry:
    return Entry(
        about=about,
        subject=subject,
        names=tuple(names),
        interval=history.interval(row),
        modes=tuple(row.get("modes", ())),
        basis=tuple(row["basis"]),
        citations=_citations(row),
    )


def _citations(row: Mapping[str, Any]) -> tuple[Citation, ...]:
    return tuple(Citation(**each) for each in row["citations"])


def _named(catalog: Catalog, endpoint: Endpoint, field: str) -> list[str]:
    """List the paths of an endpoint that a word names, by the whole path or its last name."""
    known = {
        paths.collapse(contracts.payload_path(endpoint, path)): None
        for mode in endpoint.modes
        for path in contracts.load(catalog, endpoint, mode).fields()
    }
    found = [path for path in known if field in {path, path.rpartition(".")[2]}]
    if not found:
        names = dict.fromkeys(name for path in known for name in (path, path.rpartition(".")[2]))
        raise UsageError(f"{endpoint.id} has no field {field!r}{nearest(field, names)}")
    return found


def _of_field(catalog: Catalog, endpoint: Endpoint, entries: Sequence[Entry], path: str) -> Entry:
    """Give what is known of a field; one without a row is as old as its endpoint."""
    for entry in entries:
        if path in entry.names:
            return replace(entry, names=(path,))
    life = history.load(catalog.schemas).life(endpoint)
    return Entry(about=About.FIELD, subject=endpoint.id, names=(path,), interval=life)
