"""The row of the catalogue for an operation that a page documents, as far as its name tells it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.model import Endpoint, Mode, Operation

_VERSION = re.compile(r"v[0-9]+")
_NOT_IN_IDS = re.compile(r"[^a-zA-Z.]+")
_REST, _WS = "rest", "ws"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedEndpoint:
    """A proposed row of the catalogue, and what a person has to decide of it."""

    endpoint: Endpoint
    decide: tuple[str, ...]


def propose(
    operation: str, product: str | None, weight: int | None, catalog: Catalog, drafted: Collection[str] = ()
) -> ProposedEndpoint:
    """Propose the row of an operation as pages name it; InputError where its product is not in the catalogue.

    drafted are the ids of other drafts, which it cannot have either.
    """
    method, _, path = operation.partition(" ")
    transport = _REST if path else _WS
    alike = [each for each in catalog.endpoints if (each.product, each.transport) == (product, transport)]
    if product is None or not alike:
        known = ", ".join(dict.fromkeys(each.product for each in catalog.endpoints))
        raise InputError(f"{operation}: the page names no product of the catalogue ({known}); --product names it")
    if path and path.split("/")[1] not in {each.operation.path.split("/")[1] for each in alike}:
        raise InputError(f"{operation}: {product} has no other path below /{path.split('/')[1]}")
    version, name = _named(method, path)
    plain = f"{product}.{transport}.{version}.{_NOT_IN_IDS.sub('', name)}"
    taken = {*drafted, *(each.id for each in catalog.endpoints)}
    # One path can be sent with several methods.
    endpoint_id = next((each for each in (plain, f"{plain}.{method.lower()}") if path and each not in taken), plain)
    if endpoint_id in taken:
        raise InputError(f"{operation}: another operation has its id, {endpoint_id}; draft them apart")
    endpoint = Endpoint(
        id=endpoint_id,
        product=product,
        transport=transport,
        version=version,
        operation=Operation(method=method, path=path or alike[0].operation.path),
        modes=tuple(_modes(alike)),
        weight=weight or 0,
        positions=alike[-1].positions,
        mirrors=(),
        replaces=_earlier(endpoint_id, catalog),
        counterparts=(),
        payload=alike[0].payload,
        error=alike[0].error,
    )
    return ProposedEndpoint(endpoint=endpoint, decide=tuple(_decisions(endpoint, weight, catalog)))


def row(endpoint: Endpoint) -> dict[str, object]:
    """Give the row as the catalogue has it."""
    return {
        "id": endpoint.id,
        "product": endpoint.product,
        "transport": endpoint.transport,
        "version": endpoint.version,
        "operation": {"method": endpoint.operation.method, "path": endpoint.operation.path},
        "weight": endpoint.weight,
        "modes": list(map(str, endpoint.modes)),
        "positions": endpoint.positions,
        "mirrors": list(endpoint.mirrors),
        "replaces": list(endpoint.replaces),
        "counterparts": list(endpoint.counterparts),
    }


def _named(method: str, path: str) -> tuple[str, str]:
    """Give version and name: of a path what is before and behind its version, of a method what is before its slash."""
    if not path:
        version, _, name = method.rpartition("/")
        return version or "v1", name
    parts = [part for part in path.split("/")[2:] if part]
    version = next((part for part in parts if _VERSION.fullmatch(part)), "v1")
    return version, ".".join(part for part in parts if part != version)


def _modes(alike: Iterable[Endpoint]) -> list[Mode]:
    return list(dict.fromkeys(mode for each in alike for mode in each.modes))


def _earlier(endpoint_id: str, catalog: Catalog) -> tuple[str, ...]:
    """Name the endpoint with the version before, where there is one."""
    product, transport, version, name = endpoint_id.split(".", 3)
    before = {
        int(each.version[1:]): each.id
        for each in catalog.endpoints
        if each.id == f"{product}.{transport}.{each.version}.{name}" and int(each.version[1:]) < int(version[1:])
    }
    return (before[max(before)],) if before else ()


def _decisions(endpoint: Endpoint, weight: int | None, catalog: Catalog) -> Iterable[str]:
    if weight is None:
        yield "weight: the page names none, so the row has 0"
    yield f"modes: the row has those of {endpoint.product}; which of them change the answer?"
    yield f"positions: the row has {endpoint.positions}, as its neighbours do; does the answer list symbols at all?"
    name = endpoint.id.split(".", 3)[3]
    others = [each.id for each in catalog.endpoints if each.id.split(".", 3)[3] == name and each.id != endpoint.id]
    yield f"mirrors, replaces, counterparts: {', '.join(others) or 'the catalogue has nothing of that name'}"
