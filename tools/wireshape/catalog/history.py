"""Since when there is which endpoint, account mode and field: the days of schemas/history.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files, endpoints, history_defects
from wireshape.model import Endpoint, Mode

FILE = "history.json"


class State(StrEnum):
    """What is known of something on a day; OPTIONAL where it may be there or not."""

    ABSENT = "absent"
    OPTIONAL = "optional"
    PRESENT = "present"


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """The last day something is known to be absent, the first it is known to be there, the first it is gone."""

    absent_until: date | None = None
    present_since: date | None = None
    gone_since: date | None = None

    def state(self, day: date) -> State:
        """Say what is known of a day; a day that nobody knows leaves its side open."""
        if (self.absent_until and day <= self.absent_until) or (self.gone_since and day >= self.gone_since):
            return State.ABSENT
        return State.PRESENT if self.present_since and day >= self.present_since else State.OPTIONAL

    def starts(self) -> Iterator[date]:
        """Yield the days on which the state changes."""
        if self.absent_until:
            yield date.fromordinal(self.absent_until.toordinal() + 1)
        yield from (day for day in (self.present_since, self.gone_since) if day)


ALWAYS = Interval(present_since=date.min)
"""The interval of what has no row."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class History:
    """When what was there: endpoints by id, modes by product and value, fields by endpoint, mode and collapsed path."""

    lives: Mapping[str, Interval]
    modes: Mapping[str, Mapping[str, Interval]]
    fields: Mapping[str, Mapping[str, Mapping[str, Interval]]]

    def life(self, endpoint: Endpoint) -> Interval:
        """Give the interval in which an endpoint answered."""
        return self.lives.get(endpoint.id, ALWAYS)

    def of_mode(self, endpoint: Endpoint, mode: Mode) -> list[Interval]:
        """Give the intervals of the parts of a mode of an endpoint's product."""
        known = self.modes.get(endpoint.product, {})
        return [known[part] for part in (mode.margin, mode.position) if part and part in known]

    def of_fields(self, endpoint: Endpoint, mode: Mode) -> Mapping[str, Interval]:
        """Give the intervals of the fields of an endpoint in a mode, by collapsed path; others are always there."""
        return self.fields.get(endpoint.id, {}).get(str(mode), {})

    def starts(self) -> list[date]:
        """List the days on which anything changes, in order."""
        of_fields = (by_path.values() for by_mode in self.fields.values() for by_path in by_mode.values())
        of_modes = (known.values() for known in self.modes.values())
        every = chain(self.lives.values(), *of_modes, *of_fields)
        return sorted({day for interval in every for day in interval.starts()})


@cache
def load(schemas: Path) -> History:
    """Read the history of a schema folder; ContractError says where the file is wrong."""
    raw = data_files.read(schemas, FILE)
    catalog = endpoints.load(schemas)
    data_files.refuse_file(schemas, FILE, history_defects.find(catalog, raw))
    modes: dict[str, dict[str, Interval]] = {}
    for row in raw["modes"]:
        for product in row["products"]:
            modes.setdefault(product, {})[row["value"]] = interval(row)
    fields: dict[str, dict[str, dict[str, Interval]]] = {
        endpoint.id: {str(mode): {} for mode in endpoint.modes} for endpoint in catalog.endpoints
    }
    for row in raw["fields"]:
        known = dict.fromkeys(row["paths"], interval(row))
        for endpoint in row["endpoints"]:
            for mode in row.get("modes", fields[endpoint]):
                fields[endpoint][mode] |= known
    return History(lives={row["endpoint"]: interval(row) for row in raw["endpoints"]}, modes=modes, fields=fields)


def interval(row: Mapping[str, Any]) -> Interval:
    """Read the days of a row."""
    days = {name.replace("-", "_"): date.fromisoformat(row[name]) for name in history_defects.DAYS if row[name]}
    return Interval(**days)
