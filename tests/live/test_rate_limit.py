"""Manners towards an exchange, and what becomes of connections that are refused, lost or not to be trusted."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import ssl
import threading
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

import smallexchange
from smallexchange import Hangup, told
from wireshape import resources
from wireshape.catalog import endpoints, operations
from wireshape.cli.main import cli
from wireshape.live import rate_limit, retry
from wireshape.live.errors import LiveError
from wireshape.model import Reason


def _run(env: dict[str, str], *args: str) -> Result:
    run = CliRunner().invoke(cli, ["check", "--live", "custom", "--timeout", "5", *args], env={**env, "COLUMNS": "200"})
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


def test_weight_is_kept_below_the_limit() -> None:
    limiter = rate_limit.RateLimiter(operations.limits(resources.SCHEMAS))
    limiter.update_from_headers({"X-MBX-USED-WEIGHT-1M": "2300", "x-mbx-used-weight-1d": "9999"})
    limiter.spend(100)
    with pytest.raises(
        LiveError, match=r"^limit: 2400 of 2400 request weight a minute are used, and this would cost 5"
    ):
        limiter.spend(5)
    row = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 12}
    limiter.update_from_frame([{}, None, row])
    limiter.spend(3600)
    limiter.halt(LiveError(Reason.NETWORK, "no matter"))
    with pytest.raises(LiveError, match=r"^limit"):
        limiter.spend(1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None), ("-1", None), ("", None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry.retry_after([("Date", "x"), ("retry-after", value)]) == seconds


@pytest.mark.parametrize(("retryable", "times"), [(True, 3), (False, 1)])
def test_tries_come_to_an_end(*, retryable: bool, times: int) -> None:
    asked: list[None] = []

    async def ask() -> None:
        asked.append(None)
        raise LiveError(Reason.LIMIT, "no", retryable=retryable, retry_after=0)

    with pytest.raises(LiveError):
        asyncio.run(retry.with_retries(ask, retry.Timeouts()))
    assert len(asked) == times


def test_a_wait_that_takes_too_long_is_not_begun() -> None:
    async def ask() -> None:
        raise LiveError(Reason.LIMIT, "enough", retryable=True, retry_after=3600)

    with pytest.raises(LiveError, match=r"^limit: enough \(to be asked again in 3600 s\)"):
        asyncio.run(retry.with_retries(ask, retry.Timeouts()))


@pytest.mark.parametrize(("losses", "checked", "code"), [(1, 6, 0), (2, 4, 3)])
def test_a_lost_connection_is_opened_once_more(losses: int, checked: int, code: int) -> None:
    asked: list[str] = []

    def lost(request: dict[str, Any], answer: str) -> list[str | bytes]:
        asked.append(request["method"])
        if len(asked) <= losses:
            raise Hangup
        return [answer]

    with smallexchange.running() as exchange:
        exchange.frames = lost
        run = _run(exchange.env, "--format", "json")
    report = json.loads(run.stdout)
    assert (run.exit_code, len(report["checked"])) == (code, checked)
    reasons = {problem["reason"] for problem in report["problems"]}
    assert reasons == ({"network: the connection was lost, and so was the next one"} if code else set())


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (told(b"", 302, {"Location": "{redirect_port}"}), "redirect: HTTP 302 instead of a WebSocket connection"),
        (told(b"<html>", 403, {"Content-Type": "text/html"}), "html: HTTP 403 with an HTML page"),
        (told({"code": -1003, "msg": "Banned."}, 418), "limit: HTTP 418, error -1003: Banned."),
        (told({}), "network: HTTP 200 instead of a WebSocket connection"),
    ],
    ids=["redirect", "html", "banned", "no upgrade"],
)
def test_a_connection_that_is_refused(said: smallexchange.Said, reason: str) -> None:
    status, headers, body = said
    endpoint = endpoints.load().get("usdm.ws.v2.account.status")
    with smallexchange.running() as exchange:
        headers = {name: value.replace("{redirect_port}", exchange.hosts["ws"]) for name, value in headers.items()}
        exchange.script[endpoint.operation.path] = [(status, headers, body)]
        exchange.hosts["ws"] = exchange.hosts["rest"].replace("http", "ws")
        run = _run(exchange.env, "--endpoint", endpoint.id, "--format", "json")
    assert run.exit_code == 3
    assert any(problem["reason"].startswith(reason) for problem in json.loads(run.stdout)["problems"]), run.stdout
    assert exchange.asked.count(endpoint.operation.path) == 1
    assert endpoint.operation.method not in exchange.asked


@pytest.mark.parametrize("transport", ["rest", "ws"])
def test_an_answer_that_does_not_come_is_not_waited_for(transport: str) -> None:
    def silent(*_: Any) -> list[str | bytes]:
        return []

    with smallexchange.running() as exchange, socket.create_server(("127.0.0.1", 0)) as mute:
        exchange.frames = silent
        if transport == "rest":
            exchange.hosts["rest"] = f"http://127.0.0.1:{mute.getsockname()[1]}"
        run = _run(exchange.env, "--timeout", "0.4", "--format", "json")
    reasons = {problem["reason"] for problem in json.loads(run.stdout)["problems"]}
    whole = "whole " if transport == "rest" else ""
    assert (run.exit_code, reasons) == (3, {f"network: no {whole}answer within 0.4 seconds"})


def test_an_ed25519_key_asks_signed_and_once_more_within_a_session(tmp_path: Path) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path / "key.pem"
    file.touch(0o600)
    file.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, plain))

    def verified(payload: str, signature: str) -> bool:
        try:
            private.public_key().verify(base64.b64decode(signature), payload.encode())
        except InvalidSignature:
            return False
        return True

    with smallexchange.running("multi-assets.one-way") as exchange:
        exchange.verified = verified
        env = exchange.env | {"WIRESHAPE_CUSTOM_SECRET": "", "WIRESHAPE_CUSTOM_PRIVATE_KEY_FILE": str(file)}
        run = _run(env, "--format", "json")
    assert run.exit_code == 0, run.output
    frames = [asked for asked in exchange.asked if not asked.startswith("/")]
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
    assert run.output.startswith("wireshape: cannot use what the system sets")
    assert "canary" not in run.output
