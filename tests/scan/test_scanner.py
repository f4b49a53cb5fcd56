"""The scanner finds what is planted, however it is hidden, and gives no alarm over anything clean."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import cases
from wireshape import resources
from wireshape.cli.main import cli
from wireshape.findings import rules
from wireshape.inputs import folders
from wireshape.scan import scanner

KEY = "fakeKey0" * 8


def _nested(text: bytes) -> bytes:
    """Put text into a JSON string; what is no text travels as base64 there."""
    try:
        return json.dumps({"body": text.decode()}).encode()
    except UnicodeDecodeError:
        return json.dumps({"base64_string": base64.b64encode(text).decode()}).encode()


def _binary(text: bytes) -> bytes:
    lines = base64.encodebytes(text).replace(b"\n", b"\n        ")
    return b"    body:\n      string: !!binary |\n        " + lines


HIDING: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "base64": base64.b64encode,
    "URL-safe base64, bare": lambda text: base64.urlsafe_b64encode(text).rstrip(b"="),
    "percent-encoding": lambda text: quote_from_bytes(text, safe="").encode(),
    "percent-encoding of every byte": lambda text: b"".join(b"%%%02x" % byte for byte in text),
    "JSON": _nested,
    "YAML": _binary,
    "between other bytes": lambda text: b'"a": 1, "b": ' + text + b"\r\n",
}
CHAINS = [
    (),
    *((name,) for name in HIDING),
    ("gzip", "base64"),
    ("zlib", "URL-safe base64, bare"),
    ("gzip", "YAML"),
    ("JSON", "JSON", "JSON"),
    ("JSON", "base64", "percent-encoding"),
    ("percent-encoding", "percent-encoding", "JSON"),
    ("base64", "base64", "base64"),
]


def _hidden(text: bytes, chain: tuple[str, ...]) -> bytes:
    for name in chain:
        text = HIDING[name](text)
    return text


@pytest.mark.parametrize("chain", CHAINS, ids=", ".join)
@pytest.mark.parametrize("case", cases("scan"))
def test_case(case: dict[str, Any], chain: tuple[str, ...]) -> None:
    known = [secret.encode() for secret in case.get("known", ())]
    leaks = scanner.scan(_hidden(case["text"].encode(), chain), known)
    assert list(dict.fromkeys(leak.rule for leak in leaks)) == case["rules"], leaks


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=90).map(str.encode)
    | st.binary(min_size=8, max_size=90).filter(lambda raw: raw.strip() == raw),
    st.lists(st.sampled_from(sorted(HIDING)), max_size=3).map(tuple),
)
def test_a_known_secret_is_found_below_three_layers(secret: bytes, chain: tuple[str, ...]) -> None:
    leaks = scanner.scan(_hidden(secret, chain), [secret])
    assert "secret-known" in {leak.rule for leak in leaks}


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_scanned_and_hold_no_secret_they_do_not_hold(text: bytes) -> None:
    assert not [leak for leak in scanner.scan(text, [b"made-up-s3cr3t"]) if leak.rule == scanner.KNOWN]


# No law, but the rule: a last line of base64 that has 64 letters and no sign, by chance, looks like a key.
@settings(derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text("abcdefgh", max_size=30) | st.decimals().map(str),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("ijklmnop", max_size=9), inner, max_size=5),
    ),
    st.lists(st.sampled_from(sorted(HIDING)), max_size=3).map(tuple),
)
def test_harmless_json_gives_no_alarm(value: Any, chain: tuple[str, ...]) -> None:
    assert scanner.scan(_hidden(json.dumps(value).encode(), chain), [b"made-up-s3cr3t"]) == []


@pytest.mark.parametrize("recording", folders.listing(resources.CASSETTES).files, ids=lambda file: file.name)
def test_the_bundled_recordings_hold_no_secret(recording: Path) -> None:
    assert scanner.scan(recording.read_bytes()) == []


def test_a_leak_says_where_it_is_and_how_it_was_hidden() -> None:
    text = b'line one\n{"t": "' + base64.b64encode(json.dumps({"apiKey": KEY}).encode()) + b'"}'
    (leak,) = scanner.scan(text)
    assert (leak.rule, leak.kind, leak.how, leak.offset) == ("secret-named", "API key", "in base64", 16)
    nested = json.dumps({"é": 1, "body": json.dumps({"apiKey": "short"})}).encode()
    (leak,) = scanner.scan(nested)
    assert nested[leak.offset :].startswith(b"short")


@pytest.mark.parametrize("case", cases("scan"))
def test_nothing_found_is_shown(case: dict[str, Any]) -> None:
    for leak in scanner.scan(case["text"].encode(), [secret.encode() for secret in case.get("known", ())]):
        value = leak.shown.partition(", ")[2].partition("…")[0]
        assert len(value) <= 4
        assert KEY[:5] not in leak.shown


def test_every_rule_of_the_scan_has_a_case() -> None:
    fired = {rule for case in cases("scan") for rule in case.values[0]["rules"]}
    assert fired | {scanner.INCOMPLETE} == {rule.id for rule in rules.load().values() if rule.family == "scan"}


def _run(*args: str, stdin: bytes = b"", **env: str) -> Result:
    return CliRunner().invoke(cli, ["scan", *args], input=stdin, env={"COLUMNS": "120", **env})


def test_the_command_names_file_line_and_column_and_shows_no_secret(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.log").write_text(f"héllo\nmsg X-MBX-APIKEY: {KEY}\n", "utf-8")
    (tmp_path / "b.bin").write_bytes(gzip.compress(b"of no interest"))
    for form in ("text", "json", "markdown"):
        run = _run(str(tmp_path), "--format", form)
        assert run.exit_code == 1
        assert "secret-named" in run.output
        assert KEY[:5] not in run.output
    found = json.loads(_run(str(tmp_path), "--format", "json").output)
    jsonschema.validate(found, json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8")))
    assert found["summary"]["scanned"] == 2
    place = found["findings"][0]["location"]
    assert (place["file"], place["line"], place["column"]) == (str(tmp_path / "sub" / "a.log"), 2, 19)


def test_the_command_knows_the_secrets_of_its_environment() -> None:
    text = base64.b64encode(b"so this is where made-up-s3cr3t went")
    assert _run("-", stdin=text).exit_code == 0
    for name in ("WIRESHAPE_TESTNET_SECRET", "WIRESHAPE_KEY", "WIRESHAPE_A_B_PASSPHRASE"):
        run = _run("-", stdin=text, **{name: "made-up-s3cr3t"})
        assert run.exit_code == 1
        assert "secret-known" in run.output
        assert "s3cr3t" not in run.output


def test_what_cannot_be_scanned_is_not_called_clean(tmp_path: Path) -> None:
    assert _run().exit_code == 2
    assert _run(str(tmp_path)).exit_code == 4
    assert "no file is in this folder" in _run(str(tmp_path), "--quiet").output
    assert _run("-").exit_code == 4
    assert _run("--allow-nothing").exit_code == _run("-", "--allow-nothing").exit_code == 0
    assert _run(str(tmp_path / "none"), "--allow-nothing").exit_code == 3
    assert _run(str(tmp_path / "none")).exit_code == 3
    (tmp_path / "clean").write_text("nothing", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    run = _run(str(tmp_path))
    assert run.exit_code == 3
    assert "No such file" in run.output
    assert "1 file scanned; nothing found; 1 not scanned" in run.output


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_logs_of_two_bytes_a_character_are_read(encoding: str) -> None:
    text = "one line\napiKey: " + "fakeKey0" * 8 + "\nrequest ip: 84.17.33.9\n"
    found = scanner.scan(text.encode(encoding))
    assert {leak.rule for leak in found} >= {"secret-named", "identity-found"}
    assert all("UTF-16" in leak.how for leak in found)
    assert scanner.scan("nothing to see here".encode(encoding)) == []


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.20", "172.16.4.4", "fe80::12ab:34cd", "169.254.1.1"])
def test_addresses_of_private_networks_are_nobodys(address: str) -> None:
    assert scanner.scan(f"request ip: {address}".encode()) == []


@pytest.mark.parametrize(
    "line",
    [
        "Cookie: sid=9f8a7b6c5d4e3f2a; your_pref=1",
        "password: $ecretPassw0rd123",
        "secretKey=[abc123def456abc123]",
        "password: hunter-2-your-mom",
    ],
)
def test_a_secret_that_looks_a_little_like_a_mask_is_found(line: str) -> None:
    assert scanner.scan(line.encode())


@pytest.mark.parametrize(
    "line", ["apiKey: your-api-key-here", "secret: $API_SECRET", "secret: ${secrets.KEY}", "password: [hidden]"]
)
def test_a_mask_is_none(line: str) -> None:
    assert scanner.scan(line.encode()) == []


def test_what_tools_keep_is_scanned_and_a_link_out_of_the_folder_is_named(tmp_path: Path) -> None:
    for folder in (".git", "node_modules", ".venv"):
        (tmp_path / "here" / folder).mkdir(parents=True)
        (tmp_path / "here" / folder / "config").write_text(f"apiKey={KEY}", "utf-8")
    (tmp_path / "there").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "there")
    (tmp_path / "here" / "empty").mkdir()
    run = _run(str(tmp_path / "here"), str(tmp_path / "there"))
    assert run.exit_code == 1
    assert "3 files scanned; 3 breaking" in run.output
    assert f"left out: {tmp_path / 'here' / 'link'};" in run.output
