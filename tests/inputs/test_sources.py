"""Where a finding stands: the text of the file at a reported place is what the finding is about."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls import CALL, ITEM
from cassette_files import har, vcr
from strategies import paths_of
from wireshape.catalog import endpoints
from wireshape.inputs import read, sources
from wireshape.inputs.context import Context
from wireshape.inputs.files import Input
from wireshape.jsontext import parser, paths
from wireshape.model import Interaction, Location
from wrapping import WRAPPINGS, Wrapping

CATALOG = endpoints.load()
LOOSE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
ENCODED = re.compile(r"gzip|base64|betamax|polly|binary|newman")
"""Names of files in which the body is no text of its own."""
KEYS = st.text(st.characters(codec="utf-8"), max_size=8)
STYLES = st.sampled_from([None, "|", ">", "'", '"'])
each_wrapping = pytest.mark.parametrize("wrapping", WRAPPINGS, ids=lambda each: each.file)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Give an answer in which every scalar is another, among names and texts of any kind, in any layout."""
    extra = draw(st.lists(st.dictionaries(KEYS, st.none() | KEYS, max_size=4), max_size=4))
    value = {"other": extra, **json.loads(ITEM.body)}
    counted = iter(range(10_000, 10**6))
    laid_out: dict[str, Any] = {"indent": draw(st.sampled_from([None, 1, 4])), "ensure_ascii": draw(st.booleans())}
    return json.dumps(_unique(value, counted), **laid_out).encode()


def _unique(value: Any, counted: Iterator[int]) -> Any:
    if isinstance(value, dict):
        return {key: _unique(each, counted) for key, each in value.items()}
    if isinstance(value, list):
        return [_unique(each, counted) for each in value]
    return f"v{next(counted)} {value}" if isinstance(value, str) else next(counted)


def _answers(folder: Path, name: str, raw: bytes) -> list[Interaction]:
    file = folder / name
    file.write_bytes(raw)
    context = Context(catalog=CATALOG, endpoint=ITEM.endpoint, trusting=True)
    return [each for each in read.items([Input(path=file, name=name)], context) if isinstance(each, Interaction)]


def _text_at(raw: bytes, location: Location) -> str:
    """Give what stands in a file from a place on; a line that YAML breaks goes on where it does."""
    assert location.line
    assert location.column
    text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    first, *rest = text.split("\n")[location.line - 1 :]
    assert location.column <= len(first)
    return re.sub(r"\\\r?\n *\\?", "", "\n".join([first[location.column - 1 :], *rest[:2]]))


def _places(item: Interaction) -> Iterator[tuple[Any, Location]]:
    """Yield every scalar of a body that is a number or begins with one of its own, and where it is said to be."""
    document = parser.parse(item.body)
    offsets = document.offsets(paths_of(document.value))
    located = sources.locations(item, offsets.values())
    for path, offset in offsets.items():
        value = paths.at(document.value, path)
        if not isinstance(value, dict | list):
            yield value, located[offset]


def _require_all_placed(item: Interaction, raw: bytes) -> None:
    found = list(_places(item))
    assert found
    for value, location in found:
        written = str(value).partition(" ")[0]
        assert re.match(rf"[\"'\\]*{written}\b", _text_at(raw, location)), (value, location)


@each_wrapping
@settings(LOOSE, max_examples=15)
@given(body=bodies())
def test_every_value_is_where_it_is_said_to_be(wrapping: Wrapping, tmp_path: Path, body: bytes) -> None:
    raw = wrapping.write(replace(CALL, body=body))
    (item,) = _answers(tmp_path, wrapping.file, raw)
    if not ENCODED.search(wrapping.file):
        _require_all_placed(item, raw)
        return
    (begin,) = {location for _, location in _places(item)}
    assert re.match(r"[\"'\[{|]|e[yw][Jo]", _text_at(raw, begin)), _text_at(raw, begin)


@LOOSE
@given(body=bodies(), style=STYLES, width=st.integers(20, 200), data=st.data())
def test_yaml_of_every_style(tmp_path: Path, body: bytes, style: str | None, width: int, data: st.DataObject) -> None:
    layout: dict[str, Any] = {
        "default_style": style,
        "width": width,
        "allow_unicode": data.draw(st.booleans()),
        "indent": data.draw(st.integers(2, 6)),
        "line_break": data.draw(st.sampled_from(["\n", "\r\n"])),
        "encoding": data.draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"])),
        "default_flow_style": data.draw(st.booleans()),
    }
    shared = {"string": body.decode()}
    document = vcr(CALL, shared)["http_interactions"][0]
    raw = yaml.safe_dump({"interactions": [document, document, vcr(CALL, shared)["http_interactions"][0]]}, **layout)
    for item in _answers(tmp_path, "cassette.yaml", raw):
        _require_all_placed(item, raw)


@LOOSE
@given(
    body=bodies(), ascii_only=st.booleans(), indent=st.sampled_from([None, 0, 3]), end=st.sampled_from(["\n", "\r\n"])
)
def test_json_of_every_layout(tmp_path: Path, body: bytes, ascii_only: bool, indent: int | None, end: str) -> None:  # noqa: FBT001
    document = json.loads(har(replace(CALL, body=body), {"text": body.decode()}))
    document["log"]["entries"] *= 3
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent).replace("\n", end)
    for mark in (b"", b"\xef\xbb\xbf"):
        raw = mark + text.encode()
        items = _answers(tmp_path, "session.har", raw)
        assert [item.location.entry for item in items] == [1, 2, 3]
        lines = [next(_places(item))[1] for item in items]
        assert len(set(lines)) == len(lines)
        for item in items:
            _require_all_placed(item, raw)


LINES = {
    "bare.ndjson": "{body}",
    "wrapped.ndjson": '{{"at": "\U0001f600\\t", "data":\t{body}}}',
    "quoted.ndjson": '{{"at": "\u00e9", "body": {quoted}}}',
    "bot.log": "2025-10-09 08:53:20 \x1b[32mDEBUG\x1b[0m \U0001f600 got {body} \x1b[0m",
}


@pytest.mark.parametrize("name", LINES)
@LOOSE
@given(body=bodies(), end=st.sampled_from(["\n", "\r\n", "\n\n"]), mark=st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_lines_of_every_kind(tmp_path: Path, name: str, body: bytes, end: str, mark: bytes) -> None:
    compact = json.dumps(json.loads(body), ensure_ascii=False)
    line = LINES[name].format(body=compact, quoted=json.dumps(compact))
    raw = mark + f"{line}{end}{line}{end}".encode()
    items = _answers(tmp_path, name, raw)
    assert len({next(_places(item))[1].line for item in items}) == len(items) == 2
    for item in items:
        _require_all_placed(item, raw)


@each_wrapping
def test_the_place_in_a_compressed_file_is_that_of_the_text_inside(wrapping: Wrapping, tmp_path: Path) -> None:
    raw = wrapping.write(CALL)
    (plain,) = _answers(tmp_path, wrapping.file, raw)
    (packed,) = _answers(tmp_path, f"{wrapping.file}.gz", gzip.compress(raw))
    (there,) = sources.locations(plain, [0]).values()
    (inside,) = sources.locations(packed, [0]).values()
    assert replace(there, file=inside.file, unpacked=True) == inside
    assert str(inside) == f"{wrapping.file}.gz (unpacked, {there.line}:{there.column})"
    assert str(there) == f"{wrapping.file}:{there.line}:{there.column}"
