"""What ends a command early: one line, the right exit code, a traceback only where it is asked for, never a secret."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from wireshape import resources
from wireshape.check import run as checking
from wireshape.cli.main import cli
from wireshape.errors import ContractError, nearest
from wireshape.findings import rules
from wireshape.model import Exit

KEY = "fakeKey0" * 8
WORDS = "correct horse"
SECRETS = (KEY, "short-one", WORDS, "203.0.113.7", "\x1b")


def _run(*args: str, **env: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="wireshape", env={"COLUMNS": "80", **env})


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ("chek", "unknown command 'chek' (did you mean check?); `wireshape --help` lists them"),
        ("nonsense", "unknown command 'nonsense'; `wireshape --help` lists them"),
        ("-x", "unknown option -x; see `wireshape --help`"),
        ("check --forma json", "unknown option --forma (did you mean --format?); see `wireshape check --help`"),
        ("explain", "missing argument 'RULE'; see `wireshape explain --help`"),
        ("explain a b", "got unexpected extra argument (b); see `wireshape explain --help`"),
        (
            "explain field-mising",
            "unknown rule 'field-mising' (did you mean field-missing?); `wireshape rules` lists them",
        ),
        ("check --mode hedg", "unknown mode 'hedg' (did you mean hedge?); `wireshape endpoints` lists them"),
        (
            "check --mode hedgee --endpoint coinm.rest.v1.account",
            "unknown mode 'hedgee' of coinm.rest.v1.account (did you mean hedge?); its modes: one-way, hedge",
        ),
        (f"check --{KEY}", "unknown option <redacted>; see `wireshape check --help`"),
    ],
)
def test_a_usage_error_is_one_line_that_names_the_nearest(args: str, line: str) -> None:
    run = _run(*args.split())
    assert (run.exit_code, run.output) == (Exit.USAGE, f"wireshape: {line}\n")


def test_a_call_without_a_command_shows_the_help() -> None:
    assert "Commands:" in _run().output


@pytest.mark.parametrize(
    ("word", "hint"), [("hedg", " (did you mean hedge?)"), ("portfolio", ""), ("", ""), ("x" * 100_000, "")]
)
def test_nearest(word: str, hint: str) -> None:
    assert nearest(word, iter(["one-way", "hedge"])) == hint


@pytest.fixture
def _bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(*_: object, **__: object) -> None:
        balance = "balance of the account"
        assert balance
        try:
            os.environ[f"WIRESHAPE_{KEY}"]
        except KeyError as error:
            words = f"{KEY} apiKey=short-one {WORDS}\n\x1b[31m signature={KEY} from 203.0.113.7"
            raise ValueError(words) from error

    monkeypatch.setattr(checking, "check", check)


@pytest.mark.usefixtures("_bug")
def test_a_bug_of_ours_is_one_line_with_an_exit_code_of_its_own() -> None:
    run = _run("check", "--bundled")
    assert run.exit_code == 70
    assert run.output == (
        "wireshape: internal error (ValueError): this is a bug in wireshape; "
        "`wireshape --traceback check ...` shows where\n"
    )


@pytest.mark.usefixtures("_bug")
@pytest.mark.parametrize(("args", "env"), [(["--traceback"], {}), ([], {"WIRESHAPE_TRACEBACK": "1"})])
def test_a_traceback_shows_where_and_no_secret(args: list[str], env: dict[str, str]) -> None:
    run = _run(*args, "check", "--bundled", WIRESHAPE_TESTNET_PASSPHRASE=WORDS, **env)
    assert (run.exit_code, run.stdout) == (Exit.BUG, "")
    lines = run.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert any(line.startswith("ValueError: <redacted> apiKey=<redacted> <redacted>") for line in lines)
    assert any("test_errors.py" in line and line.endswith("in check") for line in lines)
    assert lines[-1] == "wireshape: internal error (ValueError): this is a bug in wireshape"
    assert "balance of the account" not in run.stderr
    assert not [secret for secret in SECRETS if secret in run.stderr]


def test_a_rule_that_our_code_misspells_is_our_bug() -> None:
    with pytest.raises(ContractError, match="no rule 'field-mising'") as caught:
        rules.get("field-mising")
    assert caught.value.exit_code is Exit.BUG


def test_bundled_data_that_is_broken_is_our_bug(tmp_path: Path) -> None:
    shutil.copytree(resources.SCHEMAS, tmp_path / "schemas")
    (tmp_path / "schemas" / "catalog.json").write_text("{", "utf-8")
    code = (
        "import pathlib, sys\nfrom wireshape import resources\nresources.SCHEMAS = pathlib.Path(sys.argv.pop())\n"
        "from wireshape.cli.main import main\nmain()"
    )
    command = [sys.executable, "-c", code, "check", str(tmp_path / "schemas")]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (Exit.BUG, "")
    assert run.stderr.startswith("wireshape: catalog.json:1:")
    assert len(run.stderr.splitlines()) == 1


def test_what_the_system_refuses_is_no_bug(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    page = resources.SCHEMAS.parent / "tests" / "cases" / "pages" / "fenced.en.md"
    run = _run("audit", str(page), "--repaired", str(file / "folder"))
    assert run.exit_code in {Exit.USAGE, Exit.UNCHECKED}
    assert len(run.output.splitlines()) == 1
    assert "internal error" not in run.output


def test_an_interrupted_run_is_not_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "check", check)
    run = _run("check", "--bundled")
    assert (run.exit_code, run.output) == (Exit.UNCHECKED, "wireshape: interrupted\n")


def test_a_reader_that_has_seen_enough_is_no_bug() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "wireshape", "serve", "--help"]
    run = subprocess.run(command, check=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (run.returncode, run.stderr) == (Exit.UNCHECKED, b"")
