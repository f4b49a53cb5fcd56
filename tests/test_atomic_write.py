"""Files are written whole or not at all, keep their permissions, and take the place of no input."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wireshape import atomic_write
from wireshape.errors import OutputError, UsageError

posix = pytest.mark.skipif(os.name == "nt", reason="permissions and pipes are those of POSIX systems")


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_made_or_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        atomic_write.write(tmp_path / "a", content)
        assert (tmp_path / "a").read_bytes() == content
    assert _names(tmp_path) == ["a"]


@posix
def test_permissions_are_kept_and_those_of_a_new_file_are_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    atomic_write.write(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "usual").chmod(0o640)
    atomic_write.write(tmp_path / "usual", b"", mode=0o600)
    atomic_write.write(tmp_path / "private", b"", mode=0o600)
    assert (tmp_path / "usual").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "b").symlink_to("a")
    atomic_write.write(tmp_path / "b", b"content")
    assert (tmp_path / "b").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"content"


@posix
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "no" / "a", "no such folder"),
        (lambda folder: folder, "it is a folder"),
        (lambda folder: folder / ("x" * 300), "File name too long"),
        (lambda folder: folder / "a\0b", "not a file name"),
        (lambda _: Path("/dev/full"), "No space left on device"),
        (lambda _: Path("/proc/nothing"), "No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, make: Callable[[Path], Path], reason: str) -> None:
    with pytest.raises(OutputError, match=reason):
        atomic_write.write(make(tmp_path), b"content")
    assert _names(tmp_path) == []


@posix
def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError):
        atomic_write.write(tmp_path / "pipe", b"content")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"before")

    def fsync(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OutputError, match="No space left on device"):
        atomic_write.write(tmp_path / "a", b"after")
    assert _names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"before"


@posix
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    code = (
        "import resource, sys, pathlib\nfrom wireshape import atomic_write\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "atomic_write.write(pathlib.Path(sys.argv[1]), b'x' * 5000)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a")], check=False, capture_output=True, text=True)
    assert "OutputError: cannot write" in run.stderr
    assert "File too large" in run.stderr
    assert _names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"before"


def test_what_is_checked_is_on_the_disk_and_not_under_its_name(tmp_path: Path) -> None:
    def check(written: bytes) -> None:
        assert written == b"content"
        assert not (tmp_path / "a").exists()
        raise LookupError

    with pytest.raises(LookupError):
        atomic_write.write(tmp_path / "a", b"content", check=check)
    assert _names(tmp_path) == []


@posix
def test_drafts_of_killed_runs_are_removed_and_those_at_work_stay(tmp_path: Path) -> None:
    (tmp_path / ".wireshape-draft-left").touch()

    def check(_: bytes) -> None:
        code = (
            "import sys, pathlib\nfrom wireshape import atomic_write\n"
            "atomic_write.remove_abandoned(pathlib.Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
        (draft,) = _names(tmp_path)
        assert draft != ".wireshape-draft-left"

    atomic_write.write(tmp_path / "a", b"content", check=check)
    assert _names(tmp_path) == ["a"]


@posix
def test_no_output_takes_the_place_of_an_input_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "hard").hardlink_to(tmp_path / "a")
    (tmp_path / "other").touch()
    inputs = [tmp_path / "gone", tmp_path / "a"]
    for name in ("a", "link", "hard"):
        with pytest.raises(UsageError, match="one of the inputs"):
            atomic_write.require_apart(tmp_path / name, inputs)
    for name in ("other", "new"):
        atomic_write.require_apart(tmp_path / name, inputs)
    atomic_write.require_apart(Path(os.devnull), [Path(os.devnull)])
