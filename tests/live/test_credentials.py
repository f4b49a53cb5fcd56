"""API keys, signatures and hosts: what a request may be signed with, and where it may go."""

from __future__ import annotations

import asyncio
import base64
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import SHARED, cases
from wireshape import resources
from wireshape.catalog import endpoints, operations
from wireshape.catalog.operations import Transport
from wireshape.cli.main import cli
from wireshape.errors import UsageError
from wireshape.live import allowlist, credentials, environments, rate_limit, rest, retry, signing
from wireshape.live.errors import LiveError
from wireshape.live.session import Session
from wireshape.live.signing import KeyKind
from wireshape.model import Operation

API_KEY = "fakeKey0" * 8
ALLOWLIST = allowlist.load(endpoints.load())
TESTNET = environments.load("testnet", {})
PLAIN = serialization.NoEncryption()
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
DAMAGED = b"-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n"
LOCKED = serialization.BestAvailableEncryption(b"canary")


def _pem(private: Any, encryption: serialization.KeySerializationEncryption = PLAIN) -> bytes:
    pem: bytes = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    return pem


def _file(tmp_path: Path, pem: bytes, mode: int = 0o600) -> dict[str, str]:
    file = tmp_path / "canary.pem"
    file.write_bytes(pem)
    file.chmod(mode)
    return {"WIRESHAPE_TESTNET_KEY": API_KEY, "WIRESHAPE_TESTNET_PRIVATE_KEY_FILE": str(file)}


def _key(env: dict[str, str]) -> credentials.Credentials:
    (account,) = credentials.accounts(TESTNET, env)
    return account.key


def _made_up() -> credentials.Credentials:
    return credentials.Credentials(api_key=API_KEY, signer=signing.hmac_signer(b"made up"), secrets=())


@pytest.mark.parametrize("case", cases("live"))
def test_a_usage_error_is_one_line(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WIRESHAPE_")]:
        monkeypatch.delenv(name)
    for command in case.get("commands", ["check", "record"]):
        args = [command, "--live", case.get("live", "testnet"), *case.get("args", ())]
        run = CliRunner().invoke(cli, args, env=case["env"])
        assert run.exit_code == 2, run.output
        assert run.output.startswith(f"wireshape: {case['line']}")
        assert len(run.output.splitlines()) == 1
        assert "canary" not in run.output


@pytest.mark.parametrize(
    ("pem", "env", "mode", "line"),
    [
        (_pem(ED25519), {}, 0o640, "other users can read or write the file"),
        (_pem(ED25519), {}, 0o604, "other users can read or write the file"),
        (b"canary", {}, 0o600, "the file is not a PEM private key"),
        (
            b"-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n",
            {},
            0o600,
            "the private key is not PKCS#8",
        ),
        (b" " * 70_000, {}, 0o600, "the file is too large for a private key"),
        (_pem(ec.generate_private_key(ec.SECP256R1())), {}, 0o600, "neither Ed25519 nor RSA"),
        (
            _pem(ED25519, LOCKED),
            {},
            0o600,
            "is encrypted, and WIRESHAPE_TESTNET_PASSPHRASE is not set",
        ),
        (
            _pem(ED25519, LOCKED),
            {"WIRESHAPE_TESTNET_PASSPHRASE": "canary2"},
            0o600,
            "or the passphrase is wrong",
        ),
    ],
    ids=[
        "readable by a group",
        "readable by all",
        "no PEM",
        "damaged",
        "large",
        "another kind",
        "locked",
        "wrong passphrase",
    ],
)
def test_a_key_file_that_will_not_do(pem: bytes, env: dict[str, str], mode: int, line: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"^WIRESHAPE_TESTNET_PRIVATE_KEY_FILE: .*{line}") as caught:
        _key(_file(tmp_path, pem, mode) | env)
    assert "canary" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_key_file_that_would_never_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    env = {"WIRESHAPE_TESTNET_KEY": API_KEY, "WIRESHAPE_TESTNET_PRIVATE_KEY_FILE": str(tmp_path / "pipe")}
    with pytest.raises(UsageError, match="is not the path of a regular file"):
        _key(env)


def test_accounts_beside_the_first(tmp_path: Path) -> None:
    env = {f"WIRESHAPE_TESTNET{n}_{word}": API_KEY for n in ("", "_2", "_10") for word in ("KEY", "SECRET")}
    env |= {"WIRESHAPE_DEMO_KEY": API_KEY} | _file(tmp_path, _pem(ED25519)) | {"WIRESHAPE_TESTNET_SECRET": ""}
    found = credentials.accounts(TESTNET, env)
    assert [(each.label, each.key.signer.kind) for each in found] == [
        ("testnet", KeyKind.ED25519),
        ("testnet-2", KeyKind.HMAC),
        ("testnet-10", KeyKind.HMAC),
    ]


def test_signatures_of_private_keys_verify(tmp_path: Path) -> None:
    locked = serialization.BestAvailableEncryption(b"made up")
    for pem, word in ((_pem(ED25519), ""), (_pem(ED25519, locked), "made up")):
        key = _key(_file(tmp_path, pem) | {"WIRESHAPE_TESTNET_PASSPHRASE": word})
        ED25519.public_key().verify(base64.b64decode(key.signer.sign(b"timestamp=1")), b"timestamp=1")
    signature = base64.b64decode(_key(_file(tmp_path, _pem(RSA))).signer.sign(b"timestamp=1"))
    RSA.public_key().verify(signature, b"timestamp=1", padding.PKCS1v15(), hashes.SHA256())


def test_hmac_is_that_of_rfc_4231() -> None:
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signing.hmac_signer(b"Jefe").sign(b"what do ya want for nothing?") == expected


def test_the_documented_signature() -> None:
    facts = SHARED / "DOMAIN.md"
    if not facts.is_file():
        pytest.skip("the documented key is not in this repository, and the notes that have it are not beside it")
    found = re.search(r"secret `(\w+)`, payload `([^`]+)` -> `(\w+)`", facts.read_text("utf-8"))
    assert found
    assert signing.hmac_signer(found[1].encode()).sign(found[2].encode()) == found[3]


def test_a_frame_signs_its_parameters_by_name_and_a_query_as_it_is_sent(tmp_path: Path) -> None:
    key = _key(_file(tmp_path, _pem(ED25519)))
    frame = key.frame({"timestamp": 5, "recvWindow": 9})
    signed = f"apiKey={API_KEY}&recvWindow=9&timestamp=5"
    ED25519.public_key().verify(base64.b64decode(str(frame.pop("signature"))), signed.encode())
    assert frame == {"timestamp": 5, "recvWindow": 9, "apiKey": API_KEY}
    query = httpx.QueryParams(key.query({"timestamp": 5}))
    ED25519.public_key().verify(base64.b64decode(query["signature"]), b"timestamp=5")
    assert not set("+/=") & set(key.query({"timestamp": 5}).partition("signature=")[2])


def test_a_key_shows_itself_nowhere(tmp_path: Path) -> None:
    env = _file(tmp_path, _pem(ED25519))
    (account,) = credentials.accounts(TESTNET, env)
    assert all(API_KEY not in shown for shown in (repr(account), str(account.key), f"{account}"))
    assert b"".join(_pem(ED25519).splitlines()[1:-1]) in account.key.secrets


@settings(deadline=None, derandomize=True)
@given(st.sampled_from(["usdm", "coinm"]), st.sampled_from(Transport), st.data())
def test_only_reads_are_sent(product: str, transport: Transport, data: st.DataObject) -> None:
    methods = ["POST", "DELETE", "PUT", "order.place", *(call.operation.method for call in ALLOWLIST.calls)]
    method = data.draw(st.sampled_from(methods) | st.text())
    path = data.draw(st.sampled_from([call.operation.path for call in ALLOWLIST.calls]) | st.text())
    operation = Operation(method=method, path=path)
    known = {(call.product, call.transport, call.operation) for call in ALLOWLIST.calls}
    if (product, transport, operation) in known and (transport is Transport.WS or method == "GET"):
        ALLOWLIST.require(product, transport, operation)
    else:
        with pytest.raises(UsageError, match="is not a read operation of"):
            ALLOWLIST.require(product, transport, operation)


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "http://host.example/", "https://host.example:444/"])
def test_no_other_host_gets_a_signature(url: str) -> None:
    flow = rest._Signature(_made_up(), signing.Clock(0, 0, 0), httpx.URL("https://host.example")).auth_flow  # noqa: SLF001
    with pytest.raises(LiveError, match="another host"):
        next(flow(httpx.Request("GET", url)))
    signed = next(flow(httpx.Request("GET", "https://host.example/")))
    assert signed.headers["X-MBX-APIKEY"] == API_KEY


def test_environments_are_data() -> None:
    for name, origin in (("production", "production"), ("testnet", "testnet"), ("demo", "testnet")):
        found = environments.load(name, {})
        assert found.origin == origin
        assert not any(found.is_direct(p, transport) for p, by in found.hosts.items() for transport in by)
        assert found.hosts.keys() == {endpoint.product for endpoint in endpoints.load().endpoints}
    own = {"WIRESHAPE_CUSTOM_USDM_REST": "http://[::1]:8080/", "WIRESHAPE_CUSTOM_USDM_WS": "ws://localhost:8080"}
    custom = environments.load("custom", own)
    assert custom.origin == "loopback"
    assert custom.is_direct("usdm", "rest")
    assert custom.hosts == {"usdm": {"rest": "http://[::1]:8080", "ws": "ws://localhost:8080"}}
    assert custom.recorded_hosts == environments.load("production", {}).hosts


def test_a_proxy_never_stands_between_this_machine_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"WIRESHAPE_CUSTOM_USDM_REST": "http://127.0.0.1:9", "WIRESHAPE_CUSTOM_USDM_WS": "wss://host.example"}
    custom = environments.load("custom", own | {"WIRESHAPE_CUSTOM_ORIGIN": "testnet"})
    assert (custom.is_direct("usdm", "rest"), custom.is_direct("usdm", "ws")) == (True, False)
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    session = Session(
        account=credentials.LiveAccount(environment=custom, label="custom", key=_made_up()),
        product="usdm",
        allowlist=ALLOWLIST,
        limiter=rate_limit.RateLimiter(operations.limits(resources.SCHEMAS)),
        timeouts=retry.Timeouts(),
    )

    async def proxies() -> bool:
        async with rest.opened(session) as over_rest:
            return over_rest._client.trust_env  # noqa: SLF001

    assert not asyncio.run(proxies())
