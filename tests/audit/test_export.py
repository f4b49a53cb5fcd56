"""Mended examples: what is written of a damaged page is whole, can be checked, and holds no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from auditing import PAGES, page
from casebook import cases
from wireshape.audit import export, run
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.pages import json_text
from wireshape.pages import sections as reading


@pytest.mark.parametrize("case", [case for case in cases("audit") if "base" not in case.values[0]])
def test_what_was_mended_is_clean(case: dict[str, Any]) -> None:
    audited = run.audit([page(each) for each in case["pages"]], endpoints.load())
    for each in audited.recovered:
        clean = json_text.to_json(each.page_example.example.value)
        json.loads(clean, parse_constant=pytest.fail)
        again = reading.read(clean.encode(), "clean.json", endpoints.load())
        (section,) = again.sections
        assert section.examples[0].example.defects == ()
        assert section.examples[0].example.value == each.page_example.example.value


def _run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["audit", *map(str, args)], prog_name="wireshape", env={"COLUMNS": "80"})


def test_repaired_examples_are_answers_that_check_reads(tmp_path: Path) -> None:
    broken = tmp_path / "broken.md"
    text = (PAGES / "fenced.en.md").read_text("utf-8").replace('"0.010",', '"0.010"')
    broken.write_text(text.replace("// wallet of the account\n", "// wallet of the account "), "utf-8")
    run = _run(broken, "--repaired", tmp_path / "clean")
    assert run.exit_code == 1
    index = json.loads((tmp_path / "clean" / export.INDEX).read_text("utf-8"))
    single, multi = index["examples"]
    assert [mended["rule"] for mended in single["mended"]] == ["example-swallowed-field", "example-missing-comma"]
    assert (single["mended"][0]["line"], single["mode"], multi["mode"]) == (
        21,
        "single-asset.one-way",
        "multi-assets.one-way",
    )
    for example in (single, multi):
        body = tmp_path / "clean" / example["file"]
        args = ["check", str(body), "--endpoint", example["endpoint"], "--mode", example["mode"]]
        assert CliRunner().invoke(cli, args).exit_code == 0
        assert _run(body, "--endpoint", example["endpoint"]).exit_code == 0


def test_repaired_files_hold_no_secret(tmp_path: Path) -> None:
    made_up = "fakeKey0" * 8
    body = f'# Keys\n\nPOST `/fapi/v1/listenKey`\n\n```json\n{{"listenKey": "{made_up}", "apiKey": "short",}}\n```\n'
    (tmp_path / "page.md").write_text(body, "utf-8")
    run = _run(tmp_path / "page.md", "--repaired", tmp_path / "out")
    written = "".join(file.read_text("utf-8") for file in (tmp_path / "out").iterdir())
    for text in (run.output, written):
        assert "fakeKey0fake" not in text
        assert "short" not in text
