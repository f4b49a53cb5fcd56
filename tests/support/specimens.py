"""Reads specimens: answers and pages that are made up, and where ../shared exists those others captured."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casebook import SHARED, SPECIMENS
from wireshape.cli.main import cli

_NOTE = ".note.json"
_NEEDS = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, other people's data that is not committed")


def notes() -> list[Path]:
    """List the notes, one for each specimen."""
    return sorted(SPECIMENS.rglob(f"*{_NOTE}"))


def about(note: Path) -> Path:
    """Give the file a note is about: the one beside it, or one of ../shared that it names."""
    named = json.loads(note.read_text("utf-8")).get("file")
    if named:
        return SHARED.joinpath(named)
    (file,) = (file for file in note.parent.iterdir() if file != note and f"{file.stem}{_NOTE}" == note.name)
    return file


def expected(kind: str) -> list[Any]:
    """List what notes expect of `checks`, `diffs` or `audits`: for each the file and the expectation."""
    return [
        pytest.param(about(note), each, id=f"{_name(note)} {number}", marks=[_NEEDS] if _shared(note) else [])
        for note in notes()
        for number, each in enumerate(json.loads(note.read_text("utf-8")).get(kind, ()), 1)
    ]


def report(*args: str | Path) -> tuple[int, dict[str, Any]]:
    """Run a command, and give its exit code and its JSON report."""
    run = CliRunner().invoke(cli, [*map(str, args), "--format", "json"])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run.exit_code, json.loads(run.stdout)


def modes(checked: dict[str, Any]) -> list[str]:
    """Give the mode of an answer or example of a report, or those that fit."""
    return [checked["mode"]] if checked["mode"] else list(checked["fits"])


def of_answers(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the findings of a report as notes of answers have them."""
    return [{name: finding[name] for name in ("rule", "path", "count")} for finding in findings]


def alike(findings: Iterable[dict[str, Any]]) -> list[str]:
    """Give findings in an order of their own, so that two lists of them can be compared."""
    return sorted(json.dumps({"count": 1, **finding}, sort_keys=True) for finding in findings)


def _name(note: Path) -> str:
    return str(note.relative_to(SPECIMENS)).removesuffix(_NOTE)


def _shared(note: Path) -> bool:
    return SHARED in about(note).parents
