"""Reading takes regular files up to a size, also where the size is not known before or grows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from wireshape import bounded_read
from wireshape.errors import InputError

posix = pytest.mark.skipif(os.name == "nt", reason="there is no /proc")


def test_a_file_up_to_the_size_is_read_and_no_larger_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").symlink_to("a")
    assert bounded_read.read(tmp_path / "b", 5) == b"12345"
    with pytest.raises(InputError, match="larger than"):
        bounded_read.read(tmp_path / "b", 4)


@pytest.mark.parametrize(("most", "said"), [(65_536, "64 kB"), (4_000_000, "4 MB")])
def test_the_size_is_said(tmp_path: Path, most: int, said: str) -> None:
    (tmp_path / "a").write_bytes(b" " * (most + 1))
    with pytest.raises(InputError, match=f"larger than {said}, the most that is read"):
        bounded_read.read(tmp_path / "a", most)


@posix
def test_a_file_that_hides_its_size_is_read_to_its_end_or_the_bound() -> None:
    file = Path("/proc/self/status")
    assert file.stat().st_size == 0
    assert b"Name:" in bounded_read.read(file, 1_000_000)
    with pytest.raises(InputError, match="larger than"):
        bounded_read.read(file, 10)


def test_a_file_that_grows_is_read_to_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")
    monkeypatch.setattr(os, "read", lambda _, size: b"x" * size)
    with pytest.raises(InputError, match="larger than"):
        bounded_read.read(tmp_path / "a", 3_000_000)


def test_more_can_be_required_of_the_file_that_was_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def require(status: os.stat_result) -> NoReturn:
        raise InputError(f"{status.st_size} byte")

    with pytest.raises(InputError, match="1 byte"):
        bounded_read.read(tmp_path / "a", 10, require)


@pytest.mark.parametrize("command", [["check", "-", "--endpoint", "usdm.rest.v3.account"], ["audit", "-"]])
@posix
@pytest.mark.parametrize(("standard_input", "reason"), [("</dev/zero", "larger than"), ("<&-", "is closed")])
def test_standard_input_that_is_endless_or_closed_is_one_line(
    command: list[str], standard_input: str, reason: str
) -> None:
    shell = ["sh", "-c", f'exec "$@" {standard_input}', "sh", sys.executable, "-m", "wireshape", *command]
    run = subprocess.run(shell, check=False, capture_output=True, text=True, timeout=60)
    assert run.returncode == 3, run.stderr
    assert "internal error" not in run.stderr
    assert reason in run.stdout
    assert len(run.stdout.splitlines()) <= 3


@posix
def test_what_cannot_be_opened_is_called_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("a")
    with pytest.raises(InputError, match="a socket, and no regular file"):
        bounded_read.read(Path("a"), 10)
