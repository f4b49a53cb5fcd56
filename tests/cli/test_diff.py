"""`wireshape diff` with what a call can name, and with contracts of a git revision that this version cannot read."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casebook import cases, filled, put
from wireshape import resources
from wireshape.cli.main import cli
from wireshape.diff import git

ENDPOINT = "usdm.rest.v3.account"
CONTRACT = "schemas/usdm/rest/v3/account/single-asset.one-way.schema.json"


def _archive(**replaced: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(resources.SCHEMAS, "schemas")
        for name, text in replaced.items():
            file = tarfile.TarInfo(name)
            file.size = len(text)
            archive.addfile(file, io.BytesIO(text.encode()))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("revision", "file", "text"),
    [
        ("no-json", "schemas/catalog.json", "{"),
        ("no-endpoints", "schemas/catalog.json", "{}"),
        ("no-object", "schemas/catalog.json", "[]"),
        ("broken-contract", CONTRACT, "{"),
    ],
)
def test_schemas_of_another_version_are_no_bug_of_this_one(
    revision: str, file: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_archive", lambda _: _archive(**{file: text}))
    run = CliRunner().invoke(cli, ["diff", f"{ENDPOINT}@{revision}", ENDPOINT])
    assert run.exit_code == 2
    assert run.output.startswith(f"wireshape: this version cannot read the schemas of git revision {revision!r}: ")
    assert len(run.output.splitlines()) == 1


@pytest.mark.parametrize("case", cases("command-lines/diff"))
def test_input(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in case["files"].items():
        put(tmp_path / name, content)
    run = CliRunner().invoke(cli, ["diff", *case["args"]], input=filled(case.get("stdin", "")), env={"COLUMNS": "160"})
    assert run.exit_code == case["exit"], run.output
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    for line in case["lines"]:
        assert line in run.output
