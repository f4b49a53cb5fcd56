"""Writes files whole or not at all: a draft in the same folder first, which then takes the name of the file."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from wireshape.errors import OutputError, UsageError

_DRAFT = ".wireshape-draft-"
_ANYBODY = 0o666
"""The permissions of a new file, less those that the umask takes."""
_MODE = 0o7777
_TRIES = 16
_WINDOWS = os.name == "nt"


class _Draft(NamedTuple):
    """An open draft."""

    number: int
    file: Path


def write(file: Path, content: bytes, *, mode: int = _ANYBODY, check: Callable[[bytes], None] | None = None) -> None:
    """Write a file in one step; OutputError says why it could not be, and then nothing has changed.

    Links are followed, permissions kept; a new file has those of mode. `check` sees what is on the disk before the file
    has its name, and raises where it must not get it. What is no regular file, such as a pipe, is written to.
    """
    require_place(file)
    target = Path(os.path.realpath(file))
    try:
        status = _status(target)
        if status is None or stat.S_ISREG(status.st_mode):
            _replace(target, content, status, mode, check)
        else:
            _pour(target, content)
    except OSError as error:
        raise _unwritable(file, error) from None


def require_place(file: Path) -> None:
    """Raise OutputError where a file has no folder to be written to, or is one itself, before it is made."""
    try:
        target = Path(os.path.realpath(file))
        status = _status(target)
        if status and stat.S_ISDIR(status.st_mode):
            raise OutputError(f"cannot write {file}: it is a folder")
        if not target.parent.is_dir():
            raise OutputError(f"cannot write {file}: no such folder")
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from None


def require_apart(output: Path, inputs: Iterable[Path]) -> None:
    """Raise UsageError where an output is one of the inputs, under whatever name."""
    try:
        written = output.stat()
    except (OSError, ValueError):
        return
    for each in inputs if stat.S_ISREG(written.st_mode) else ():
        with suppress(OSError, ValueError):
            if os.path.samestat(written, each.stat()):
                raise UsageError(f"cannot write {output}: it is one of the inputs")


def remove_abandoned(folder: Path) -> None:
    """Remove the drafts of runs that were killed; those that are still being written stay."""
    for draft in folder.glob(f"{_DRAFT}*"):
        with suppress(OSError):
            if _WINDOWS:  # which removes no file that is open
                draft.unlink()
            else:
                _remove_unlocked(draft)


def _remove_unlocked(draft: Path) -> None:
    number = os.open(draft, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        _lock(number)
        draft.unlink()
    finally:
        os.close(number)


def _unwritable(file: Path, error: OSError | ValueError) -> OutputError:
    reason = error.strerror or "it fails" if isinstance(error, OSError) else "not a file name"
    return OutputError(f"cannot write {file}: {reason}")


def _status(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _replace(
    target: Path, content: bytes, status: os.stat_result | None, mode: int, check: Callable[[bytes], None] | None
) -> None:
    draft = _draft(target.parent, mode)
    try:
        try:
            if status and hasattr(os, "fchmod"):
                os.fchmod(draft.number, status.st_mode & _MODE)
            _fill(draft.number, content)
            os.fsync(draft.number)
            if check:
                check(draft.file.read_bytes())
            if not _WINDOWS:
                draft.file.replace(target)
        finally:
            os.close(draft.number)
        if _WINDOWS:
            draft.file.replace(target)
    except BaseException:
        draft.file.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _draft(folder: Path, mode: int) -> _Draft:
    """Open a draft of a name that no other run has, and lock it: somebody is at work on it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for _ in range(_TRIES):
        draft = folder / f"{_DRAFT}{secrets.token_hex(8)}"
        number = os.open(draft, flags, mode)
        if _is_kept(number):
            return _Draft(number, draft)
        os.close(number)
    raise OSError(errno.EBUSY, "drafts are removed as they are made")


def _is_kept(number: int) -> bool:
    """Lock a draft; False where a run that clears up took it for abandoned before."""
    try:
        _lock(number)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks, on which nothing is cleared up
        return True
    return os.fstat(number).st_nlink > 0


def _lock(number: int) -> None:
    """Lock an open file; BlockingIOError where another process has it, OSError where it cannot be locked."""
    if not _WINDOWS:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _pour(target: Path, content: bytes) -> None:
    """Write to a pipe or device; one that nobody reads is an error, and is not waited for."""
    number = os.open(target, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    try:
        os.set_blocking(number, True)
        _fill(number, content)
    finally:
        os.close(number)


def _fill(number: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(number, left) :]


def _sync(folder: Path) -> None:
    """Have the new name on the disk as well; some systems open no folder, and then it comes with time."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(number)
        finally:
            os.close(number)
