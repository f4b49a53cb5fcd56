"""The catalogue: which endpoints there are, read from schemas/catalog.json and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wireshape import resources
from wireshape.catalog import data_files
from wireshape.errors import UsageError, nearest
from wireshape.model import Endpoint, Mode, Operation


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Catalog:
    """The endpoints in the order of the file, and the schema folder that holds their contracts."""

    endpoints: tuple[Endpoint, ...]
    schemas: Path

    def get(self, endpoint_id: str) -> Endpoint:
        """Give the endpoint of that id; UsageError names the nearest."""
        for endpoint in self.endpoints:
            if endpoint.id == endpoint_id:
                return endpoint
        hint = nearest(endpoint_id, (endpoint.id for endpoint in self.endpoints))
        raise UsageError(f"unknown endpoint {endpoint_id!r}{hint}; `wireshape endpoints` lists them")

    def mode(self, endpoint: Endpoint, text: str) -> Mode:
        """Read a mode of that endpoint; UsageError names the endpoint's modes."""
        mode = Mode.parse(text)
        if mode not in endpoint.modes:
            known = [str(each) for each in endpoint.modes]
            raise UsageError(f"{endpoint.id} has no mode {text!r}{nearest(text, known)}; its modes: {', '.join(known)}")
        return mode

    def require_mode(self, text: str, endpoint: Endpoint | None) -> None:
        """Raise UsageError where neither the endpoint nor, without one, any endpoint has that mode."""
        if endpoint:
            self.mode(endpoint, text)
            return
        known = dict.fromkeys(str(mode) for each in self.endpoints for mode in each.modes)
        if text not in known:
            raise UsageError(f"unknown mode {text!r}{nearest(text, known)}; modes: {', '.join(known)}")

    def find(self, method: str, path: str | None) -> Endpoint | None:
        """Find the endpoint a request went to, through a proxy's prefix as well; without a path, by method alone."""
        found = [e for e in self.endpoints if e.operation.method == method and (path or "").endswith(e.operation.path)]
        if path is None:
            found = [e for e in self.endpoints if e.operation.method == method]
        return found[0] if len(found) == 1 else None

    def contract_file(self, endpoint: Endpoint, mode: Mode) -> Path:
        """Where the contract lies: product, transport, version and name are folders, the mode is the file."""
        return self.schemas.joinpath(*endpoint.id.split(".", 3), f"{mode}.schema.json")


@cache
def load(schemas: Path = resources.SCHEMAS) -> Catalog:
    """Read the catalogue of a schema folder."""
    raw = data_files.read(schemas, "catalog.json")
    endpoints = tuple(_endpoint(row, raw["transports"][row["transport"]]) for row in raw["endpoints"])
    return Catalog(endpoints=endpoints, schemas=schemas)


def _endpoint(row: dict[str, Any], transport: dict[str, Any]) -> Endpoint:
    return Endpoint(
        id=row["id"],
        product=row["product"],
        transport=row["transport"],
        version=row["version"],
        operation=Operation(**row["operation"]),
        modes=tuple(map(Mode.parse, row["modes"])),
        weight=row["weight"],
        positions=row["positions"],
        mirrors=tuple(row["mirrors"]),
        replaces=tuple(row["replaces"]),
        counterparts=tuple(row.get("counterparts", ())),
        payload=transport["payload"],
        error=transport["error"],
    )
