"""`wireshape serve`: what it says, what it refuses, and that it ends when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from loopback import ED25519, HMAC, SECRET, call, get, public_pem
from wireshape import exchange, resources
from wireshape.cli.main import cli
from wireshape.exchange import faults
from wireshape.exchange.account_kinds import KINDS
from wireshape.model import Exit

REST = call("usdm.rest.v3.account")
V3 = resources.CASSETTES / "usdm/rest/v3/account/multi-assets.one-way.flat.loopback.yaml"


def test_help_lists_every_account_fault_and_drift() -> None:
    text = CliRunner().invoke(cli, ["serve", "--help"]).output
    for name, account in KINDS.items():
        assert name in text
        assert account.description[:30] in " ".join(text.split())
    for name, kind in faults.kinds().items():
        assert name in text
        assert kind.happens.split(",")[0][:30] in " ".join(text.split())
    assert "rename:PATH=NAME" in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--fault", "nonsense"], "unknown fault 'nonsense'"),
        (["--drift", "drop:wings"], "no answer has a field `wings`"),
        (["--mode", "sideways"], "unknown mode 'sideways'"),
        (["--fault", "-2016"], "unknown error code '-2016'; known: -1000, -1001, "),
        (["--fault", "2015"], "unknown error code '2015' (did you mean -2015?)"),
        (["--account", "flatt"], "unknown account 'flatt' (did you mean flat?)"),
        (["--account", str(V3), "--mode", "hedge"], "--mode hedge: "),
        (["--hmac", "nocolon"], "--hmac: expected KEY:SECRET"),
        (["--hmac", "short:secret"], "64 letters and digits"),
        (["--public-key", f"{ED25519}:/nowhere.pem"], "No such file"),
        (["--public-key", f"{ED25519}:{os.devnull}"], "a device, and no regular file"),
        (["--public-key", f"{ED25519}:{__file__}"], "not a public key in PEM"),
    ],
    ids=str,
)
def test_serve_refuses_what_cannot_be_meant(args: list[str], words: str) -> None:
    run = CliRunner().invoke(cli, ["serve", *args])
    assert run.exit_code == 2
    assert words in run.output
    assert len(run.output.splitlines()) == 1


def test_serve_says_why_it_cannot_serve_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"code": -2015, "msg": "no"}', "utf-8")
    run = CliRunner().invoke(cli, ["serve", "--account", str(file)])
    assert run.exit_code == 3
    assert run.output == f"wireshape: {file}: the exchange answered error -2015: no\n"


def test_serve_reads_no_more_answers_than_it_has_time_for(tmp_path: Path) -> None:
    file = tmp_path / "answers.ndjson"
    file.write_text('{"code": -1, "msg": ""}\n' * 2001, "utf-8")
    run = CliRunner().invoke(cli, ["serve", "--account", str(file)])
    assert run.exit_code == Exit.UNCHECKED
    assert run.output == f"wireshape: {file}: more than 2,000 answers, the most that are served from\n"


def test_serve_answers_from_a_file_in_its_mode() -> None:
    with _serve("--hmac", f"{HMAC}:{SECRET}", "--account", str(V3)) as run:
        assert run.stdout
        first, second = run.stdout.readline(), run.stdout.readline()
        answer = get(first.split()[1].rstrip(","), REST)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=20)
    assert f"mode multi-assets.one-way, account {V3}" in first
    assert second == "answers of usdm.rest.v3.account, and of endpoints that mirror these\n"
    assert answer.json()["positions"] == []


def test_serve_says_where_a_port_is_taken() -> None:
    with exchange.running() as served:
        run = CliRunner().invoke(cli, ["serve", "--port", str(served.port)])
    assert run.exit_code == 2
    assert f"cannot listen on port {served.port}: Address already in use" in run.output


def _serve(*args: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "wireshape", "serve", "--port", "0", *args]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_serve_runs_until_it_is_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "public.pem"
    file.write_bytes(public_pem(ED25519))
    with _serve(
        "--hmac", f"{HMAC}:{SECRET}", "--public-key", f"{ED25519}:{file}", "--mode", "multi-assets.hedge"
    ) as run:
        assert run.stdout
        first = run.stdout.readline()
        port = int(first.split()[1].rstrip(",").rpartition(":")[2])
        assert "multi-assets.hedge" in first
        assert [get(f"http://127.0.0.1:{port}", REST, key).status_code for key in (HMAC, ED25519)] == [200, 200]
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    assert (run.returncode, err) == (0, "")
    assert out.splitlines() == [f"200 {REST.id}, weight {REST.weight}"] * 2


def test_serve_makes_up_a_key() -> None:
    with _serve() as run:
        assert run.stdout
        lines = [run.stdout.readline().split() for _ in range(3)]
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=20)
    assert [line[0] for line in lines] == ["REST", "key", "secret"]
    assert all(len(line[1]) == 64 for line in lines[1:])
    assert run.returncode == 0


def test_serve_says_what_to_install_where_the_extra_is_missing() -> None:
    code = "import sys; sys.modules['aiohttp'] = None; from wireshape.cli.main import cli; cli(['serve'])"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "wireshape: the loopback exchange is not installed: pip install 'wireshape[serve]'\n"


def test_help_imports_no_server() -> None:
    code = (
        "import sys\nfrom wireshape.cli.main import cli\n"
        "try:\n cli(['serve', '--help'])\nfinally:\n print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"aiohttp", "cryptography"} & set(run.stdout.splitlines()[-1].split())
