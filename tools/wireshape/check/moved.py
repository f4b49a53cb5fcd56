"""Tells fields that an endpoint no longer has from fields that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wireshape.catalog import moves
from wireshape.catalog.endpoints import Catalog
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.model import Endpoint


def named(violations: Sequence[Violation], endpoint: Endpoint, catalog: Catalog) -> list[Violation]:
    """Say of unknown fields that another version has which one, and where this version's users find them."""
    return [_moved(each, endpoint, catalog) if each.rule == "field-undocumented" else each for each in violations]


def _moved(violation: Violation, endpoint: Endpoint, catalog: Catalog) -> Violation:
    before, inside = ((endpoint.payload,), violation.path[1:]) if endpoint.payload else ((), violation.path)
    found = moves.into(catalog.schemas, endpoint, paths.collapse(inside))
    if not found or violation.path != (*before, *inside):
        return violation
    move = next((each for each in found if each.base in endpoint.replaces), found[0])
    field = violation.path[-1]
    detail = f"{field} is a field of {move.base} and not of {endpoint.id}, whose users find it as {move.place}"
    return replace(violation, rule="field-moved", detail=detail)
