"""What a command looks at where nothing is named: standard input, nothing, or in a terminal a demonstration."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from wireshape import resources
from wireshape.cli import sources
from wireshape.model import Exit

COMMAND = [sys.executable, "-m", "wireshape"]
XARGS = shutil.which("xargs") or ""
RECORDING = resources.CASSETTES / "usdm/rest/v3/account/single-asset.one-way.loopback.yaml"
CHECKED = "1 answer checked, 1 clean"
HINT = "name INPUT, or --bundled for the recordings that come with wireshape"
WAITING = f"wireshape: reading standard input; {HINT}\n"
posix = pytest.mark.skipif(os.name == "nt", reason="has the streams of POSIX")
LONG = 60
"""Seconds after which a command that waits for nothing has failed."""


def _run(*args: str, **streams: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *args], check=False, capture_output=True, text=True, timeout=LONG, **streams)  # type: ignore[call-overload,no-any-return]


def _in_terminal(command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    outer, inner = os.openpty()
    try:
        return _run(command, stdin=inner, env={**os.environ, **env})
    finally:
        os.close(outer)
        os.close(inner)


@posix
@pytest.mark.parametrize(
    ("command", "said", "shown"),
    [
        ("check", "no INPUT, so these are the recordings that come with wireshape (--bundled)", "22 clean"),
        (
            "diff",
            "no BASE and CURRENT, so these are the contracts that come with wireshape (--bundled)",
            "pairs compared",
        ),
    ],
)
def test_in_a_terminal_the_bare_command_is_a_demonstration_and_says_so(command: str, said: str, shown: str) -> None:
    run = _in_terminal(command, {"CI": ""})
    assert (run.returncode, run.stderr) == (Exit.CLEAN, f"wireshape: {said}\n")
    assert shown in run.stdout


@posix
def test_the_terminal_of_a_runner_is_no_demonstration_and_is_not_waited_for() -> None:
    run = _in_terminal("check", {"CI": "true"})
    assert (run.returncode, run.stderr) == (Exit.NOTHING, "")
    assert "standard input: it is a terminal that nobody sits before, since CI is set; name INPUT" in run.stdout
    assert _in_terminal("diff", {"CI": "true"}).returncode == Exit.NOTHING


@posix
@pytest.mark.parametrize(
    ("redirection", "reason"), [("</dev/null", "nothing came"), ("<&-", "it is closed"), ("<&- 2>&-", "it is closed")]
)
def test_without_input_the_bare_check_says_what_to_name(redirection: str, reason: str) -> None:
    shell = ["sh", "-c", f'exec "$@" {redirection}', "sh", *COMMAND, "check"]
    run = subprocess.run(shell, check=False, capture_output=True, text=True, timeout=LONG)
    said = f"unchecked   standard input: {reason}; {HINT}\nnothing was checked\n"
    assert (run.returncode, run.stdout, run.stderr) == (Exit.NOTHING, said, "")


@posix
@pytest.mark.skipif(not XARGS, reason="there is no xargs")
def test_an_empty_list_of_files_is_nothing_checked() -> None:
    # Not every xargs calls the command at all; one that does turns its exit code into 123.
    run = subprocess.run(
        [XARGS, *COMMAND, "check"], check=False, capture_output=True, text=True, input="", timeout=LONG
    )
    assert "clean" not in run.stdout
    assert run.returncode == (123 if run.stdout else 0)


def test_a_file_on_standard_input_is_checked() -> None:
    with RECORDING.open("rb") as file:
        run = _run("check", stdin=file)
    assert (run.returncode, run.stderr) == (Exit.CLEAN, "")
    assert CHECKED in run.stdout


@posix
def test_a_socket_on_standard_input_is_checked() -> None:
    near, far = socket.socketpair()
    with near, far:
        near.sendall(RECORDING.read_bytes())
        near.close()
        run = _run("check", stdin=far)
    assert (run.returncode, run.stderr) == (Exit.CLEAN, "")
    assert CHECKED in run.stdout


@posix
def test_a_pipe_that_stays_open_is_waited_for_and_named_even_where_reads_would_not_wait() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    process = subprocess.Popen(
        [*COMMAND, "check"], stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.close(reading)
    with process:
        assert process.stderr
        assert process.stdout
        assert process.stderr.readline() == WAITING
        assert process.poll() is None
        os.write(writing, RECORDING.read_bytes())
        os.close(writing)
        assert CHECKED in process.stdout.read()
    assert process.returncode == Exit.CLEAN


@posix
def test_a_pipe_that_ends_without_a_word_is_nothing_checked() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a number has no path
        run = _run("check", stdin=pipe)
    assert run.returncode == Exit.NOTHING
    assert "nothing came" in run.stdout


@posix
def test_what_cannot_be_read_whole_is_unchecked_and_not_nothing() -> None:
    with Path("/dev/zero").open("rb") as endless:
        run = _run("check", stdin=endless)
    assert run.returncode == Exit.UNCHECKED
    assert "standard input: larger than 72 MB" in run.stdout


@pytest.mark.parametrize(
    ("name", "raw", "wanted"),
    [
        ("posix", io.FileIO(os.devnull), True),
        ("nt", io.FileIO(os.devnull), False),
        ("nt", io.BytesIO(), True),
    ],
    ids=["posix", "null device of Windows", "console of Windows"],
)
def test_a_stream_that_says_so_is_a_terminal_unless_windows_calls_its_null_device_one(
    name: str, raw: io.IOBase, *, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = SimpleNamespace(isatty=lambda: True, buffer=SimpleNamespace(raw=raw))
    monkeypatch.setattr(sources, "os", SimpleNamespace(name=name, environ={}))
    monkeypatch.setattr(sources, "sys", SimpleNamespace(stdin=stream))
    assert sources.in_terminal() is wanted
