"""The worked examples of CONTRIBUTING.md, carried out in a copy of the project: the commands they end with pass."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import documents
from documents import ROOT

CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
EXAMPLES = re.findall(r"^## (Add an? .*)$", CONTRIBUTING, re.MULTILINE)
STEP = re.compile(r"^(In|New file|Then)(?: `([^`\n]+)`)?[^\n]*:\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = (".*_cache", ".git", ".venv", ".hypothesis", "__pycache__", "build", "dist", "*.egg-info")


def _edit(file: Path, diff: str) -> None:
    """Change a file as a diff says, in the one place where its lines stand; done already, it is done."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines(keepends=True)]
    before = "".join(line for mark, line in lines if mark != "+")
    after = "".join(line for mark, line in lines if mark != "-")
    text = file.read_text("utf-8")
    if after not in text:
        assert text.count(before) == 1, f"CONTRIBUTING.md shows lines that {file.name} does not have once:\n{before}"
        file.write_text(text.replace(before, after), "utf-8")


def _run(line: str, project: Path) -> None:
    """Run a command of an example in the copy; its `pytest` runs in one process."""
    program, *args = shlex.split(line, comments=True)
    command = [sys.executable, *([] if program == "python" else ["-m", program]), *args]
    env = {**os.environ, "PYTHONPATH": str(project / "tools"), "PYTEST_ADDOPTS": "-n0 -p no:cacheprovider"}
    run = subprocess.run(command, capture_output=True, check=False, text=True, cwd=project, env=env)
    assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"


def test_the_examples_are_those_that_are_promised() -> None:
    assert EXAMPLES == ["Add a rule", "Add an invariant", "Add an input format", "Add an endpoint"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
    section = documents.section(CONTRIBUTING, example)
    steps = STEP.findall(section)
    assert len(steps) == section.count("```") / 2, "a block without a line that says what to do with it"
    for kind, name, language, block in steps:
        file = project / name
        if kind == "Then":
            for line in block.splitlines():
                _run(line, project)
        elif kind == "In":
            assert language == "diff", name
            _edit(file, block)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, "utf-8")
