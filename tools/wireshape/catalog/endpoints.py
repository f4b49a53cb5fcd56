"""The catalogue: which endpoints there are, read from schemas/catalog.json and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from wireshape import resources
from wireshape.catalog import data_files
from wireshape.catalog.data_files import DataDefect
from wireshape.errors import UsageError, nearest
from wireshape.model import Endpoint, InstancePath, Mode, Operation

_FILE = "catalog.json"
_SUFFIX = ".schema.json"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Catalog:
    """The endpoints in the order of the file, and the schema folder that holds their contracts.

    With a day, it is the catalogue as of that day: the endpoints and modes of then, and contracts of then.
    """

    endpoints: tuple[Endpoint, ...]
    schemas: Path
    day: date | None = None

    def __hash__(self) -> int:
        # What is known of a catalogue is looked up by it for every answer; all of its endpoints take long to hash.
        return hash((self.schemas, self.day))

    @property
    def answering(self) -> tuple[Endpoint, ...]:
        """The endpoints that still answer."""
        return tuple(endpoint for endpoint in self.endpoints if not endpoint.retired)

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
            hint = nearest(text, known)
            raise UsageError(f"unknown mode {text!r} of {endpoint.id}{hint}; its modes: {', '.join(known)}")
        return mode

    def require_mode(self, text: str, endpoint: Endpoint | None) -> None:
        """Raise UsageError where neither the endpoint nor, without one, any endpoint has that mode."""
        if endpoint:
            self.mode(endpoint, text)
            return
        known = dict.fromkeys(str(mode) for each in self.endpoints for mode in each.modes)
        if text not in known:
            raise UsageError(f"unknown mode {text!r}{nearest(text, known)}; `wireshape endpoints` lists them")

    def require_product(self, text: str) -> None:
        """Raise UsageError where no endpoint is of that product."""
        known = dict.fromkeys(each.product for each in self.endpoints)
        if text not in known:
            raise UsageError(f"unknown product {text!r}{nearest(text, known)}; known: {', '.join(known)}")

    def find(self, method: str, path: str) -> Endpoint | None:
        """Find the endpoint a request went to, through a proxy's prefix as well."""
        found = [e for e in self.endpoints if e.operation.method == method and path.endswith(e.operation.path)]
        return found[0] if len(found) == 1 else None

    def asked(self, method: str, path: str) -> tuple[Endpoint, ...]:
        """List the endpoints that a frame of a method may ask; without a path, those of every connection."""
        framed = [e for e in self.endpoints if e.payload and e.operation.method == method]
        return tuple(e for e in framed if path in {"", "/"} or path.endswith(e.operation.path))

    def contract_file(self, endpoint: Endpoint, mode: Mode) -> Path:
        """Where the contract lies: product, transport, version and name are folders, the mode is the file."""
        return self.schemas.joinpath(*endpoint.id.split(".", 3), f"{mode}{_SUFFIX}")


@cache
def load(schemas: Path = resources.SCHEMAS) -> Catalog:
    """Read the catalogue of a schema folder; ContractError says where it is wrong."""
    raw = data_files.read(schemas, _FILE)
    endpoints = tuple(_endpoint(row, raw["transports"].get(row["transport"])) for row in raw["endpoints"])
    catalog = Catalog(endpoints=endpoints, schemas=schemas)
    data_files.refuse_file(schemas, _FILE, _defects(catalog, list(raw["transports"])))
    return catalog


def _endpoint(row: dict[str, Any], transport: dict[str, Any] | None) -> Endpoint:
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
        counterparts=tuple(row.get("counterparts", ())),  # younger than the first revisions
        payload=transport["payload"] if transport else None,
        error=transport["error"] if transport else "",
        retired=row.get("retired"),
    )


def _defects(catalog: Catalog, transports: Sequence[str]) -> Iterator[DataDefect]:
    """Yield what no schema can say: names of nothing, and contracts that are not there."""
    ids = [endpoint.id for endpoint in catalog.endpoints]
    for index, endpoint in enumerate(catalog.endpoints):
        row = ("endpoints", index)
        if endpoint.transport not in transports:
            hint = nearest(endpoint.transport, transports)
            yield DataDefect(path=(*row, "transport"), reason=f"unknown transport {endpoint.transport!r}{hint}")
        start = f"{endpoint.product}.{endpoint.transport}.{endpoint.version}."
        if not endpoint.id.startswith(start):
            yield DataDefect(path=(*row, "id"), reason=f"{endpoint.id!r} does not begin with {start!r}")
        if endpoint.id in ids[:index]:
            yield DataDefect(path=(*row, "id"), reason=f"a second endpoint {endpoint.id!r}")
        yield from _unknown_relatives(catalog, endpoint, row, ids)
        yield from _missing_contracts(catalog, endpoint, row)


def _unknown_relatives(
    catalog: Catalog, endpoint: Endpoint, row: InstancePath, ids: Sequence[str]
) -> Iterator[DataDefect]:
    relations = {"mirrors": endpoint.mirrors, "replaces": endpoint.replaces, "counterparts": endpoint.counterparts}
    for name, others in relations.items():
        for index, other in enumerate(others):
            if other not in ids:
                reason = f"unknown endpoint {other!r}{nearest(other, ids)}"
            elif name == "mirrors" and endpoint.id not in catalog.get(other).mirrors:
                reason = f"{other!r} does not mirror {endpoint.id!r}"
            else:
                continue
            yield DataDefect(path=(*row, name, index), reason=reason)


def _missing_contracts(catalog: Catalog, endpoint: Endpoint, row: InstancePath) -> Iterator[DataDefect]:
    for index, mode in enumerate(endpoint.modes):
        file = catalog.contract_file(endpoint, mode)
        if not file.is_file():
            known = [each.name.removesuffix(_SUFFIX) for each in sorted(file.parent.glob(f"*{_SUFFIX}"))]
            reason = f"no contract {file.relative_to(catalog.schemas).as_posix()}{nearest(str(mode), known)}"
            yield DataDefect(path=(*row, "modes", index), reason=reason)
    if endpoint.error and not (catalog.schemas / endpoint.error).is_file():
        path = ("transports", endpoint.transport, "error")
        yield DataDefect(path=path, reason=f"no contract {endpoint.error}")
