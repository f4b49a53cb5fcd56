"""The specimens: each has a note beside it that says what it is made up after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from casebook import SPECIMENS
from specimens import about, notes
from wireshape.cli.main import cli

SCHEMA = SPECIMENS / "note.schema.json"
LOOSE = {SCHEMA, SPECIMENS / "README.md"}


def _read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def test_every_specimen_has_a_note() -> None:
    files = {file for file in SPECIMENS.rglob("*") if file.is_file()} - LOOSE - set(notes())
    assert files == {about(note) for note in notes() if "file" not in _read(note)}


@pytest.mark.parametrize("note", notes(), ids=lambda note: str(note.relative_to(SPECIMENS)))
def test_a_note_is_as_its_schema_has_it(note: Path) -> None:
    schema = _read(SCHEMA)
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(_read(note))
    assert [f"{error.json_path}: {error.message[:200]}" for error in errors] == []


def test_no_specimen_holds_a_secret() -> None:
    run = CliRunner().invoke(cli, ["scan", str(SPECIMENS)])
    assert run.exit_code == 0, run.output
