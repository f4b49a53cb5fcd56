"""Holds every two contracts that the catalogue relates against each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from wireshape.catalog.endpoints import Catalog
from wireshape.diff.compare import Comparison, folded, matrix, witnesses
from wireshape.diff.witness import Witness, of_contract
from wireshape.findings.report import Relation, Report
from wireshape.model import Endpoint


def compare(catalog: Catalog) -> Report:
    """Compare every pair of contracts that the catalogue relates, and list the fields of all endpoints."""
    groups: dict[tuple[Relation, str, str], list[Comparison]] = {}
    for relation, base, current in _related(catalog):
        groups.setdefault((relation, base.name, current.name), []).append(witnesses(catalog, base, current, relation))
    everything = [of_contract(catalog, each, each.modes, each.id) for each in catalog.answering]
    return folded(list(groups.values()), matrix(everything))


def _related(catalog: Catalog) -> Iterator[tuple[Relation, Witness, Witness]]:
    """Yield the pairs that are alike or whose difference is known, in each mode both have; nothing that is retired."""
    for endpoint in catalog.answering:
        for other in (each for each in map(catalog.get, endpoint.replaces) if not each.retired):
            yield from ((Relation.REPLACES, *each) for each in _by_mode(catalog, other, endpoint))
        for other in map(catalog.get, endpoint.mirrors):
            if catalog.endpoints.index(endpoint) < catalog.endpoints.index(other):
                yield from ((Relation.MIRRORS, *each) for each in _by_mode(catalog, endpoint, other))
        for other in map(catalog.get, endpoint.counterparts):
            yield from ((Relation.COUNTERPARTS, *each) for each in _by_position(catalog, endpoint, other))
        margins = list(dict.fromkeys(mode.margin for mode in endpoint.modes))
        groups = [[mode for mode in endpoint.modes if mode.margin == margin] for margin in margins]
        named = [of_contract(catalog, endpoint, g, f"{endpoint.id}/{g[0].margin}", g[0].margin) for g in groups]
        yield from ((Relation.MODES, base, current) for base, current in combinations(named, 2))


def _by_mode(catalog: Catalog, base: Endpoint, current: Endpoint) -> Iterator[tuple[Witness, Witness]]:
    for mode in base.modes:
        if mode in current.modes:
            yield of_contract(catalog, base, [mode], base.id), of_contract(catalog, current, [mode], current.id)


def _by_position(catalog: Catalog, base: Endpoint, current: Endpoint) -> Iterator[tuple[Witness, Witness]]:
    """Pair endpoints of products that have other margin modes: what holds in any mode of the same position mode."""
    for mode in current.modes:
        mine = [each for each in base.modes if each.position == mode.position]
        yield of_contract(catalog, base, mine, base.id), of_contract(catalog, current, [mode], current.id)
