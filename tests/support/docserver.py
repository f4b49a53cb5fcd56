"""A server of pages on this machine that goes wrong as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a path answers: a body, or with `cut` the beginning of one that it promises whole."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    slow: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that came: its path, its headers in small letters, and when (monotonic)."""

    path: str
    headers: dict[str, str]
    at: float


class Docs:
    """The pages of a server: what each path answers, the last answer of a list again and again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[Asked] = []
        self._answers: dict[str, list[Answer]] = {"/robots.txt": [Answer(status=404)]}
        self._lock = threading.Lock()

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def put(self, path: str, *answers: Answer) -> str:
        self._answers[path] = list(answers)
        return self.url(path)

    def page(self, path: str, body: str | bytes, **headers: str) -> str:
        raw = body.encode() if isinstance(body, str) else body
        given = {"Content-Type": "text/html; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.put(path, Answer(body=raw, headers=given))

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            left = self._answers.get(asked.path.partition("?")[0], [Answer(status=404)])
            return left.pop(0) if len(left) > 1 else left[0]


class _Handler(BaseHTTPRequestHandler):
    docs: Docs
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.docs.answer(Asked(path=self.path, headers=headers, at=time.monotonic()))
        etag = answer.headers.get("ETag")
        modified = answer.headers.get("Last-Modified")
        unchanged = (etag and headers.get("if-none-match") == etag) or (
            not etag and modified and headers.get("if-modified-since") == modified
        )
        self.send_response(304 if unchanged else answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = b"" if unchanged else answer.body
        self.send_header("Content-Length", str(len(body) + (1000 if answer.cut else 0)))
        self.end_headers()
        try:
            for part in [body[start : start + 200] for start in range(0, len(body), 200)] if answer.slow else [body]:
                self.wfile.write(part)
                self.wfile.flush()
                time.sleep(answer.slow)
        except OSError:
            pass
        self.close_connection = answer.cut

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """Say nothing: a client that has seen enough of an answer leaves, and tests read what is said."""


@contextmanager
def running() -> Iterator[Docs]:
    """Run a server of no pages until the end."""
    server = _Server(("127.0.0.1", 0), _Handler)
    docs = Docs(f"http://localhost:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"docs": docs})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield docs
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
