"""Secrets of the environment: values, private-key files, and what cannot be read of them."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from wireshape.cli.main import cli
from wireshape.scan import known_secrets, scanner

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PKCS8, OLD, SSH = (
    serialization.PrivateFormat.PKCS8,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.PrivateFormat.OpenSSH,
)
PLAIN = serialization.NoEncryption()
KEYS: dict[
    str,
    tuple[
        Callable[[], ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey],
        serialization.PrivateFormat,
    ],
] = {
    "Ed25519": (ed25519.Ed25519PrivateKey.generate, PKCS8),
    "RSA, PKCS#8": (lambda: rsa.generate_private_key(65537, 2048), PKCS8),
    "RSA, PKCS#1": (lambda: rsa.generate_private_key(65537, 2048), OLD),
    "EC": (lambda: ec.generate_private_key(ec.SECP256R1()), OLD),
    "Ed25519, OpenSSH": (ed25519.Ed25519PrivateKey.generate, SSH),
}


@pytest.fixture(params=list(KEYS.values()), ids=list(KEYS))
def pem(request: pytest.FixtureRequest) -> bytes:
    make, form = request.param
    encoded: bytes = make().private_bytes(PEM, form, PLAIN)
    return encoded


def _known(folder: Path, pem: bytes, passphrase: str = "") -> known_secrets.Secrets:
    (folder / "key.pem").write_bytes(pem)
    name = "WIRESHAPE_TESTNET_PRIVATE_KEY_FILE"
    environment = {name: str(folder / "key.pem"), "WIRESHAPE_TESTNET_PASSPHRASE": passphrase}
    return known_secrets.of_environment(environment)


@pytest.mark.parametrize("write", [bytes.lower, bytes.upper, bytes.swapcase], ids=["small", "capital", "swapped"])
def test_a_key_is_known_in_another_case(write: Callable[[bytes], bytes]) -> None:
    key = b"aB3dE6gH9jKlMnOpQrStUvWxYz012345" * 2
    (leak,) = scanner.scan(b"it is " + write(key), [key])
    assert (leak.rule, leak.how) == (scanner.KNOWN, "in another case")


def test_a_private_key_is_known_however_it_is_written(tmp_path: Path, pem: bytes) -> None:
    body = b"".join(pem.splitlines()[1:-1])
    der = base64.b64decode(body)
    known = _known(tmp_path, pem).values
    for text in (pem, body, der, der.hex().encode(), b"\n".join(body[at : at + 70] for at in range(0, len(body), 70))):
        assert scanner.KNOWN in {leak.rule for leak in scanner.scan(b"it is " + text + b" so", known)}


def test_a_private_key_without_its_header_needs_no_environment(pem: bytes) -> None:
    body = b"".join(pem.splitlines()[1:-1])
    for text in (body, base64.b64decode(body), base64.b64decode(body).hex().encode()):
        assert "secret-pattern" in {leak.rule for leak in scanner.scan(b"it is " + text + b" so")}


def test_an_encrypted_key_is_opened_with_its_passphrase(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(PEM, PKCS8, serialization.BestAvailableEncryption(b"horse"))
    raw = key.private_bytes_raw()
    assert scanner.KNOWN in {
        leak.rule for leak in scanner.scan(raw.hex().encode(), _known(tmp_path, pem, "horse").values)
    }
    assert [each.variable for each in _known(tmp_path, pem, "wrong").unreadable] == [
        "WIRESHAPE_TESTNET_PRIVATE_KEY_FILE"
    ]


def _scan(folder: Path, key: Path) -> Result:
    (folder / "clean.log").write_text("nothing here", "utf-8")
    env = {"COLUMNS": "120", "WIRESHAPE_TESTNET_PRIVATE_KEY_FILE": str(key)}
    return CliRunner().invoke(cli, ["scan", str(folder / "clean.log")], env=env)


def test_a_key_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"a" * 70_000)
    (tmp_path / "other").write_bytes(b"no key")
    for name in ("missing", "pipe", "large", "other"):
        run = _scan(tmp_path, tmp_path / name)
        assert run.exit_code == 3, run.output
        assert "WIRESHAPE_TESTNET_PRIVATE_KEY_FILE" in run.output


def test_the_public_half_of_a_key_is_no_secret(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    known = _known(tmp_path, key.private_bytes(PEM, OLD, PLAIN)).values
    public = key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert scanner.scan(public, known) == []
