"""The case files: each is as the schema of its folder says, and every rule has cases for and against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casebook import CASES, SCHEMA, cases
from wireshape.findings import rules

FOLDERS = sorted({file.parent for file in CASES.rglob("*.json")})
FILES = sorted(file for file in CASES.rglob("*.json") if file.name != SCHEMA)
RULES = rules.load()
# What each kind of case calls what is to be found, and the rule of it.
FIRED = {
    "audit": ("findings", "rule"),
    "check": ("findings", "rule"),
    "diff": ("changes", "kind"),
    "waivers": ("findings", "rule"),
}
OF_RULES = [file for file in FILES if file.parent.name in FIRED]


def _read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def test_every_case_file_is_in_a_folder_that_has_a_schema() -> None:
    assert CASES not in FOLDERS
    for folder in FOLDERS:
        Draft202012Validator.check_schema(_read(folder / SCHEMA))


def test_every_file_of_command_lines_is_named_for_a_command_whose_test_reads_it() -> None:
    read = {command for command in ("audit", "check", "diff", "draft") if cases(f"command-lines/{command}")}
    named = {file.name.partition(".")[0] for file in FILES if file.parent.name == "command-lines"}
    assert named == read


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CASES)))
def test_a_case_file_is_as_its_folder_has_it(file: Path) -> None:
    errors = Draft202012Validator(_read(file.parent / SCHEMA)).iter_errors(_read(file))
    assert [f"{error.json_path}: {error.message[:200]}" for error in errors] == []


@pytest.mark.parametrize("family", FIRED)
def test_every_rule_has_a_case_file(family: str) -> None:
    named = {file.stem for file in OF_RULES if file.parent.name == family}
    assert named >= {rule.id for rule in RULES.values() if rule.family == family}
    assert named <= RULES.keys()


@pytest.mark.parametrize("file", OF_RULES, ids=lambda file: str(file.relative_to(CASES)))
def test_the_rule_a_file_is_named_for_fires_in_some_cases_and_not_in_all(file: Path) -> None:
    found, name = FIRED[file.parent.name]
    tests = [test for group in _read(file) for test in group["tests"]]
    fires = [file.stem in {each[name] for each in test[found]} for test in tests]
    assert any(fires)
    assert not all(fires)
