"""The news of a store: a feed, a change log, lines and JSON, and what of it is accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from jsonschema import Draft202012Validator

import docserver
from casebook import SPECIMENS
from specimens import expected
from watching import page, records, rules, watch
from wireshape.resources import SCHEMAS

ATOM = "{http://www.w3.org/2005/Atom}"


def _snapshot(store: Path) -> dict[str, bytes]:
    return {file.relative_to(store).as_posix(): file.read_bytes() for file in store.rglob("*") if file.is_file()}


def _feed(store: Path) -> ET.Element:
    return ET.fromstring((store / "feed.atom").read_text("utf-8"))  # noqa: S314 - wireshape wrote it


def _docs(folder: Path, **members: Any) -> Path:
    docs = folder / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "a.html").write_text(page(**members), "utf-8")
    return docs


def test_the_feed_is_atom(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with docserver.running() as docs:
        url = docs.page("/a", page(a="<&\x01"))
        watch(store, url)
        empty = _feed(store)
        assert empty.findall(f"{ATOM}entry") == []
        docs.page("/a", page(a="]]>\u0007", b='"<&'))
        watch(store, url)
    feed = _feed(store)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == empty.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(f"{ATOM}title")
    entries = feed.findall(f"{ATOM}entry")
    events = records(store, "events.jsonl")
    assert [each.findtext(f"{ATOM}id") for each in entries] == [f"urn:uuid:{each['id']}" for each in events]
    for each in entries:
        assert all(each.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "content"))
        (link,) = each.findall(f"{ATOM}link")
        assert link.attrib == {"rel": "alternate", "href": url}
    assert feed.findtext(f"{ATOM}updated") == max(each["date"] for each in events)


def test_the_change_log_has_a_part_for_each_operation(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path, a=1), tmp_path / "store"
    (docs / "b.html").write_text(page("GET /api/v1/other", a="|x|"), "utf-8")
    watch(store, docs)
    _docs(tmp_path, a="1")
    (docs / "b.html").write_text(page("GET /api/v1/other", a="y"), "utf-8")
    watch(store, docs)
    text = (store / "CHANGES.md").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Changes", "## GET /api/v1/other", "## GET /api/v1/thing"
    ]  # fmt: skip
    assert "| breaking | page-type-changed | a | integer | string |" in text
    assert "\\|x\\|" in text


def test_news_since_a_day(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path, a=1), tmp_path / "store"
    watch(store, docs)
    _docs(tmp_path, b=1)
    news = watch(store, docs).lines[:-1]
    events = (store / "events.jsonl").read_text("utf-8").splitlines()
    old = orjson.loads(events[0]) | {"date": "2021-05-06T00:00:00Z"}
    (store / "events.jsonl").write_text("\n".join([orjson.dumps(old).decode(), *events[1:], ""]))
    before = _snapshot(store)
    day = records(store, "events.jsonl")[1]["date"][:10]
    assert watch(store, "--since", "2021").lines == [
        f"2021-05-06  {news[0]}", f"{day}  {news[1]}", "2 events since 2021-01-01; 1 breaking; 1 info"
    ]  # fmt: skip
    latest = watch(store, "--since", "2022")
    assert (latest.code, latest.last) == (1, "1 event since 2022-01-01; 1 info")
    nothing = watch(store, "--since", "2022", "--fail-on", "breaking")
    assert nothing.code == 0
    assert watch(store, "--since", "2999").code == 2
    assert watch(store, "--since", "2021", docs).code == 2
    assert _snapshot(store) == before


@pytest.mark.parametrize(("file", "wanted"), expected("watches"))
def test_a_store_of_others_tells_its_news(file: Path, wanted: dict[str, Any]) -> None:
    run = watch(file.parent, "--since", wanted["since"], "--format", "json")
    report = orjson.loads("\n".join(run.lines))
    found = [
        {"rule": finding["rule"], "path": finding["path"], "witness": event["witness"]}
        for finding, event in zip(report["findings"], report["watched"]["events"], strict=True)
    ]
    assert (run.code, found) == (wanted["exit"], wanted["events"])


def test_the_json_report_keeps_its_schema(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path, a=1), tmp_path / "store"
    validator = Draft202012Validator(json.loads((SCHEMAS / "report.schema.json").read_text("utf-8")))
    for members in ({"a": 1}, {"a": 1}, {"a": "1"}):
        _docs(tmp_path, **members)
        report = orjson.loads("\n".join(watch(store, docs, "--format", "json").lines))
        assert [error.message for error in validator.iter_errors(report)] == []
    assert [each["rule"] for each in report["findings"]] == ["page-type-changed"]
    (event,) = records(store, "events.jsonl")
    assert [(each["id"], each["finding"]) for each in report["watched"]["events"]] == [(event["id"], 0)]
    assert "page-type-changed" in "\n".join(watch(store, "--since", "2020", "--format", "markdown").lines)


def test_what_is_accepted_is_no_news_that_fails(tmp_path: Path) -> None:
    docs, store = _docs(tmp_path, n=0, a=1), tmp_path / "store"
    watch(store, docs)
    _docs(tmp_path, n=0, a="1", b=1)
    assert watch(store, docs).code == 1
    waiver = {
        "rule": "page-type-changed",
        "file": "docs/a.html",
        "current": "GET /api/v1/thing",
        "mode": "*",
        "path": "a",
        "reason": "known",
        "citation": "a mail",
        "owner": "me",
        "expires": None,
        "accepted": "2026-11-01",
    }
    ledger = tmp_path / "ledger.json"
    ledger.write_text(json.dumps({"version": 1, "waivers": [waiver]}), "utf-8")
    args = ["--since", "2020", "--waivers", str(ledger)]
    assert watch(store, *args).last == "2 events since 2020-01-01; 1 info; 1 accepted"
    assert watch(store, *args).lines[0].endswith("  accepted: known")
    assert watch(store, *args, "--fail-on", "breaking").code == 0
    assert watch(store, *args, "--new-only").last == "1 event since 2020-01-01; 1 info; 1 accepted"
    report = orjson.loads("\n".join(watch(store, *args, "--new-only", "--format", "json").lines))
    assert [each["finding"] for each in report["watched"]["events"]] == [None, 0]


def test_real_pages_in_place_of_each_other(tmp_path: Path) -> None:
    docs, store = tmp_path / "docs", tmp_path / "store"
    docs.mkdir()
    for file in sorted((SPECIMENS / "pages").glob("*.md")):
        (docs / file.name).write_bytes(file.read_bytes())
    count = len(list(docs.iterdir()))
    assert watch(store, docs).last == f"first capture of {count} pages"
    (docs / "fenced.en.md").rename(docs / "renamed.en.md")
    assert watch(store, docs).code == 1
    assert set(rules(store)) == {"page-moved"}
