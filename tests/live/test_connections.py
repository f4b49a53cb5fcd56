"""Connections of the live client that are refused, lost or not to be trusted, and sessions that are logged on."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

import chance
import smallexchange
from smallexchange import Hangup, HttpResponse, response
from wireshape.catalog import endpoints
from wireshape.cli.main import cli


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)


def _run(env: dict[str, str], *args: str) -> Result:
    run = CliRunner().invoke(cli, ["check", "--live", "custom", *args], env={**env, "COLUMNS": "200"})
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


@pytest.mark.parametrize(("losses", "checked", "code"), [(1, 6, 0), (2, 4, 3)])
def test_a_lost_connection_is_opened_once_more(losses: int, checked: int, code: int) -> None:
    requests: list[str] = []

    def lost(request: dict[str, Any], answer: str) -> list[str | bytes]:
        requests.append(request["method"])
        if len(requests) <= losses:
            raise Hangup
        return [answer]

    with smallexchange.running() as exchange:
        exchange.answer_frame = lost
        run = _run(exchange.env, "--format", "json")
    report = json.loads(run.stdout)
    assert (run.exit_code, len(report["checked"])) == (code, checked)
    reasons = {problem["reason"] for problem in report["problems"]}
    assert reasons == ({"network: the connection was lost, and so was a second one"} if code else set())


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            response(b"", 302, {"Location": "{host}"}),
            "redirect: HTTP 302 at the WebSocket handshake",
        ),
        (response(b"<html>", 403, {"Content-Type": "text/html"}), "html: HTTP 403 with an HTML page"),
        (response({"code": -1003, "msg": "Banned."}, 418), "limit: HTTP 418, error -1003: Banned."),
        (response({}), "network: HTTP 200 instead of a WebSocket connection"),
    ],
    ids=["redirect", "html", "banned", "no upgrade"],
)
def test_a_connection_that_is_refused(answer: HttpResponse, reason: str) -> None:
    endpoint = endpoints.load().get("usdm.ws.v2.account.status")
    with smallexchange.running() as exchange:
        headers = {name: value.replace("{host}", exchange.hosts["ws"]) for name, value in answer.headers.items()}
        exchange.script[endpoint.operation.path] = [replace(answer, headers=headers)]
        exchange.hosts["ws"] = exchange.hosts["rest"].replace("http", "ws")
        run = _run(exchange.env, "--endpoint", endpoint.id, "--format", "json")
    assert run.exit_code == 3
    assert any(problem["reason"].startswith(reason) for problem in json.loads(run.stdout)["problems"]), run.stdout
    assert exchange.requests.count(endpoint.operation.path) == 1
    assert endpoint.operation.method not in exchange.requests


def test_an_ed25519_key_asks_signed_and_once_more_within_a_session(tmp_path: Path) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path / "key.pem"
    file.touch(0o600)
    file.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, plain))

    def verify(payload: str, signature: str) -> bool:
        try:
            private.public_key().verify(base64.b64decode(signature), payload.encode())
        except InvalidSignature:
            return False
        return True

    with smallexchange.running("multi-assets.one-way") as exchange:
        exchange.verify = verify
        env = exchange.env | {"WIRESHAPE_CUSTOM_SECRET": "", "WIRESHAPE_CUSTOM_PRIVATE_KEY_FILE": str(file)}
        run = _run(env, "--format", "json")
    assert run.exit_code == 0, run.output
    frames = [request for request in exchange.requests if not request.startswith("/")]
    both = ["account.status", "v2/account.status"]
    assert frames == [*both, "session.logon", *both, "account.status", "session.logon", "account.status"]
    files = [row["file"] for row in json.loads(run.stdout)["checked"]]
    assert sum(name.endswith("+session") for name in files) == 3


def _certificate(folder: Path) -> Path:
    """Make a certificate that nobody but itself vouches for."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, private.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = made.add_extension(here, critical=False).sign(private, hashes.SHA256())
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(signed.public_bytes(pem) + private.private_bytes(pem, form, plain))
    return file


@pytest.mark.parametrize("transport", ["rest", "ws"])
def test_a_certificate_nobody_vouches_for_is_not_accepted(transport: str, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))

    class Silent(HTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    with smallexchange.running() as exchange, Silent(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        scheme = {"rest": "https", "ws": "wss"}[transport]
        exchange.hosts[transport] = f"{scheme}://127.0.0.1:{server.server_port}"
        run = _run(
            exchange.env,
            "--endpoint",
            f"usdm.{transport}.{'v3.account' if transport == 'rest' else 'v2.account.status'}",
        )
        server.shutdown()
        thread.join()
    assert run.exit_code == 3
    assert "network: the certificate is not accepted: self-signed certificate" in run.output


def test_no_network() -> None:
    with smallexchange.running() as exchange, socket.create_server(("127.0.0.1", 0)) as taken:
        exchange.hosts["rest"] = f"http://127.0.0.1:{taken.getsockname()[1]}"
        taken.close()
        run = _run(exchange.env)
    assert run.exit_code == 3
    assert "custom:usdm.time: network: All connection attempts failed" in run.output


@pytest.mark.parametrize(
    "env",
    [
        {"ALL_PROXY": "socks9://user:canary@127.0.0.1:9"},
        {"HTTPS_PROXY": "http://user:canary@127.0.0.1:port"},
        {"HTTPS_PROXY": "http://user:canary@127.0.0.1:65536"},
        {"SSL_CERT_FILE": "canary.pem"},
    ],
    ids=lambda env: next(iter(env)),
)
def test_a_setting_of_the_system_that_will_not_do(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    own = {"WIRESHAPE_CUSTOM_USDM_REST": "https://192.0.2.1", "WIRESHAPE_CUSTOM_ORIGIN": "testnet"}
    own |= {"WIRESHAPE_CUSTOM_KEY": smallexchange.KEY, "WIRESHAPE_CUSTOM_SECRET": smallexchange.SECRET}
    run = _run(own | env, "--endpoint", "usdm.rest.v3.account")
    assert run.exit_code == 2, run.output
    assert run.output.startswith("wireshape: the proxy or certificate settings of the system cannot be used: check ")
    assert "canary" not in run.output
