"""Where fields moved to that an endpoint's successor lacks: the rows of schemas/moves.json."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wireshape.catalog import data_files, endpoints
from wireshape.catalog.data_files import DataDefect
from wireshape.errors import nearest
from wireshape.model import Endpoint

_FILE = "moves.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A field that `base` has at a collapsed path and `current` lacks, both endpoints; `place` says where it is now."""

    base: str
    current: str
    path: str
    place: str


@cache
def load(schemas: Path) -> tuple[Move, ...]:
    """Read the moves of a schema folder; ContractError says where the file is wrong."""
    rows = data_files.read(schemas, _FILE)["moves"]
    data_files.refuse_file(schemas, _FILE, _defects(schemas, rows))
    return tuple(
        Move(base=base, current=current, path=path, place=place)
        for row in rows
        for base in row["from"]
        for current in row["to"]
        for path, place in row["fields"].items()
    )


def find(schemas: Path, base: Endpoint, current: Endpoint, path: str) -> Move | None:
    """Give where a field of base went that current lacks, None where that is not known."""
    return _by_field(schemas).get((base.id, current.id, path))


def into(schemas: Path, current: Endpoint, path: str) -> tuple[Move, ...]:
    """Give all moves of a field at a path that an endpoint lacks."""
    return _by_place(schemas).get((current.id, path), ())


@cache
def _by_place(schemas: Path) -> dict[tuple[str, str], tuple[Move, ...]]:
    found: dict[tuple[str, str], tuple[Move, ...]] = {}
    for move in load(schemas):
        found[move.current, move.path] = (*found.get((move.current, move.path), ()), move)
    return found


@cache
def _by_field(schemas: Path) -> dict[tuple[str, str, str], Move]:
    return {(move.base, move.current, move.path): move for move in load(schemas)}


def _defects(schemas: Path, rows: list[dict[str, list[str]]]) -> Iterator[DataDefect]:
    ids = [endpoint.id for endpoint in endpoints.load(schemas).endpoints]
    for number, row in enumerate(rows):
        for side in ("from", "to"):
            for index, name in enumerate(row[side]):
                if name not in ids:
                    reason = f"unknown endpoint {name!r}{nearest(name, ids)}"
                    yield DataDefect(path=("moves", number, side, index), reason=reason)
