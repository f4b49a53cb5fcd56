"""Adding an endpoint, a mode or an invariant touches data files only: here a seventh endpoint, thrown away after."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.catalog.endpoints import Catalog
from wireshape.check.run import check
from wireshape.findings.report import Report
from wireshape.inputs import read
from wireshape.inputs.context import Context

ROW = {
    "id": "optm.rest.v1.wallet",
    "product": "optm",
    "transport": "rest",
    "version": "v1",
    "operation": {"method": "GET", "path": "/optm/v1/wallet"},
    "weight": 1,
    "modes": ["portfolio.one-way", "portfolio.netting"],
    "positions": "open-symbols",
    "mirrors": [],
    "replaces": [],
    "counterparts": [],
}
INVARIANT = {
    "held-on": {"bodies": 0, "places": 0},
    "id": "fee-below-total",
    "statement": "fee is not above total",
    "kind": "at-most",
    "each": "coins",
    "field": "fee",
    "bound": "total",
}


def _contract(netted: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing that differs
    decimal = {"$ref": "../../../../common.schema.json#/$defs/decimal"}
    coin = {"type": "object", "required": ["total", "fee"], "properties": {"total": decimal, "fee": decimal}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["coins", "netted"],
        "properties": {"coins": {"type": "array", "items": coin}, "netted": {"type": "boolean", "const": netted}},
    }


@pytest.fixture
def extended(tmp_path: Path) -> Catalog:
    schemas = tmp_path / "schemas"
    shutil.copytree(resources.SCHEMAS, schemas)
    for name, key, row in (("catalog", "endpoints", ROW), ("invariants", "invariants", INVARIANT)):
        document = json.loads((schemas / f"{name}.json").read_text("utf-8"))
        document[key].append(row)
        (schemas / f"{name}.json").write_text(json.dumps(document), "utf-8")
    folder = schemas / "optm" / "rest" / "v1" / "wallet"
    folder.mkdir(parents=True)
    for mode in ROW["modes"]:  # type: ignore[attr-defined]
        text = json.dumps(_contract(netted=mode.endswith("netting")))
        (folder / f"{mode}.schema.json").write_text(text, "utf-8")
    return endpoints.load(schemas)


def _check(known: Catalog, folder: Path, body: dict[str, Any]) -> Report:
    request = {"method": "GET", "uri": "https://optm.example/optm/v1/wallet?timestamp=1"}
    recorded = {"request": request, "response": {"status": {"code": 200}, "body": {"string": json.dumps(body)}}}
    file = folder / "cassette.json"
    file.write_text(json.dumps({"interactions": [recorded]}), "utf-8")
    return check(read.items(read.select([str(file)]).inputs, Context(catalog=known)), known)


def test_a_seventh_endpoint_is_recognised_and_checked(extended: Catalog, tmp_path: Path) -> None:
    good = {"coins": [{"total": "2", "fee": "1"}], "netted": True}
    (entry,) = _check(extended, tmp_path, good).checked
    assert (entry.endpoint, entry.mode, entry.verdict) == ("optm.rest.v1.wallet", "portfolio.netting", "clean")

    bad = {"coins": [{"total": "2", "fee": 1, "x": 1}, {"total": "1", "fee": "3"}], "netted": False}
    report = _check(extended, tmp_path, bad)
    assert report.checked[0].mode == "portfolio.one-way"
    assert [(finding.rule, finding.path) for finding in report.findings] == [
        ("type-mismatch", "coins[].fee"),
        ("field-undocumented", "coins[].x"),
        ("invariant-broken", "coins[].fee"),
    ]


@pytest.mark.parametrize("left_out", [None, "netted"])
def test_a_bare_body_of_it_names_itself(extended: Catalog, tmp_path: Path, left_out: str | None) -> None:
    good = {"coins": [{"total": "2", "fee": "1"}], "netted": True}
    file = tmp_path / "body.json"
    file.write_text(json.dumps({name: value for name, value in good.items() if name != left_out}), "utf-8")
    report = check(read.items(read.select([str(file)]).inputs, Context(catalog=extended)), extended)
    (entry,) = report.checked
    assert entry.endpoint == "optm.rest.v1.wallet"
    assert [finding.path for finding in report.findings] == ([left_out] if left_out else [])


def test_the_other_endpoints_stay_as_they_are(extended: Catalog) -> None:
    report = check(read.items(read.bundled().inputs, Context(catalog=extended)), extended)
    assert {entry.verdict for entry in report.checked} <= {"clean", "info", "error"}
    assert len(report.checked) == len(read.bundled().inputs)
