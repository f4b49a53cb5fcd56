"""What the members of an answer are, by name: the rows of schemas/disguise.json."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files, error_codes

Json = dict[str, Any]


class Role(StrEnum):
    """What a member is, and with it what becomes of its value; the names of the groups in the data file."""

    AMOUNT = "amounts"
    TIER = "tiers"
    TIME = "times"
    IDENTITY = "identities"
    ASSET = "assets"
    SYMBOL = "symbols"
    TEXT = "texts"
    CONSTANT = "constants"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """Between what amounts of a kind are drawn."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """The public values of a setting, and up to where a value may be one of those that are not public."""

    values: tuple[int, ...]
    largest: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """A field that is the sum of others beside it: in each row of an array, or in the payload."""

    field: str
    terms: tuple[str, ...]
    each: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """A field compared with another beside it."""

    field: str
    bound: str
    each: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnSums:
    """Fields of an asset's row that are the sums of the same fields of the positions settled in it."""

    each: str
    asset: str
    parts: str
    symbol: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicNames:
    """Codes everybody knows, to draw from; those kept are named by rules, and stay."""

    kept: frozenset[str]
    quotes: tuple[str, ...]
    collateral: tuple[str, ...]
    multiplied: tuple[str, ...]
    coins: tuple[str, ...]
    expiries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """What stands in the place of a value, whatever it was."""

    string: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Members:
    """The data file, by name."""

    roles: dict[str, Role]
    ranges: dict[str, Range]
    default_range: Range
    tiers: dict[str, Tier]
    row_names: tuple[str, ...]
    constants: dict[str, Constant]
    sums: tuple[Sum, ...]
    bounds: tuple[Bound, ...]
    column_sums: ColumnSums
    public: PublicNames
    messages: frozenset[str]
    """The messages of errors that are the same for everybody."""

    @cached_property
    def row_titles(self) -> frozenset[str]:
        """The members that say what a row is about: an asset or a symbol."""
        return frozenset(name for name, role in self.roles.items() if role in {Role.ASSET, Role.SYMBOL})


@cache
def load(schemas: Path) -> Members:
    """Read the data file of a schema folder; ContractError where it cannot be read."""
    rows: Json = data_files.read(schemas, "disguise.json")
    ranges = [(name, _range(row)) for row in rows["amounts"] for name in row["members"]]
    tiers = {
        name: Tier(values=tuple(row["values"]), largest=row["largest"])
        for row in rows["tiers"]
        for name in row["members"]
    }
    roles = {name: Role.AMOUNT for name, _ in ranges} | dict.fromkeys(tiers, Role.TIER)
    for role in set(Role) - {Role.AMOUNT, Role.TIER}:
        roles |= dict.fromkeys(rows[role], role)
    public = {name: tuple(codes) for name, codes in rows["public"].items() if name != "kept"}
    return Members(
        roles=roles,
        ranges=dict(ranges),
        default_range=_range(rows["amounts"][0]),
        tiers=tiers,
        row_names=tuple(rows["names-of-rows"]),
        constants={name: Constant(**row) for name, row in rows["constants"].items()},
        sums=tuple(Sum(**row | {"terms": tuple(row["terms"])}) for row in rows["sums"]),
        bounds=tuple(Bound(**row) for row in rows["bounds"]),
        column_sums=ColumnSums(**rows["column-sums"] | {"fields": tuple(rows["column-sums"]["fields"])}),
        public=PublicNames(kept=frozenset(rows["public"]["kept"]), **public),
        messages=frozenset(error.message for error in error_codes.load(schemas).errors),
    )


def _range(row: Json) -> Range:
    low, high = row["range"]
    return Range(low=Fraction(low), high=Fraction(high))
