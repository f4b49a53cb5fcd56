"""What an example is held against besides its contract: the facts of schemas/documentation.json."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files
from wireshape.model import Endpoint


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedParameter:
    """A parameter that every signed request takes, the JSON type of its values, and whether it has to be sent."""

    name: str
    type: str
    mandatory: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The field of a row that names a contract, and the pattern of the year, month and day of its delivery."""

    each: str
    field: str
    pattern: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """What rows of a margin mode share with the account.

    `field` of the rows whose `name` is one of `names` is the account's `total`, give or take `percent`; where it is so
    exactly, `whole` is the sum of `part`. `shared` and `added` say it in words.
    """

    margin: str
    each: str
    name: str
    names: frozenset[str]
    field: str
    total: str
    percent: int
    whole: str
    part: str
    shared: str
    added: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RetiredValue:
    """A value that no row of a product has since a day."""

    products: frozenset[str]
    each: str
    field: str
    value: str
    gone_since: date
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncedWeight:
    """A request weight that was announced from a day on."""

    endpoints: frozenset[str]
    weight: int
    since: date
    citation: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Facts:
    """`accepted` are parameters that a signed request can have beside those of `signed`.

    `doubts` are the ids of invariants that an example has no reason to break, though an account may have one.
    """

    signed: tuple[SignedParameter, ...]
    accepted: frozenset[str]
    doubts: frozenset[str]
    delivery: Delivery
    pool: Pool
    retired: tuple[RetiredValue, ...]
    weights: tuple[AnnouncedWeight, ...]

    def announced_weight(self, endpoint: Endpoint, day: date | None) -> AnnouncedWeight | None:
        """Give the weight that was announced for an endpoint by a day, by now where there is none."""
        return next(
            (each for each in self.weights if endpoint.id in each.endpoints and (day is None or day >= each.since)),
            None,
        )


@cache
def load(schemas: Path) -> Facts:
    """Read the facts of a schema folder."""
    raw: dict[str, Any] = data_files.read(schemas, "documentation.json")["facts"]
    return Facts(
        signed=tuple(SignedParameter(**row) for row in raw["signed"]),
        accepted=frozenset(raw["accepted"]),
        doubts=frozenset(raw["doubts"]),
        delivery=Delivery(**raw["delivery"]),
        pool=Pool(**{**raw["pool"], "names": frozenset(raw["pool"]["names"])}),
        retired=tuple(map(_retired, raw["retired"])),
        weights=tuple(map(_weight, raw["weights"])),
    )


def _retired(row: dict[str, Any]) -> RetiredValue:
    return RetiredValue(
        products=frozenset(row["products"]),
        each=row["each"],
        field=row["field"],
        value=row["value"],
        gone_since=date.fromisoformat(row["goneSince"]),
        says=row["says"],
    )


def _weight(row: dict[str, Any]) -> AnnouncedWeight:
    return AnnouncedWeight(
        endpoints=frozenset(row["endpoints"]),
        weight=row["weight"],
        since=date.fromisoformat(row["since"]),
        citation=row["citation"],
    )
