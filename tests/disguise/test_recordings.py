"""What `record` writes at each level of privacy, and what it says of that."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import smallexchange
from smallexchange import KEY, SECRET, Exchange
from wireshape.cli.main import cli
from wireshape.disguise import privacy
from wireshape.disguise.privacy import Privacy
from wireshape.inputs.cassette import METADATA

MODE = "single-asset.hedge"
FULL = Path("usdm", "rest", "v2", "account", f"{MODE}.loopback.yaml")
SECOND = f"{MODE}.custom-2.loopback.yaml"
LEAN = Path("usdm", "rest", "v3", "account", f"{MODE}.loopback.yaml")


@pytest.fixture(autouse=True)
def _numbered_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every disguise another seed, the same in every run of the tests."""
    numbers = count()
    monkeypatch.setattr("secrets.token_bytes", lambda size: next(numbers).to_bytes(size))


def _record(exchange: Exchange, into: Path, *options: str) -> Result:
    args = ["record", "--live", "custom", "--timeout", "5", "--into", str(into), *options]
    return CliRunner().invoke(cli, args, env=exchange.env)


def _recorded(file: Path) -> tuple[dict[str, Any], Any]:
    document = yaml.safe_load(file.read_text("utf-8"))
    (interaction,) = document["interactions"]
    return document["metadata"][METADATA], json.loads(interaction["response"]["body"]["string"])


def _set(body: Any, *names: str) -> set[Any]:
    """Collect what members of these names hold, anywhere in an answer."""
    if isinstance(body, list):
        return set().union(*(_set(each, *names) for each in body))
    if not isinstance(body, dict):
        return set()
    mine = {value for key, value in body.items() if key in names and not isinstance(value, list)}
    return mine.union(*(_set(value, *names) for value in body.values()))


def _true(exchange: Exchange, path: str = "/fapi/v2/account") -> Any:
    return json.loads(exchange.body("GET", path))


@pytest.mark.parametrize(
    ("options", "level"), [((), Privacy.ACCOUNT), *((("--privacy", level.value), level) for level in Privacy)]
)
def test_a_recording_states_what_was_replaced_and_is_clean(
    options: tuple[str, ...], level: Privacy, tmp_path: Path
) -> None:
    with smallexchange.running(MODE) as exchange:
        assert _record(exchange, tmp_path, *options).exit_code == 0
        true = _true(exchange)
    stated, body = _recorded(tmp_path / FULL)
    assert stated["privacy"] == privacy.statement(level).metadata()
    assert stated["privacy"]["level"] == level
    day = stated["origin"]["recorded_at"]
    assert (day.endswith("-01T00:00:00Z")) or level is Privacy.BALANCES
    assert _set(body, "walletBalance", "entryPrice", "notional") & _set(true, "walletBalance", "entryPrice") <= {
        value for value in _set(true, "walletBalance", "entryPrice") if not re.search("[1-9]", value)
    }
    same = _set(body, "symbol") == _set(true, "symbol"), _set(body, "updateTime") == _set(true, "updateTime")
    assert same == (level is Privacy.BALANCES, level is Privacy.BALANCES)
    checked = CliRunner().invoke(cli, ["check", str(tmp_path), "--fail-on", "risky"])
    assert checked.exit_code == 0, checked.output


def test_answers_of_one_run_name_the_same_positions(tmp_path: Path) -> None:
    with smallexchange.running(MODE) as exchange:
        assert _record(exchange, tmp_path).exit_code == 0
    (_, full), (_, lean) = _recorded(tmp_path / FULL), _recorded(tmp_path / LEAN)
    assert _set(lean, "symbol") <= _set(full, "symbol")
    assert _set(lean, "asset") == _set(full, "asset")
    assert "USDT" in _set(full, "asset")
    assert _set(lean, "updateTime") - {0} <= _set(full, "updateTime")


def test_two_accounts_of_one_run_have_nothing_in_common(tmp_path: Path) -> None:
    with smallexchange.running(MODE) as exchange:
        env = exchange.env | {"WIRESHAPE_CUSTOM_2_KEY": KEY, "WIRESHAPE_CUSTOM_2_SECRET": SECRET}
        args = ["record", "--live", "custom", "--timeout", "5", "--into", str(tmp_path)]
        assert CliRunner().invoke(cli, args, env=env).exit_code == 0
    (_, one), (_, other) = _recorded(tmp_path / FULL), _recorded(tmp_path / FULL.parent / SECOND)
    for names in (("walletBalance", "entryPrice", "notional"), ("symbol", "asset"), ("updateTime",)):
        shared = _set(one, *names) & _set(other, *names)
        assert shared <= {"USDT", 0, "0", "0.0", "0.00000000"}
        assert _set(one, *names) - shared


def test_what_keeps_amounts_states_no_privacy(tmp_path: Path) -> None:
    with smallexchange.running(MODE) as exchange:
        assert _record(exchange, tmp_path, "--keep-amounts").exit_code == 0
        true = _true(exchange)
    stated, body = _recorded(tmp_path / FULL)
    assert "privacy" not in stated
    assert body == true


def test_keeping_amounts_and_a_level_of_privacy_contradict_each_other(tmp_path: Path) -> None:
    with smallexchange.running(MODE) as exchange:
        run = _record(exchange, tmp_path, "--keep-amounts", "--privacy", "balances")
    assert run.exit_code == 2
    assert "--keep-amounts replaces nothing, so --privacy balances contradicts it" in run.output
    assert list(tmp_path.iterdir()) == []
