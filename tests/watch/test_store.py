"""The store: whole whatever happens to a run, silent where nothing happened, and readable by people and programs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import docserver
from watching import page, records, rules, watch
from wireshape.watch import store as stores

FILES = ("events.jsonl", "index.jsonl", "sources.jsonl", "CHANGES.md", "feed.atom")
SCHEMA = json.loads(Path(stores.__file__).with_name("store.schema.json").read_text("utf-8"))
OPERATIONS = ("GET /api/v1/a", "GET /api/v1/b", "POST /api/v1/c")
posix = pytest.mark.skipif(os.name == "nt", reason="signals and locks are those of POSIX systems")


def _snapshot(store: Path) -> dict[str, bytes]:
    return {file.relative_to(store).as_posix(): file.read_bytes() for file in store.rglob("*") if file.is_file()}


def _docs(folder: Path, **members: Any) -> Path:
    docs = folder / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "a.html").write_text(page(**members), "utf-8")
    return docs


def test_what_is_in_a_store_is_as_its_schema_has_it(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path, a=1), tmp_path / "store"
    watch(store, docs)
    (docs / "a.html").write_text(page(b=[1]), "utf-8")
    (docs / "b.html").write_text(page("GET /api/v1/other"), "utf-8")
    assert watch(store, docs).code == 1
    for name, kind in (("sources.jsonl", "source"), ("index.jsonl", "capture"), ("events.jsonl", "event")):
        validator = Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]})
        lines = records(store, name)
        assert lines
        for each in lines:
            assert [error.message for error in validator.iter_errors(each)] == []
            assert each.keys() <= SCHEMA["$defs"][kind]["properties"].keys()
    Draft202012Validator.check_schema(SCHEMA)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    states=st.lists(
        st.dictionaries(
            st.sampled_from(["a.html", "b.html", "c.md"]),
            st.tuples(st.sampled_from(OPERATIONS), st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2))),
            min_size=1,
        ),
        min_size=2,
        max_size=4,
    )
)
def test_running_twice_is_silent_and_every_event_is_told_once(
    states: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("twice")
    docs, store = home / "docs", home / "store"
    docs.mkdir()
    told = 0
    for number, state in enumerate(states):
        for file in docs.iterdir():
            file.unlink()
        for name, (operation, members) in state.items():
            (docs / name).write_text(page(operation, name="n", **members), "utf-8")
        first = watch(store, docs, "--format", "json")
        found = orjson.loads("\n".join(first.lines))
        told += len(found["findings"])
        assert first.code == (1 if found["findings"] else 0)
        assert number > 0 or not found["findings"]
        before = _snapshot(store)
        again = watch(store, docs)
        assert again.code == 0
        assert len(again.lines) == 1
        assert _snapshot(store) == before
    ids = [each["id"] for each in records(store, "events.jsonl")]
    assert len(ids) == len(set(ids)) == told


def test_a_content_is_kept_once_wherever_it_was_seen(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path), tmp_path / "store"
    (docs / "copy.html").write_bytes((docs / "a.html").read_bytes())
    watch(store, docs, docs / "a.html")
    assert len([each for each in (store / "captures").rglob("*") if each.is_file()]) == 1
    assert len(records(store, "index.jsonl")) == 2


def test_a_change_that_is_undone_and_made_again_is_news_each_time(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path, n=0, a=1), tmp_path / "store"
    watch(store, docs)
    for members in ({"n": 0, "b": 1}, {"n": 0, "a": 1}, {"n": 0, "b": 1}):
        _docs(tmp_path, **members)
        assert watch(store, docs).code == 1
    assert rules(store) == ["page-field-removed", "page-field-added"] * 3


DAMAGE: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "no JSON": ("index.jsonl", lambda raw: b"x" + raw, "index.jsonl:1: no JSON"),
    "no capture": ("index.jsonl", lambda raw: raw + b"{}\n", "index.jsonl:2: not a line of a capture"),
    "cut": ("index.jsonl", lambda raw: raw[:-9], "its last line is cut off"),
    "events cut": ("events.jsonl", lambda _: b"{", "events.jsonl: its last line is cut off"),
    "no source": ("sources.jsonl", lambda _: b"[]\n", "sources.jsonl:1: not a line of a source"),
    "no text": ("index.jsonl", lambda _: b"\xff\xfe\n", "index.jsonl:1: no JSON"),
    "a kind of later": ("sources.jsonl", lambda raw: raw.replace(b"folder", b"moon"), "not a line of a source"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_one_clear_line_and_stays_as_it_is(tmp_path: Path, damage: str) -> None:
    name, change, said = DAMAGE[damage]
    docs, store = _docs(tmp_path), tmp_path / "store"
    watch(store, docs)
    (store / name).write_bytes(change((store / name).read_bytes()))
    before = _snapshot(store)
    _docs(tmp_path, other=1)
    calls: list[list[str | Path]] = [[docs], ["--since", "2020"]]
    for args in calls[: 1 + (name == "events.jsonl")]:
        refused = watch(store, *args)
        assert refused.code == 3
        assert len(refused.lines) == 1
        assert refused.lines[0].startswith("wireshape: the store is damaged: ")
        assert said in refused.lines[0]
    assert _snapshot(store) == before


def test_a_store_whose_captures_or_index_are_gone_is_damaged(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path), tmp_path / "store"
    watch(store, docs)
    (capture,) = (each for each in (store / "captures").rglob("*") if each.is_file())
    content = capture.read_bytes()
    capture.unlink()
    (said,) = watch(store, docs).lines
    assert f"{capture.name[:12]}...: a capture that the index names is not there" in said
    capture.write_bytes(content.replace(b"Thing", b"Thong"))
    _docs(tmp_path, other=1)
    assert "its content is not that of its name" in watch(store, docs).lines[0]
    capture.write_bytes(content)
    (store / "index.jsonl").unlink()
    assert "index.jsonl: it is not there" in watch(store, docs).lines[0]


def test_what_is_no_store_is_not_made_one(tmp_path: Path) -> None:
    docs = _docs(tmp_path)
    before = _snapshot(docs)
    assert watch(docs, docs).code == 2
    assert _snapshot(docs) == before
    assert watch(tmp_path / "none", "--since", "2020").code == 2
    assert watch(tmp_path / "none").code == 2
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("")
    assert watch(tmp_path / "file", docs).code == 2
    assert watch(tmp_path / "new", docs).code == 0
    assert watch(tmp_path / "new", docs, "--output", tmp_path / "new" / "index.jsonl").code == 2


def test_a_report_never_takes_the_place_of_a_watched_page(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    whole = page(name="a")
    (docs / "a.html").write_text(whole, "utf-8")
    store = tmp_path / "store"
    for sources in ([docs], []):
        for name in ("a.html", "new.md"):
            run = watch(store, *sources, "--output", docs / name)
            assert (run.code, "which is watched" in run.last) == (2, True)
        assert (docs / "a.html").read_text("utf-8") == whole
        assert watch(store, docs, "--output", docs / "report.json", "--format", "json").code == 0
    assert watch(store, docs / "a.html").code == 0
    assert watch(store, "--output", docs / "a.html").code == 2


@posix
def test_two_runs_at_once_keep_off_each_other(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path), tmp_path / "store"
    watch(store, docs)
    _docs(tmp_path, other=1)
    with stores.opened(store):
        busy = watch(store, docs)
        assert busy.code == 3
        assert busy.lines == [f"wireshape: another run is at work on the store {store}; run again when it is done"]
    assert watch(store, docs).code == 1


# What a shell runs in the background, it has ignore the signal of an interrupt.
_HEARS = """import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("wireshape", run_name="__main__")"""


@posix
def test_an_interrupted_run_leaves_a_store_that_is_whole(tmp_path: Path) -> None:
    store = tmp_path / "store"
    command = [sys.executable, "-c", _HEARS, "watch", "--store", str(store), "--pause", "0"]
    with docserver.running() as docs:
        urls = [docs.page(f"/{number}", page(f"GET /api/v1/t{number}", a=1)) for number in range(40)]
        assert watch(store, *urls).code == 0
        for number in range(40):
            docs.page(f"/{number}", page(f"GET /api/v1/t{number}", b=1))
        for until in (1, 20, 39):
            # A page that does not end holds the run where it is to be interrupted.
            docs.put(f"/{until}", docserver.Answer(body=b"<html>", cut=True, slow=60.0))
            asked = len(docs.asked)
            run = subprocess.Popen([*command, *urls], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while run.poll() is None and f"/{until}" not in docs.paths()[asked:]:
                time.sleep(0.001)
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=60)
            assert run.returncode == 3, out + err
            assert err.strip() == "wireshape: interrupted"
            assert rules(store) == []
            docs.page(f"/{until}", page(f"GET /api/v1/t{until}", b=1))
        assert watch(store).last == "80 events: 40 pages, 40 changed; 40 breaking; 40 info"
        assert watch(store).code == 0


def test_a_run_that_dies_while_it_writes_tells_the_same_events_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs, store = _docs(tmp_path, a=1), tmp_path / "store"
    watch(store, docs)
    _docs(tmp_path, b=1)
    write = stores.Store.write

    def dies(self: stores.Store, name: str, content: bytes) -> None:
        if name == "index.jsonl":
            raise OSError(28, "No space left on device")
        write(self, name, content)

    monkeypatch.setattr(stores.Store, "write", dies)
    assert watch(store, docs).code == 3
    monkeypatch.undo()
    assert watch(store, docs).last.startswith("2 events")
    assert len(rules(store)) == 2
