"""Where `check` says findings are, in files written by hand: each has a mark before the place, which is not written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casebook import cases
from wireshape.cli.main import cli

MARK = "\N{BLACK UP-POINTING TRIANGLE}"


def _run(file: str, *options: str) -> Result:
    return CliRunner().invoke(cli, ["check", file, *options], env={"COLUMNS": "120"}, prog_name="wireshape")


def _findings(file: str, *options: str) -> list[Any]:
    """List what can only stand at one place."""
    found = json.loads(_run(file, *options, "--format", "json").output)["findings"]
    return [each for each in found if each["rule"] in {"type-mismatch", "body-not-json", "field-undocumented"}]


@pytest.mark.parametrize("case", cases("places"))
def test_a_finding_is_where_the_mark_was(case: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before, _, behind = case["text"].partition(MARK)
    file = Path(case["file"])
    file.write_bytes((before + behind).encode())
    options = ["--endpoint", "usdm.rest.v3.account"] if file.name == "alone.json" else []
    locations = [each["location"] for each in _findings(file.name, *options)]
    shown = before.removeprefix("\ufeff")
    line, column = shown.count("\n") + 1, len(shown) - shown.rfind("\n")
    assert (line, column) in [(each["line"], each["column"]) for each in locations]
    assert f" {file}:{line}:{column}\n" in _run(file.name, *options).output
    assert all(each["line"] and not each["unpacked"] for each in locations)


def test_a_body_in_a_file_of_its_own_is_where_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("mappings", "__files"):
        Path(folder).mkdir()
    Path("__files/body.json").write_text('\n\n{"totalWalletBalance": 5}', "utf-8")
    mapping = '{"request": {"url": "/fapi/v3/account"},\n"response": {"bodyFileName": "body.json"}}'
    Path("mappings/account.json").write_text(mapping, "utf-8")
    assert " mappings/account.json:2:30\n" in _run("mappings/account.json").output


def test_findings_of_many_rows_stand_where_the_first_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ['{"code": -2015, "msg": "m"}', *['{"data": {"totalWalletBalance": 5, "totalMarginBalance": "1"}}'] * 3]
    Path("answers.ndjson").write_text("\n".join(lines), "utf-8")
    found = _findings("answers.ndjson", "--endpoint", "usdm.rest.v3.account")
    (wrong,) = [each for each in found if each["rule"] == "type-mismatch"]
    assert wrong["count"] == 3
    assert (wrong["location"]["line"], wrong["location"]["column"]) == (2, 33)
