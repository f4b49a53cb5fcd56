"""Reads files that a call names: regular files alone, up to a size, and never one that waits for somebody."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from wireshape.errors import InputError

_MEGABYTE = 1_000_000
_CHUNK = 1 << 20
# A pipe would wait for its writer, and some files of the system for news; a terminal would become that of the process.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read(file: Path, most: int, require: Callable[[os.stat_result], None] | None = None) -> bytes:
    """Give what a regular file of at most so many bytes holds, links followed; InputError where there is none.

    All is asked of the file that was opened, `require` included: what a name stands for may change in between.
    """
    try:
        number = os.open(file, _FLAGS)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):  # a socket, and a device that is not there, cannot even be opened
            _require_regular(file.stat())
        raise _unreadable(error) from None
    try:
        status = os.fstat(number)
        _require_regular(status)
        if require:
            require(status)
        if status.st_size > most:
            raise _too_large(most)
        return _read(number, most)
    except OSError as error:
        raise _unreadable(error) from None
    finally:
        os.close(number)


def standard_input(most: int) -> bytes:
    """Give what standard input holds; InputError where it is closed, cannot be read, or has more bytes."""
    if sys.stdin is None:
        raise InputError("standard input is closed")
    with suppress(AttributeError, OSError, ValueError):  # not on every system, and not of every stream
        # Another program may have left it so that a read gives a part, or nothing, where it should wait.
        os.set_blocking(sys.stdin.fileno(), True)
    try:
        data = sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise _unreadable(error) from None
    if len(data) > most:
        raise _too_large(most)
    return data


def _require_regular(status: os.stat_result) -> None:
    kind = next((name for test, name in _KINDS if test(status.st_mode)), None)
    if kind:
        raise InputError(f"{kind}, and no regular file")


def _read(number: int, most: int) -> bytes:
    """Read to the end, or one byte too far: sizes are unknown below /proc, and grow while a file is written."""
    parts = []
    left = most + 1
    while left and (part := os.read(number, min(left, _CHUNK))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise _too_large(most)
    return b"".join(parts)


def _too_large(most: int) -> InputError:
    size = f"{most // _MEGABYTE} MB" if most >= _MEGABYTE else f"{most >> 10} kB"
    return InputError(f"larger than {size}, the most that is read")


def _unreadable(error: OSError | ValueError) -> InputError:
    if isinstance(error, OSError):
        return InputError(error.strerror or "cannot be read")
    return InputError("not a file name")
