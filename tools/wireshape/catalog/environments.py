"""The environments of the exchange and their hosts, read from schemas/environments.json and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wireshape import resources
from wireshape.catalog import data_files

Hosts = Mapping[str, Mapping[str, str]]
"""Scheme and host by product and transport; paths are those of the catalogue."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class KnownEnvironment:
    """One row: the name on the command line, the origin that recordings made there state, and the hosts."""

    name: str
    origin: str
    hosts: Hosts


@cache
def load(schemas: Path = resources.SCHEMAS) -> Mapping[str, KnownEnvironment]:
    """Read the environments of a schema folder by name, in the order of the file."""
    rows = data_files.read(schemas, "environments.json")["environments"]
    return {
        name: KnownEnvironment(
            name=name,
            origin=row["origin"],
            hosts=row["hosts"],
        )
        for name, row in rows.items()
    }
