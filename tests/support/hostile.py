"""Builds hostile inputs: what a file may be besides a file, and what it may hold to cost time, memory or output."""

from __future__ import annotations

import gzip
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path
from typing import Any

MILLION = 1_000_000
URL = "https://fapi.binance.com/fapi/v3/account"
ROW = '{"asset":5}'


class By(Flag):
    """Which commands a kind is for."""

    CHECK = auto()
    DIFF = auto()
    AUDIT = auto()
    SCAN = auto()
    WATCH = auto()
    CHANGE_LOG = auto()
    ANSWERS = CHECK | DIFF
    PAGES = AUDIT | WATCH | CHANGE_LOG
    ALL = CHECK | DIFF | AUDIT | SCAN | WATCH | CHANGE_LOG


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of hostile input: its file name, what puts it there, and whether the suite has time for it."""

    name: str
    file: str
    make: Callable[[Path], None]
    by: By = By.ALL
    quick: bool = False


def rows(count: int, row: str, member: str = "assets") -> bytes:
    """Give an answer of so many rows alike."""
    return f'{{"{member}":[{",".join([row] * count)}]}}'.encode()


def numbered(count: int, row: str, member: str = "assets") -> bytes:
    """Give an answer of so many rows, # in each being its number."""
    return f'{{"{member}":[{",".join(row.replace("#", str(n)) for n in range(count))}]}}'.encode()


def bomb(size: int) -> bytes:
    """Give so many blanks, packed."""
    return gzip.compress(b" " * size, 9)


def har(*entries: Any) -> bytes:
    """Give a HAR file."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def entry(text: str, encoding: str | None = None, url: str = URL) -> dict[str, Any]:
    """Give an entry of a HAR file."""
    content = {"text": text} if encoding is None else {"text": text, "encoding": encoding}
    return {"request": {"method": "GET", "url": url}, "response": {"status": 200, "content": content}}


def cassette(body: str, status: str = "200", metadata: str = "{}") -> bytes:
    """Give a cassette of one answer, its parts in YAML."""
    request = f"{{method: GET, uri: '{URL}'}}"
    response = f"{{status: {{code: {status}}}, headers: {{}}, body: {{string: {body}}}}}"
    return f"metadata: {metadata}\ninteractions:\n- request: {request}\n  response: {response}\n".encode()


def page(example: bytes) -> bytes:
    """Give a page with one example."""
    return b"# Account\n\nGET `/fapi/v3/account`\n\n```json\n" + example + b"\n```\n"


def aliases(levels: int = 12) -> str:
    """Give YAML whose last name stands for more values than any memory holds."""
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    before = Path.cwd()
    try:
        os.fchdir(folder)  # the path of a socket may have a hundred characters
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(before)
        os.close(folder)


def _sparse(size: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return make


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def holding(content: Callable[[], bytes]) -> Callable[[Path], None]:
    """Make what writes a file of this content."""

    def make(path: Path) -> None:
        path.write_bytes(content())

    return make


def answer(name: str, content: Callable[[], bytes], suffix: str = ".json", *, quick: bool = False) -> Kind:
    """Make a kind of answer."""
    return Kind(name=name, file=f"a{suffix}", make=holding(content), by=By.ANSWERS, quick=quick)


def logged(name: str, content: Callable[[], bytes], suffix: str = ".md") -> Kind:
    """Make a kind of change log."""
    return Kind(name=name, file=f"a{suffix}", make=holding(content), by=By.CHANGE_LOG)


def documented(name: str, content: Callable[[], bytes], suffix: str = ".md", *, quick: bool = False) -> Kind:
    """Make a kind of page."""
    return Kind(name=name, file=f"a{suffix}", make=holding(content), by=By.PAGES, quick=quick)


NO_FILES = (
    Kind(name="pipe", file="a.json", make=_fifo, quick=True),
    Kind(name="socket", file="a.json", make=_socket, quick=True),
    Kind(name="link to endless zeros", file="a.json", make=_link("/dev/zero"), quick=True),
    Kind(name="link to randomness", file="a.json", make=_link("/dev/urandom"), quick=True),
    Kind(name="link to a terminal", file="a.json", make=_link("/dev/tty"), quick=True),
    Kind(name="link to itself", file="a.json", make=_link("a.json"), quick=True),
    Kind(name="link to nothing", file="a.json", make=_link("gone"), quick=True),
    Kind(name="sparse, 100 GB", file="a.json", make=_sparse(100_000 * MILLION), quick=True),
    Kind(name="sparse, 70 MB", file="a.json", make=_sparse(70 * MILLION)),
    Kind(name="log of the kernel", file="a.json", make=_link("/proc/kmsg"), quick=True),
    Kind(name="memory of the process", file="a.json", make=_link("/proc/self/mem"), quick=True),
)
"""Names that stand for no regular file, or for one that is none to read."""
