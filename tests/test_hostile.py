"""Hostile inputs: each ends in time and in bounds, with few lines, the right exit code, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hostile import MILLION, NO_FILES, By, Kind
from hostile_contents import ANSWERS, PAGES
from wireshape.cli.main import cli
from wireshape.model import Exit

ENDPOINT = "usdm.rest.v3.account"
COMMANDS = {
    By.CHECK: ("check", "{}", "--endpoint", ENDPOINT),
    By.DIFF: ("diff", f"contract:{ENDPOINT}", "{}", "--endpoint", ENDPOINT),
    By.AUDIT: ("audit", "{}", "--endpoint", ENDPOINT),
    By.SCAN: ("scan", "{}"),
    By.WATCH: ("watch", "--store", "{store}", "{}"),
    By.CHANGE_LOG: ("watch", "--store", "{store}", "--change-log", "{}"),
}
CODES = {Exit.CLEAN, Exit.FINDINGS, Exit.UNCHECKED, Exit.NOTHING}
MAX_LINES = 1200
MAX_SECONDS, MAX_MEGABYTES = 10, 500
# A process counts as its own what the one that started it held: the tests hold much, so a small one starts it.
_MEASURED = """
import json, resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([usage.ru_utime + usage.ru_stime, usage.ru_maxrss], file)
sys.exit(code)
"""
posix = pytest.mark.skipif(os.name == "nt", reason="the names are those of POSIX systems")


def _cases(*kinds: Kind, quick: bool = False) -> list[Any]:
    return [
        pytest.param(kind, args, id=f"{by.name}: {kind.file.partition('.')[2]}: {kind.name}")
        for kind in kinds
        for by, args in COMMANDS.items()
        if by in kind.by and (kind.quick or not quick)
    ]


def _args(args: tuple[str, ...], path: Path) -> list[str]:
    return [each.format(path, store=path.parent / "store") for each in args]


def _require_plain(code: int, text: str) -> None:
    assert code in CODES, text[-500:]
    assert "internal error" not in text
    assert "Traceback" not in text
    assert len(text.splitlines()) <= MAX_LINES


@posix
@pytest.mark.parametrize(("kind", "args"), _cases(*NO_FILES, quick=True))
def test_what_is_no_file_to_read_is_one_line_and_waits_for_nobody(
    kind: Kind, args: tuple[str, ...], tmp_path: Path
) -> None:
    kind.make(tmp_path / kind.file)
    command = [sys.executable, "-m", "wireshape", *_args(args, tmp_path / kind.file)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    _require_plain(run.returncode, run.stdout + run.stderr)
    assert run.returncode == Exit.UNCHECKED
    assert sum(kind.file in line for line in (run.stdout + run.stderr).splitlines()) == 1


@posix
@pytest.mark.parametrize("kind", [kind for kind in NO_FILES if kind.quick], ids=lambda kind: kind.name)
def test_the_rest_is_still_checked(kind: Kind, tmp_path: Path) -> None:
    kind.make(tmp_path / kind.file)
    (tmp_path / "b.json").write_text("{}", "utf-8")
    run = CliRunner().invoke(cli, ["check", str(tmp_path), "--endpoint", ENDPOINT])
    assert run.exit_code == Exit.FINDINGS
    assert "b.json" in run.output


@pytest.mark.parametrize(("kind", "args"), _cases(*ANSWERS, *PAGES, quick=True))
def test_hostile_content_ends_in_few_lines(kind: Kind, args: tuple[str, ...], tmp_path: Path) -> None:
    kind.make(tmp_path / kind.file)
    run = CliRunner().invoke(cli, _args(args, tmp_path / kind.file), prog_name="wireshape")
    assert run.exception is None or isinstance(run.exception, SystemExit)
    _require_plain(run.exit_code, run.output)


@pytest.mark.whole
@posix
@pytest.mark.parametrize(("kind", "args"), _cases(*NO_FILES, *ANSWERS, *PAGES))
def test_every_hostile_input_is_bounded(
    kind: Kind, args: tuple[str, ...], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kind.make(tmp_path / kind.file)
    command = [sys.executable, "-m", "wireshape", *_args(args, tmp_path / kind.file)]
    measured = [sys.executable, "-I", "-c", _MEASURED, str(tmp_path / "usage"), *command]
    with (tmp_path / "output").open("w+b") as output:
        run = subprocess.run(measured, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    (tmp_path / kind.file).unlink()
    _require_plain(run.returncode, text)
    seconds, largest = json.loads((tmp_path / "usage").read_text("ascii"))
    megabytes = largest * (1 if sys.platform == "darwin" else 1024) // MILLION
    record_property("cost", f"{seconds:5.1f} s {megabytes:4} MB")
    assert seconds <= MAX_SECONDS
    assert megabytes <= MAX_MEGABYTES
