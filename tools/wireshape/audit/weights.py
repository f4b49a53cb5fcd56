"""Holds the request weight that a section names against the catalogue, and against what was announced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wireshape.audit import examples
from wireshape.audit.examples import AuditedExample
from wireshape.audit.pairing import Edition
from wireshape.catalog.endpoints import Catalog
from wireshape.findings import build
from wireshape.findings.violation import Violation
from wireshape.model import Endpoint, Finding
from wireshape.pages import captured, facts


def find(editions: Iterable[Edition], catalog: Catalog) -> Iterator[Finding]:
    """Yield a finding for each edition that names another weight than the catalogue, or one that is out of date."""
    for edition in editions:
        first = edition[0]
        named = first.section.weight
        violation = _violation(first, first.endpoint, named, catalog) if first.endpoint and named is not None else None
        if violation:
            at = first.page.position(first.section.weight_offset)
            yield from build.made([replace(violation, position=at)], replace(examples.subject(first), mode=None))


def _violation(each: AuditedExample, endpoint: Endpoint, named: int, catalog: Catalog) -> Violation | None:
    announced = facts.load(catalog.schemas).announced_weight(endpoint, captured.earliest(each.page))
    there = (str(named),)
    if announced and named == announced.weight:
        return None
    if announced and named == endpoint.weight:
        wanted = f"{announced.weight} from {announced.since} on: {announced.citation}"
        return Violation(rule="page-weight-outdated", expected=(wanted,), actual=there)
    if named != endpoint.weight:
        return Violation(rule="page-weight-differs", expected=(str(endpoint.weight),), actual=there)
    return None
