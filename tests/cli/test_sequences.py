"""Commands one after another in one folder: what one leaves there, the next one goes by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casebook import cases, put
from wireshape.cli.main import cli


@pytest.mark.parametrize("case", cases("command-sequences"))
def test_sequence(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for step in case["steps"]:
        for name, content in step.get("files", {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            put(tmp_path / name, content)
        run = CliRunner().invoke(cli, step["args"], prog_name="wireshape", env={"COLUMNS": "160"})
        said = f"{step['args']}: {run.output}"
        assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
        assert run.exit_code == step["exit"], said
        assert [line for line in step.get("lines", []) if line not in run.output] == [], said
        assert [line for line in step.get("not", []) if line in run.output] == [], said
