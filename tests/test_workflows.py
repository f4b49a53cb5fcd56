"""The workflows are valid, pinned and run what the documents promise."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import documents
from documents import ROOT
from wireshape.cli.main import cli

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EACH = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def _read(file: Path) -> Any:
    # YAML 1.1 reads the key `on` as true.
    return yaml.safe_load(file.read_text("utf-8"))


def _steps(workflow: Any) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


def test_there_are_workflows_for_changes_nights_and_releases() -> None:
    assert [file.stem for file in WORKFLOWS] == ["ci", "nightly", "release"]


@pytest.mark.parametrize(
    ("schema", "files"),
    [("vendor.github-workflows", WORKFLOWS), ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"])],
    ids=["workflows", "dependabot"],
)
def test_they_keep_the_schema_of_the_service(schema: str, files: list[Path], tmp_path: Path) -> None:
    def run(*checked: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, checked)]
        return subprocess.run(command, capture_output=True, check=False, text=True)

    good = run(*files)
    assert good.returncode == 0, good.stdout + good.stderr
    broken = tmp_path / "broken.yml"
    broken.write_text(re.sub(r"^(jobs|updates):", "tasks:", files[0].read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    assert run(broken).returncode == 1


@EACH
def test_no_job_may_write_what_it_need_not(file: Path) -> None:
    workflow = _read(file)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    granted = {
        scope
        for job in workflow["jobs"].values()
        for scope, may in job.get("permissions", {}).items()
        if may == "write"
    }
    assert granted <= ({"id-token", "attestations"} if file.stem == "release" else set())
    assert "concurrency" in workflow
    for step in _steps(workflow):
        assert "checkout" not in step.get("uses", "") or step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", ""), "an expression in a script is pasted into it"


@EACH
def test_actions_are_pinned_to_a_commit(file: Path) -> None:
    used = re.findall(r"uses: (\S+)(?: # (\S+))?", file.read_text("utf-8"))
    assert used
    for action, version in used:
        local = action.startswith("./") and (ROOT / action).is_file()
        assert local or (re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) and re.fullmatch(r"v\d+\.\d+\.\d+", version)), (
            action
        )


def test_ci_runs_the_commands_of_the_readme_on_every_system_and_python() -> None:
    (job,) = _read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"].values()
    readme = [line for line in documents.commands((ROOT / "README.md").read_text("utf-8")) if "-m venv" in line]
    windows = [line.replace("python3", "python").replace(".venv/bin/", ".venv/Scripts/") for line in readme]
    run = {
        system: [step["run"] for step in job["steps"] if step.get("if") == f"runner.os {system} 'Windows'"]
        for system in ("!=", "==")
    }
    assert run == {"!=": readme, "==": windows}
    matrix = job["strategy"]["matrix"]
    assert {system.partition("-")[0] for system in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert f">={matrix['python'][0]}" == PROJECT["requires-python"]
    minors = [int(version.removeprefix("3.")) for version in matrix["python"]]
    assert minors == list(range(minors[0], minors[-1] + 1))


@EACH
def test_commands_and_extras_in_them_exist(file: Path) -> None:
    for step in _steps(_read(file)):
        for line in step.get("run", "").splitlines():
            assert set(re.findall(r"\.\[(\w+)\]", line)) <= PROJECT["optional-dependencies"].keys()
            words = shlex.split(line)
            if words[:1] == ["wireshape"]:
                command = cli.commands[words[1]]
                with command.make_context(words[1], words[2:]):
                    pass
