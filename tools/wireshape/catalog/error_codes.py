"""The error codes of the exchange and the paths it retired, read from schemas/errors.json and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wireshape import resources
from wireshape.catalog import data_files
from wireshape.catalog.operations import Transport
from wireshape.model import Operation, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorCode:
    """One row: what the exchange calls it, the status it comes with, and the reason a live run gives for it.

    `transports` are those it comes over, and `signed` is set where only a signed request is refused with it.
    """

    name: str
    code: int
    status: int
    reason: Reason
    message: str
    transports: tuple[Transport, ...] = tuple(Transport)
    signed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RetiredPath:
    """An operation that answers only that it is retired, the path that replaces it, and since which day."""

    operation: Operation
    replacement: str
    since: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ErrorCodes:
    """All rows in the order of the file; one code may have several names, but only one reason."""

    errors: tuple[ErrorCode, ...]
    retired: tuple[RetiredPath, ...]

    def get(self, name: str) -> ErrorCode:
        """Give the error of that name."""
        return next(error for error in self.errors if error.name == name)

    def reason(self, code: int) -> Reason | None:
        """Give the reason an error code stands for, None for a code that is not listed."""
        return next((error.reason for error in self.errors if error.code == code), None)

    def replacement(self, operation: Operation) -> str | None:
        """Give the path that replaces a retired operation, None where the operation is not retired."""
        return next((each.replacement for each in self.retired if each.operation == operation), None)


@cache
def load(schemas: Path = resources.SCHEMAS) -> ErrorCodes:
    """Read the error codes of a schema folder."""
    raw = data_files.read(schemas, "errors.json")
    return ErrorCodes(
        errors=tuple(map(_of_row, raw["errors"])),
        retired=tuple(
            RetiredPath(
                operation=Operation(method=row["method"], path=row["path"]),
                replacement=row["replacement"],
                since=row["since"],
            )
            for row in raw["retired"]
        ),
    )


def _of_row(row: dict[str, Any]) -> ErrorCode:
    transports = tuple(map(Transport, row.get("transports", Transport)))
    return ErrorCode(**{**row, "reason": Reason(row["reason"]), "transports": transports})
