"""What schemas/README.md tells people who want only the contracts: its tables and its commands."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from casebook import edited, interaction
from wireshape import resources
from wireshape.catalog import endpoints

README = (resources.SCHEMAS / "README.md").read_text("utf-8")
ANSWER = "usdm/rest/v3/account/single-asset.one-way.loopback.yaml"


def _blocks(fence: str) -> list[str]:
    return re.findall(rf"^```{fence}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that holds schemas/, and an answer with one number for a string."""
    shutil.copytree(resources.SCHEMAS, tmp_path / "schemas")
    answer = edited(json.loads(interaction(ANSWER).body), {"set": "assets[1].walletBalance", "to": 5})
    (tmp_path / "answer.json").write_text(json.dumps(answer), "utf-8")
    return tmp_path


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


@pytest.mark.parametrize("code", _blocks("python"), ids=["jsonschema", "jsonschema-rs"])
def test_python_finds_the_one_fault(code: str, folder: Path) -> None:
    run = _run(folder, sys.executable, "-c", code)
    assert run.stderr == ""
    (line,) = run.stdout.splitlines()
    assert "walletBalance" in line
    assert "5 is not of type" in line


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a POSIX shell")
def test_check_jsonschema_finds_the_one_fault(folder: Path) -> None:
    (variable,) = [block for block in _blocks("sh") if block.startswith("C=")]
    (command,) = [block for block in _blocks("sh") if block.startswith("check-jsonschema")]
    command = command.replace("check-jsonschema", f"{sys.executable} -m check_jsonschema", 1)
    run = _run(folder, "/bin/sh", "-c", variable + command)
    assert run.returncode == 1, run.stderr
    assert run.stdout.count("answer.json::") == 1
    assert "$.assets[1].walletBalance: 5 is not of type 'string'" in run.stdout


def test_wireshape_prints_what_the_commands_ask_for(folder: Path) -> None:
    lines = {line for block in _blocks("sh") for line in block.splitlines() if line.startswith("wireshape ")}
    assert len(lines) == 4
    for line in lines:
        args = line.partition(" >")[0].split()[1:]
        run = _run(folder, sys.executable, "-m", "wireshape", *args)
        assert run.returncode == 0, run.stderr


def test_every_endpoint_and_file_is_told_of() -> None:
    rows = re.findall(r"^\| `([a-z0-9.]+)` \| (.+?) \| (.+?) \|$", README, re.MULTILINE)
    wanted: list[Any] = []
    for endpoint in endpoints.load().endpoints:
        rest = endpoint.transport == "rest"
        sent = f"{endpoint.operation.method} {endpoint.operation.path}" if rest else endpoint.operation.method
        margin = any(mode.margin for mode in endpoint.modes)
        sent += f", until {endpoint.retired}" if endpoint.retired else ""
        wanted.append((endpoint.id, sent, "margin mode and position mode" if margin else "position mode"))
    assert [row for row in rows if row[2].endswith("position mode")] == wanted
    for file in resources.SCHEMAS.glob("*.json"):
        assert file.name in README or file.name.endswith(".schema.json"), file
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    listed = re.findall(r"^- \[(.+)\]\(#(.+)\)$", README, re.MULTILINE)
    assert listed == [(each, re.sub(r"[^a-z -]", "", each.lower()).replace(" ", "-")) for each in headings]
