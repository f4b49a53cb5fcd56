"""Reads case files: a bundled recording, edits to its body, and what must be found."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.inputs import dates, files, folders, read, sources
from wireshape.inputs.content import Content
from wireshape.inputs.context import Context
from wireshape.model import Interaction, Mode, Origin

RECORDING = "usdm/rest/v3/account/single-asset.one-way.loopback.yaml"
CASES = Path(__file__).parents[1] / "cases"
SPECIMENS = Path(__file__).parents[1] / "specimens"
SHARED = Path(__file__).parents[3] / "shared"
SCHEMA = "case.schema.json"
"""What the case files of a folder look like; it stands beside them."""
PAGE = SPECIMENS / "pages" / "fenced.en.md"
_BODY = re.compile(r"\{body of ([^}]+)\}")
_NO_YEAR = 2018
"""Recorders write times of this year or before where they know none."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]")


def cases(name: str) -> list[Any]:
    """List every test of a folder's case files, or of those named `name.json` and `name.WORDS.json`."""
    folder = [file for file in sorted((CASES / name).glob("*.json")) if file.name != SCHEMA]
    found = folder or [*CASES.glob(f"{name}.json"), *sorted(CASES.glob(f"{name}.*.json"))]
    return [
        pytest.param(
            {key: value for key, value in group.items() if key != "tests"} | test,
            id=f"{file.stem}: {group['description']}: {test['description']}",
        )
        for file in found
        for group in json.loads(file.read_text("utf-8"))
        for test in group["tests"]
    ]


def recordings() -> list[Path]:
    """List the bundled recordings, relative to their folder."""
    return [file.relative_to(resources.CASSETTES) for file in folders.listing(resources.CASSETTES).files]


def interaction(recording: str | Path) -> Interaction:
    """Give the one interaction of a bundled recording."""
    source = files.Input(path=resources.CASSETTES / recording, name=str(recording))
    (item,) = read.items([source], Context(catalog=endpoints.load()))
    assert isinstance(item, Interaction)
    return item


def bare(item: Interaction, body: bytes) -> Interaction:
    """Give the same interaction with another body, which line and column speak of."""
    content = Content(raw=body, suffix=".json")
    return replace(item, body=body, bare=True, source=sources.whole(content))


def prepared(case: dict[str, Any]) -> Interaction:
    """Give a case's interaction: a recording with the edits and the changes the case names."""
    item = interaction(case["recording"])
    day = dates.day((case.get("origin") or {}).get("recorded_at"))
    value = json.loads(item.body) if day or "edits" in case else None
    if day and day.year > _NO_YEAR:
        no_later(value, day)
    for edit in case.get("edits", ()):
        value = edited(value, edit)
    body = json.dumps(value, ensure_ascii=False).encode() if value is not None else item.body
    if "body" in case:
        body = case["body"].encode("utf-8", "surrogatepass")
    for old, new in case.get("replace", ()):
        assert old.encode() in body
        body = body.replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1)
    item = replace(item, body=body)
    if "request_id" in case:
        item = replace(item, request_id=case["request_id"])
    if "endpoint" in case:
        item = replace(item, endpoint=endpoints.load().get(case["endpoint"]))
    if "mode" in case:
        item = replace(item, mode=Mode.parse(case["mode"]) if case["mode"] else None)
    if "origin" in case:
        item = replace(item, origin=Origin(**case["origin"]) if case["origin"] else None, recorded_on=None)
    item = bare(item, item.body) if case.get("bare") else item
    said = ("status", "expects_error", "disguised")
    return replace(item, **{name: case[name] for name in said if name in case})


def no_later(value: Any, day: date) -> None:
    """Bring the times of an answer to a day at the latest, as those of one that was recorded on it are."""
    latest = int(datetime.combine(day, time(), UTC).timestamp() * 1000)
    if isinstance(value, dict) and isinstance(value.get("updateTime"), int):
        value["updateTime"] = min(value["updateTime"], latest)
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        no_later(each, day)


def edited(value: Any, edit: dict[str, Any]) -> Any:
    """Apply one edit: set a path to a value, remove it, or append a value to the array there; [*] is every row."""
    verb = next((name for name in ("set", "remove", "append") if name in edit), None)
    assert verb, f"unknown edit {edit}: set, remove or append"
    path = edit[verb]
    steps = [name or (index if index == "*" else int(index)) for name, index in _STEP.findall(path)]
    if not steps:
        return edit["to"]
    found = list(_places(value, steps))
    assert found, f"nothing at {path}"
    for container, step in found:
        if verb == "set":
            container[step] = edit["to"]
        elif verb == "append":
            container[step].append(edit["value"])
        else:
            del container[step]
    return value


def _places(value: Any, steps: list[Any]) -> Iterable[tuple[Any, Any]]:
    step, *rest = steps
    keys = range(len(value)) if step == "*" else [step]
    if not rest:
        return [(value, key) for key in reversed(keys)]
    return [place for key in keys for place in _places(value[key], rest)]


def filled(text: str) -> bytes:
    """Put the sample recording, its body, or the sample page, where a case names it."""
    body = interaction(RECORDING).body.decode()
    cassette = (resources.CASSETTES / RECORDING).read_text("utf-8")
    text = text.replace("{body+", body[:-1] + ",").replace("{body}", body).replace("{cassette}", cassette)
    text = text.replace("{json cassette}", json.dumps(yaml.safe_load(cassette)))
    text = _BODY.sub(lambda match: _of_recording(match[1]), text)
    return text.replace("{page}", PAGE.read_text("utf-8")).encode()


def _of_recording(name: str) -> str:
    return interaction(name).body.decode()


def put(file: Path, content: Any) -> None:
    """Write a file of a case: text, text many times over, base64, gzip or a link."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        file.write_bytes(filled(content))
    elif "repeat" in content:
        file.write_bytes(filled(content["repeat"]) * content["times"])
    elif "base64" in content:
        file.write_bytes(base64.b64decode(content["base64"]))
    elif "gzip" in content:
        file.write_bytes(gzip.compress(filled(content["gzip"])))
    else:
        file.symlink_to(content["link"])
