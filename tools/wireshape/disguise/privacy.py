"""What a disguise hides, by its level, and how a recording says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from wireshape import resources
from wireshape.catalog import data_files
from wireshape.disguise import times


class Privacy(StrEnum):
    """How much of an answer is replaced: amounts and identities, or whatever tells one account from another."""

    BALANCES = "balances"
    ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a recording says of its own disguise: the level, what was replaced, and what is as the exchange sent it."""

    level: Privacy
    replaced: tuple[str, ...]
    remains: tuple[str, ...]

    def metadata(self) -> dict[str, Any]:
        """Give it as a cassette's metadata hold it."""
        return {"level": str(self.level), "replaced": list(self.replaced), "remains": list(self.remains)}

    def recorded_at(self, time: str) -> str:
        """Give the time of a recording as it may be told: the month alone where the day would tell the account."""
        return times.month(time) if self.level is Privacy.ACCOUNT else time


def statement(level: Privacy, schemas: Path = resources.SCHEMAS) -> Statement:
    """Give the statement of a level, in the words of the data file."""
    row = data_files.read(schemas, "disguise.json")["levels"][level]
    return Statement(level=level, replaced=tuple(row["replaced"]), remains=tuple(row["remains"]))
