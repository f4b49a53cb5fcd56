"""A small exchange for tests of the live client: answers of the bundled recordings, or whatever a test has it say."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from casebook import interaction, recordings
from wireshape.catalog import endpoints

KEY, SECRET = "fakeKey0" * 8, "fakeSec0" * 8
AHEAD = 3_600_000
"""The clock of the exchange is an hour off, in milliseconds."""
NOW = 1_760_000_000_000
AnswerFrame = Callable[[dict[str, Any], str], list[str | bytes]]
"""Gives the frames that are sent for a request; the answer as it should be is the second argument."""


class Hangup(Exception):  # noqa: N818 - no error of the test
    """Raised where the exchange is to end the connection instead of answering."""


@dataclass(frozen=True, kw_only=True)
class HttpResponse:
    """What a test has the exchange respond with over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Make a response of a JSON value, or of bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(status=status, headers={"Content-Type": "application/json", **(headers or {})}, body=raw)


def signed(payload: str) -> str:
    """Sign as the exchange expects it."""
    return hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()


def answer_once(_: dict[str, Any], answer: str) -> list[str | bytes]:
    """Answer a frame as it should be."""
    return [answer]


@dataclass(kw_only=True)
class Exchange:
    """What it responds with, by path, the last for ever; which requests it got, and which signatures it saw."""

    mode: str
    verify: Callable[[str, str], bool] = lambda payload, signature: signature == signed(payload)
    script: dict[str, list[HttpResponse]] = field(default_factory=dict)
    answer_frame: AnswerFrame = answer_once
    requests: list[str] = field(default_factory=list)
    signatures: set[str] = field(default_factory=set)
    hosts: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a call that is to ask this exchange."""
        names = {f"WIRESHAPE_CUSTOM_{p}_{t.upper()}": url for p in ("USDM", "COINM") for t, url in self.hosts.items()}
        return {"WIRESHAPE_CUSTOM_KEY": KEY, "WIRESHAPE_CUSTOM_SECRET": SECRET, **names}

    def rest(self, url: str, api_key: str | None) -> HttpResponse:
        """Respond to a request."""
        path, _, query = url.partition("?")
        self.requests.append(path)
        payload, _, signature = query.partition("&signature=")
        self.signatures.add(signature)
        if script := self.script.get(path):
            return script.pop(0) if len(script) > 1 else script[0]
        if path.endswith("/time"):
            return response({"serverTime": NOW + AHEAD})
        if (
            api_key != KEY
            or not self.verify(payload, unquote(signature))
            or int(parse_qs(payload)["timestamp"][0]) < NOW + AHEAD
        ):
            return response({"code": -1022, "msg": "Signature for this request is not valid."}, 400)
        margin, _, position = self.mode.rpartition(".")
        if not path.endswith("/account"):
            return response({"multiAssetsMargin": margin == "multi-assets", "dualSidePosition": position == "hedge"})
        return response(self.body("GET", path))

    def body(self, method: str, path: str) -> bytes:
        """Give the recorded answer of an endpoint in this mode."""
        endpoint = endpoints.load().find(method, path)
        assert endpoint
        mode = self.mode if endpoint.product == "usdm" else self.mode.rpartition(".")[2]
        folder = "/".join(endpoint.id.split(".", 3))
        return next(interaction(file).body for file in recordings() if str(file).startswith(f"{folder}/{mode}."))

    def socket(self, connection: ServerConnection) -> None:
        """Answer the frames of one connection."""
        assert connection.request
        path = connection.request.path
        logged_on = False
        try:
            for message in connection:
                request = json.loads(message)
                self.requests.append(request["method"])
                parameters = request["params"]
                signature = parameters.pop("signature", "")
                payload = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
                assert self.verify(payload, signature) or (logged_on and parameters.keys() == {"timestamp"})
                self.signatures.add(signature)
                if request["method"] == "session.logon":
                    logged_on = True
                    connection.send(json.dumps({"id": request["id"], "status": 200, "result": {"apiKey": KEY}}))
                    continue
                answer = {**json.loads(self.body(request["method"], path)), "id": request["id"]}
                for frame in self.answer_frame(request, json.dumps(answer)):
                    connection.send(frame)
        except (ConnectionClosed, Hangup):
            return


@contextmanager
def running(mode: str = "single-asset.one-way") -> Iterator[Exchange]:
    """Run a small exchange on two ports of this machine."""
    exchange = Exchange(mode=mode)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            answer = exchange.rest(f"{parts.path}?{parts.query}", self.headers["X-MBX-APIKEY"])
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.daemon_threads = True
    web.block_on_close = False
    with web, serve(exchange.socket, "127.0.0.1", 0) as sockets:
        exchange.hosts["rest"] = f"http://127.0.0.1:{web.server_port}"
        exchange.hosts["ws"] = f"ws://127.0.0.1:{sockets.socket.getsockname()[1]}"
        loops = (lambda: web.serve_forever(poll_interval=0.01), sockets.serve_forever)
        threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
        for thread in threads:
            thread.start()
        try:
            yield exchange
        finally:
            web.shutdown()
            sockets.shutdown()
            for thread in threads:
                thread.join()
