"""A store of captures: a folder of plain files that is whole at every moment, and that one run writes at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import orjson

from wireshape import atomic_write, bounded_read
from wireshape.errors import InputError, OutputError, UsageError
from wireshape.pages import page_bytes
from wireshape.watch import records
from wireshape.watch.records import Capture, Event, WatchedSource

_SOURCES, _INDEX, _EVENTS = "sources.jsonl", "index.jsonl", "events.jsonl"
_CAPTURES = "captures"
_LOCK = ".lock"
_SHOWN_DIGITS = 12
_MAX_BYTES = 256_000_000
"""Of an index, or of all events."""
_WINDOWS = os.name == "nt"

_T = TypeVar("_T")


class Store:
    """What a store holds, read once; what is added to it is on the disk after `commit`, as a whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources = _lines(folder / _SOURCES, "source", WatchedSource)
        self.captures = _lines(folder / _INDEX, "capture", Capture)
        self.events = _lines(folder / _EVENTS, "event", Event)
        last = {each.page: each for each in self.captures}
        self.active = {page: each for page, each in last.items() if each.sha256}
        self._kept = {each.sha256 for each in self.captures if each.sha256}
        for sha256 in self._kept:
            if not self._file(sha256).is_file():
                raise _damaged(self._file(sha256), "a capture that the index names is not there")

    def content(self, sha256: str) -> bytes:
        """Give what was captured; InputError where that is not what it was."""
        file = self._file(sha256)
        try:
            raw = bounded_read.read(file, page_bytes.MAX_BYTES)
        except InputError as error:
            raise _damaged(file, str(error)) from None
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise _damaged(file, "its content is not that of its name")
        return raw

    def keep(self, raw: bytes) -> str:
        """Keep a content under its hash, once, and give that."""
        sha256 = hashlib.sha256(raw).hexdigest()
        file = self._file(sha256)
        if sha256 not in self._kept or not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic_write.write(file, raw)
            self._kept.add(sha256)
        return sha256

    def commit(self, sources: Sequence[WatchedSource], captures: Sequence[Capture], events: Iterable[Event]) -> None:
        """Write what is watched, all captures and the events that are new; those come first, so that none is lost."""
        known = {each.id for each in self.events}
        self.events = [*self.events, *(each for each in events if each.id not in known)]
        for file, lines in ((_EVENTS, self.events), (_INDEX, captures), (_SOURCES, sources)):
            self.write(file, b"".join(_line(each) for each in lines))
        self.sources, self.captures = list(sources), list(captures)

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the store, unless it is so already."""
        file = self.folder / name
        if not file.is_file() or file.read_bytes() != content:
            atomic_write.write(file, content)

    def text(self, name: str) -> str:
        """Give a text of the store, empty where there is none."""
        file = self.folder / name
        return file.read_text("utf-8", "replace") if file.is_file() else ""

    def _file(self, sha256: str) -> Path:
        return self.folder / _CAPTURES / sha256[:2] / sha256


def events(folder: Path) -> list[Event]:
    """Read the events of a store, and nothing else of it; UsageError where there is none."""
    if not (folder / _EVENTS).is_file():
        raise UsageError(f"--store: there is no store at {folder}; name what to watch to make one")
    return _lines(folder / _EVENTS, "event", Event)


@contextmanager
def opened(folder: Path, *, new: bool = True) -> Iterator[Store]:
    """Open a store, and make it where it may be new; InputError where another run has it, or it is damaged."""
    _require_store(folder, new=new)
    with _locked(folder):
        if not (folder / _INDEX).exists():
            if (folder / _CAPTURES).exists() or (folder / _EVENTS).exists():
                raise _damaged(folder / _INDEX, "it is not there")
            atomic_write.write(folder / _INDEX, b"")
        for each in (folder, *(folder / _CAPTURES).glob("??")):
            atomic_write.remove_abandoned(each)
        yield Store(folder)


def _require_store(folder: Path, *, new: bool) -> None:
    """Raise UsageError for a folder that is no store, and make one that is not there where that may be."""
    try:
        if folder.is_dir():
            held = {each.name for each in folder.iterdir() if not each.name.startswith(".")}
            if held and not held & {_INDEX, _EVENTS, _CAPTURES}:
                raise UsageError(f"--store: {folder} holds other files, and no store; name a new or empty folder")
        elif folder.exists():
            raise UsageError(f"--store: {folder} is no folder")
        elif new:
            folder.mkdir(parents=True)
        else:
            raise UsageError(f"--store: there is no store at {folder}; name what to watch to make one")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a folder name"
        raise OutputError(f"cannot open the store {folder}: {reason}") from None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let no other run write the store; the system lets go of the lock of a run that was killed."""
    try:
        number = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise OutputError(f"cannot write to the store {folder}: {error.strerror}") from None
    try:
        _lock(number, folder)
        yield
    finally:
        os.close(number)


def _lock(number: int, folder: Path) -> None:
    try:
        if _WINDOWS:
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise InputError(f"another run is at work on the store {folder}; run again when it is done") from None
    except OSError:  # a file system without locks
        return


def _lines(file: Path, kind: str, record: type[_T]) -> list[_T]:
    """Read the records of a file; InputError names the line that is none."""
    if not file.exists():
        return []
    try:
        raw = bounded_read.read(file, _MAX_BYTES)
    except InputError as error:
        raise _damaged(file, str(error)) from None
    if raw and not raw.endswith(b"\n"):
        raise _damaged(file, "its last line is cut off")
    validator = _validators()[kind]
    found = []
    for number, line in enumerate(raw.splitlines(), 1):
        try:
            members = orjson.loads(line)
        except orjson.JSONDecodeError:
            raise _damaged(file, "no JSON", number) from None
        if not validator.is_valid(members):
            raise _damaged(file, f"not a line of a {kind}", number)
        found.append(records.from_json(record, members))
    return found


@cache
def _validators() -> dict[str, Any]:
    import jsonschema_rs

    schema = orjson.loads(Path(__file__).with_name("store.schema.json").read_bytes())
    return {
        kind: jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})
        for kind in ("source", "capture", "event")
    }


def _line(record: WatchedSource | Capture | Event) -> bytes:
    return orjson.dumps(records.to_json(record), option=orjson.OPT_APPEND_NEWLINE)


def _damaged(file: Path, reason: str, line: int | None = None) -> InputError:
    # The name of a capture is its hash, which a path makes look like a secret; its first digits tell as much.
    shown = f"{file.name[:_SHOWN_DIGITS]}..." if _CAPTURES in file.parts[-3:-1] else str(file)
    where = f"{shown}:{line}" if line else shown
    return InputError(f"the store is damaged: {where}: {reason}; restore it from a copy, nothing was changed")
