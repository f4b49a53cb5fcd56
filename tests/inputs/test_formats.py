"""The same interaction in every format, and bytes and values that are no interaction in any."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls import CALL, ITEM, Call
from strategies import VALUES
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.inputs import read
from wireshape.inputs.context import Context
from wireshape.inputs.files import Input
from wireshape.model import Interaction, Item, Problem, Skipped
from wrapping import WRAPPINGS, Wrapping

CATALOG = endpoints.load()
LOOSE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
RANDOM = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=15,
)
each_wrapping = pytest.mark.parametrize("wrapping", WRAPPINGS, ids=lambda each: each.file)


def _items(folder: Path, name: str, raw: bytes, *, named: bool) -> list[Item]:
    file = folder / name
    file.write_bytes(raw)
    context = Context(catalog=CATALOG, endpoint=ITEM.endpoint if named else None)
    return list(read.items([Input(path=file, name=name)], context))


def _answers(folder: Path, name: str, raw: bytes, *, named: bool) -> list[Interaction]:
    items = _items(folder, name, raw, named=named)
    assert not [each for each in items if isinstance(each, Problem)]
    return [each for each in items if isinstance(each, Interaction)]


@each_wrapping
def test_an_interaction_is_the_same_in_every_format(wrapping: Wrapping, tmp_path: Path) -> None:
    (found,) = _answers(tmp_path, wrapping.file, wrapping.write(CALL), named=not wrapping.says_endpoint)
    assert found.endpoint == ITEM.endpoint
    assert json.loads(found.body) == CALL.value
    date = found.origin.recorded_at if found.origin else None
    assert date == ("2025-10-09T08:53:20Z" if wrapping.says_date else None)


@each_wrapping
@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_and_compressed(wrapping: Wrapping, suffix: str, tmp_path: Path) -> None:
    compress = gzip.compress if suffix == ".gz" else zstandard.compress
    raw = compress(wrapping.write(CALL))
    (found,) = _answers(tmp_path, wrapping.file + suffix, raw, named=not wrapping.says_endpoint)
    assert json.loads(found.body) == CALL.value


@each_wrapping
def test_and_without_a_name(wrapping: Wrapping, tmp_path: Path) -> None:
    (found,) = _answers(tmp_path, "recording", wrapping.write(CALL), named=not wrapping.says_endpoint)
    assert json.loads(found.body) == CALL.value


@each_wrapping
@LOOSE
@given(extra=st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), RANDOM, max_size=4))
def test_and_whatever_the_body_holds(wrapping: Wrapping, tmp_path: Path, extra: dict[str, Any]) -> None:
    body = json.dumps({**CALL.value, "other": extra}, ensure_ascii=False).encode()
    call = replace(CALL, body=body)
    (found,) = _answers(tmp_path, wrapping.file, wrapping.write(call), named=not wrapping.says_endpoint)
    assert json.loads(found.body) == call.value


@each_wrapping
def test_an_error_stays_one(wrapping: Wrapping, tmp_path: Path) -> None:
    body = b'{"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}'
    call = replace(CALL, status=401, body=body)
    file = tmp_path / wrapping.file
    file.write_bytes(wrapping.write(call))
    named = [] if wrapping.says_endpoint else ["--endpoint", ITEM.endpoint.id]
    run = CliRunner().invoke(cli, ["check", str(file), *named])
    assert run.exit_code == 3, run.output
    assert "error -2015" in run.output


@pytest.mark.parametrize("wrapping", [each for each in WRAPPINGS if each.says_endpoint], ids=lambda each: each.file)
def test_what_is_not_in_the_catalogue_is_skipped(wrapping: Wrapping, tmp_path: Path) -> None:
    call = Call(
        method="GET", url="https://fapi.binance.com/fapi/v1/time", status=200, body=b'{"serverTime": 1}', at=CALL.at
    )
    items = _items(tmp_path, wrapping.file, wrapping.write(call), named=False)
    assert items
    assert all(isinstance(each, Skipped) for each in items)


@each_wrapping
@LOOSE
@given(data=st.data())
def test_damage_raises_nothing(wrapping: Wrapping, tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(wrapping.write(CALL))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"{", b"[", b'"'])
        )
    for name in (wrapping.file, "recording"):
        _items(tmp_path, name, bytes(raw), named=True)


@each_wrapping
@LOOSE
@given(data=st.data())
def test_another_value_anywhere_raises_nothing(wrapping: Wrapping, tmp_path: Path, data: st.DataObject) -> None:
    raw = wrapping.write(CALL)
    try:
        document = json.loads(raw)
    except ValueError:
        return
    here = document
    while isinstance(here, dict | list) and here:
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], dict | list) or data.draw(st.booleans()):
            here[key] = data.draw(VALUES)
            break
        here = here[key]
    for named in (False, True):
        _items(tmp_path, wrapping.file, json.dumps(document).encode("utf-8", "surrogatepass"), named=named)


@LOOSE
@given(raw=st.binary(max_size=200), name=st.sampled_from([each.file for each in WRAPPINGS] + ["recording"]))
def test_bytes_raise_nothing(tmp_path: Path, raw: bytes, name: str) -> None:
    _items(tmp_path, name, raw, named=True)


@settings(LOOSE, max_examples=150)
@given(value=st.dictionaries(NAMES, RANDOM, min_size=1, max_size=6) | st.lists(RANDOM, min_size=1, max_size=4))
def test_random_keys_are_called_unchecked(tmp_path: Path, value: Any) -> None:
    file = tmp_path / "random.json"
    file.write_text(json.dumps(value), "utf-8")
    for endpoint in (None, *CATALOG.endpoints):
        items = list(read.items([Input(path=file, name="random.json")], Context(catalog=CATALOG, endpoint=endpoint)))
        assert items
        assert all(isinstance(each, Problem) for each in items)
