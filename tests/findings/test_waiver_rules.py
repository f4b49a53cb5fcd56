"""The rules about waivers themselves, by ledgers that break them and ledgers that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casebook import cases
from wireshape.cli.main import cli
from wireshape.findings import ledger, rules

ENTRY = {
    "rule": "field-removed",
    "base": "usdm.rest.v2.account",
    "current": "usdm.rest.v3.account",
    "mode": "*",
    "reason": "made up",
    "citation": "a test",
    "owner": "nobody",
    "expires": None,
    "accepted": "2019-12-31",
}


@pytest.mark.parametrize("case", cases("waivers"))
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    shipped = json.loads(ledger.LEDGER.read_text("utf-8"))
    file = tmp_path / "waivers.json"
    file.write_text(
        json.dumps(shipped | {"waivers": [*shipped["waivers"], *(ENTRY | each for each in case["waivers"])]}), "utf-8"
    )
    args = ["diff", *case.get("sides", ["--bundled"]), "--waivers", str(file), "--format", "json"]
    report = json.loads(CliRunner().invoke(cli, args).stdout)
    about = {rule.id for rule in rules.load().values() if rule.family == "waivers"}
    found = [finding for finding in report["findings"] if finding["rule"] in about]
    assert [{name: finding[name] for name in ("rule", "path")} for finding in found] == case["findings"]
