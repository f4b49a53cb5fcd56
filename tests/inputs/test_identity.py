"""Which endpoint answered a bare body: its own, or several with it among them, and never another one alone."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casebook import interaction, recordings
from wireshape.catalog import endpoints, eras, history, signatures
from wireshape.inputs import body, file_names
from wireshape.inputs.content import NOT_JSON
from wireshape.inputs.context import Context
from wireshape.jsontext.parser import BodyError, parse
from wireshape.model import Endpoint, Interaction, Problem, ToldBy

CATALOG = endpoints.load()
CONTEXT = Context(catalog=CATALOG, file="body.json")
each_recording = pytest.mark.parametrize("recording", recordings(), ids=str)
each_endpoint = pytest.mark.parametrize("endpoint", CATALOG.endpoints, ids=lambda each: each.id)
SUCCESSES = [each for each in recordings() if not interaction(each).expects_error]


def _value(raw: bytes) -> Any:
    try:
        return parse(raw).value
    except BodyError:
        return None


def _paths(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """List the fields of a body by path, with * for every row."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield (*at, name)
            yield from _paths(member, (*at, name))
    elif isinstance(value, list) and value:
        yield from _paths(value[0], (*at, "*"))


def _without(value: Any, path: tuple[str, ...], *, renamed: bool = False) -> Any:
    """Give a body that lacks a field, in every row, or has it by another name."""
    kept = copy.deepcopy(value)
    places = [kept]
    for step in path[:-1]:
        places = [row for place in places for row in (place if step == "*" else [place[step]])]
    for place in places:
        gone = place.pop(path[-1], None)
        if renamed:
            place[f"{path[-1]}_"] = gone
    return kept


def _tell(value: Any) -> Interaction | Problem:
    return body.interaction(json.dumps(value).encode(), CONTEXT, value=value)


def _names_own(found: Interaction | Problem, own: Endpoint) -> bool:
    return own.id in found.reason if isinstance(found, Problem) else found.endpoint == own


@each_recording
def test_a_body_names_its_own_endpoint(recording: Path) -> None:
    item = interaction(recording)
    value = _value(item.body)
    found = body.interaction(item.body, CONTEXT, value=NOT_JSON if value is None else value)
    if value is None:
        assert isinstance(found, Problem)
        assert "this is not JSON" in found.reason
    else:
        assert _names_own(found, item.endpoint)
    if recording in SUCCESSES:
        assert isinstance(found, Interaction)
        assert found.told_by is ToldBy.SHAPE


@pytest.mark.parametrize("recording", SUCCESSES, ids=str)
def test_a_body_without_any_one_field_names_no_other(recording: Path) -> None:
    item = interaction(recording)
    value = _value(item.body)
    frame = [(item.endpoint.payload,)] if item.endpoint.payload else []
    for path in _paths(value):
        found = _tell(_without(value, path))
        assert _names_own(found, item.endpoint), path
        # What holds all fields may tell nothing once it is gone; any other is missed by its own endpoint alone.
        assert isinstance(found, Interaction) or path in frame, path


@pytest.mark.parametrize("recording", SUCCESSES, ids=str)
def test_a_body_with_many_faults_is_taken_for_no_other(recording: Path) -> None:
    item = interaction(recording)
    chance = random.Random(str(recording))  # noqa: S311 - the same faults in every run
    for count in (2, 3, 5, 8, 13, 21):
        value = _value(item.body)
        fields = [path for path in _paths(value) if len(path) > 1 or not item.endpoint.payload]
        for path in sorted(chance.sample(fields, count), key=len, reverse=True):
            value = _without(value, path, renamed=chance.random() < 1 / 2)
        found = _tell(value)
        unlike = isinstance(found, Problem) and "does not look like an answer" in found.reason
        assert unlike or _names_own(found, item.endpoint), count


@each_endpoint
def test_an_answer_of_any_day_names_its_own_endpoint(endpoint: Endpoint) -> None:
    for day in history.load(CATALOG.schemas).starts():
        if eras.living(CATALOG, endpoint, day) != day:
            continue
        value = _of_day(endpoint, day)
        for known in (None, day):
            found = body.interaction(json.dumps(value).encode(), Context(catalog=CATALOG, day=known), value=value)
            assert isinstance(found, Interaction), (day, found)
            assert found.endpoint == endpoint, day


def _of_day(endpoint: Endpoint, day: date) -> dict[str, Any]:
    """Make a body with the names that answers of an endpoint had on a day: one row in each array, and no values."""
    known = signatures.known_on(CATALOG, endpoint, day)
    row: dict[Any, dict[Any, Any]] = {path[0]: {} for path in known if len(path) > 1}
    payload: dict[Any, Any] = {path[0]: [row[path[0]]] if path[0] in row else None for path in known}
    for path in known:
        if len(path) > 1:
            row[path[0]][path[-1]] = None
    return {"id": 1, "status": 200, endpoint.payload: payload} if endpoint.payload else payload


@each_endpoint
def test_a_file_is_named_for_its_endpoint(endpoint: Endpoint) -> None:
    for mode in endpoint.modes:
        assert file_names.named(CATALOG, f"out/{endpoint.id}.en.{mode}.2.json") == {endpoint.id}
        assert file_names.named(CATALOG, f"{endpoint.id.replace('.', '/', 3)}/{mode}.json") == {endpoint.id}
    operation = endpoint.operation.method if endpoint.payload else endpoint.operation.path
    for sign in ("_", "-", "."):
        assert endpoint.id in file_names.named(CATALOG, f"x{sign}{operation.strip('/').replace('/', sign)}{sign}1.json")


@pytest.mark.parametrize("name", ["account.json", "body.json", "fixtures/v2.json", "", "/", "..", "é/漢.json"])
def test_other_names_say_nothing(name: str) -> None:
    assert not file_names.named(CATALOG, name)
