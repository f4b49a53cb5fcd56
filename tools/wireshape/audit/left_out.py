"""Finds the fields that real answers have, that no page promises, and that no example of a section shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from wireshape.audit import examples
from wireshape.audit.examples import AuditedExample
from wireshape.audit.pairing import Edition
from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.field import Evidence
from wireshape.check import walk
from wireshape.check.walk import Rows
from wireshape.findings.build import Findings
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.jsontext.paths import ABSENT
from wireshape.model import Finding
from wireshape.pages import captured
from wireshape.pages.sections import Page


def find(editions: Iterable[Edition], catalog: Catalog) -> Iterator[Finding]:
    """Yield for each kind of object of an edition what its examples leave out, with a place in each of them."""
    for edition in editions:
        found = Findings(by_value=True)
        objects = [(each, rows) for each in edition for rows in _objects(each, catalog)]
        shown: dict[str, set[str]] = {}
        for _, rows in objects:
            shown.setdefault(_place(rows), set()).update(rows.first)
        told = set()
        for each, rows in objects:
            lacking = _undocumented(rows, each.page) - shown[_place(rows)]
            is_whole = rows.path not in each.page_example.example.incomplete_paths
            if lacking and is_whole and (id(each), _place(rows)) not in told:
                told.add((id(each), _place(rows)))
                found.add([_violation(rows, lacking)], replace(examples.subject(each), mode=None))
        yield from found.all()


def _objects(each: AuditedExample, catalog: Catalog) -> Iterator[Rows]:
    for mode in each.fits[:1] if each.endpoint else ():
        contract = contracts.load(catalog, each.endpoint, mode)
        yield from walk.rows(contract.schema, each.page_example.example.value)


def _place(rows: Rows) -> str:
    return paths.collapse(rows.path)


def _violation(rows: Rows, lacking: set[str]) -> Violation:
    return Violation(
        rule="example-field-left-out", path=rows.path, expected=(", ".join(sorted(lacking)),), actual=(ABSENT,)
    )


def _undocumented(rows: Rows, page: Page) -> set[str]:
    """Give the fields that were seen in answers alone, by the day of the page."""
    fields: dict[str, Any] = rows.schema.get("properties", {})
    day = captured.earliest(page)
    return {name for name, field in fields.items() if _is_undocumented(field.get("x-evidence", {}), day)}


def _is_undocumented(evidence: dict[str, str], day: date | None) -> bool:
    status = evidence.get("status")
    return status == Evidence.UNDOCUMENTED and (day is None or date.fromisoformat(evidence["date"]) <= day)
