"""What no schema can say of schemas/history.json: days in no order, names of nothing, a field that two rows tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from wireshape.catalog.data_files import DataDefect
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import nearest
from wireshape.model import Endpoint, InstancePath

DAYS = ("absent-until", "present-since", "gone-since")
"""The members of a row that are days, in their order."""


class _Told(NamedTuple):
    """A field of an endpoint in a mode, of which one row tells."""

    endpoint: str
    mode: str
    path: str


def find(catalog: Catalog, raw: dict[str, Any]) -> Iterator[DataDefect]:
    """Yield what is wrong with the rows of a catalogue's history."""
    for part in ("endpoints", "modes", "fields"):
        for number, row in enumerate(raw[part]):
            yield from _wrong_days(row, (part, number))
    known = {endpoint.id: endpoint for endpoint in catalog.endpoints}
    for number, row in enumerate(raw["endpoints"]):
        yield from _wrong_life(row, ("endpoints", number), known)
    told: set[_Told] = set()
    for number, row in enumerate(raw["fields"]):
        yield from _wrong_names(row, ("fields", number), known)
        yield from _told_twice(row, ("fields", number), known, told)


def _wrong_life(row: dict[str, Any], at: InstancePath, known: Mapping[str, Endpoint]) -> Iterator[DataDefect]:
    name = row["endpoint"]
    if name not in known:
        yield _unknown((*at, "endpoint"), "endpoint", name, known)
    elif row["gone-since"] != known[name].retired:
        reason = f"the catalogue says {known[name].retired or 'that it answers'}"
        yield DataDefect(path=(*at, "gone-since"), reason=reason)


def _wrong_names(row: dict[str, Any], at: InstancePath, known: Mapping[str, Endpoint]) -> Iterator[DataDefect]:
    for index, name in enumerate(row["endpoints"]):
        if name not in known:
            yield _unknown((*at, "endpoints", index), "endpoint", name, known)
    modes = {str(mode) for name in row["endpoints"] if name in known for mode in known[name].modes}
    for index, mode in enumerate(row.get("modes", ())):
        if mode not in modes:
            yield _unknown((*at, "modes", index), "mode", mode, modes)


def _told_twice(
    row: dict[str, Any], at: InstancePath, known: Mapping[str, Endpoint], told: set[_Told]
) -> Iterator[DataDefect]:
    """Yield the paths that a row before it tells for the same endpoint and mode; what it tells itself is taken down."""
    for index, path in enumerate(row["paths"]):
        mine = {
            _Told(name, str(mode), path)
            for name in row["endpoints"]
            if name in known
            for mode in row.get("modes", known[name].modes)
        }
        if mine & told:
            yield DataDefect(path=(*at, "paths", index), reason=f"a second row for {path!r}")
        told |= mine


def _unknown(path: InstancePath, what: str, name: str, known: Iterable[str]) -> DataDefect:
    return DataDefect(path=path, reason=f"unknown {what} {name!r}{nearest(name, known)}")


def _wrong_days(row: dict[str, Any], at: InstancePath) -> Iterator[DataDefect]:
    days: list[date] = []
    for name in DAYS:
        try:
            day = date.fromisoformat(row[name]) if row[name] else None
        except ValueError:
            yield DataDefect(path=(*at, name), reason=f"{row[name]!r} is no date")
            continue
        if day and days and day <= days[-1]:
            yield DataDefect(path=(*at, name), reason=f"{row[name]!r} is not after the day before it")
        days += [day] if day else []
