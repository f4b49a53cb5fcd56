"""The official change log as a witness: announced and seen, seen and not announced, announced and not seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casebook import cases
from watching import Repository, page, records, watch
from wireshape.catalog import endpoints
from wireshape.pages import vocabulary
from wireshape.watch import change_log

VOCABULARY = vocabulary.load(endpoints.load().schemas)


@pytest.mark.parametrize("case", cases("watch"))
def test_a_change_log_announces_what_it_names_clearly(case: dict[str, Any]) -> None:
    found = change_log.read("\n".join(case["text"]), "log", VOCABULARY).announcements
    assert [
        {
            "day": each.day.isoformat(),
            "line": each.line,
            "operation": each.operation,
            "fields": sorted(each.fields),
            "kinds": sorted(each.kinds),
            **({} if each.product is None else {"product": each.product}),
            **({"days": [day.isoformat() for day in each.days]} if each.days else {}),
            **({} if each.weight is None else {"weight": each.weight}),
        }
        for each in found
    ] == case["announcements"]


@pytest.fixture
def history(tmp_path: Path) -> Callable[..., Repository]:
    """Make a repository of one page whose members change on given days."""

    def made(**states: dict[str, Any]) -> Repository:
        repository = Repository(tmp_path / "docs")
        for day, members in states.items():
            repository.commit(f"{day.strip('_').replace('_', '-')}T12:00:00Z", {"a.html": page(**members)})
        return repository

    return made


def _witnesses(store: Path) -> dict[tuple[str, str], str | None]:
    return {(each["rule"], each["path"]): each.get("announced") for each in records(store, "events.jsonl")}


LOG = """## 2025-07-02

* `GET /api/v1/thing`: add response field `colour`
* Add request parameter `shape` to `GET /api/v1/thing`

## 2025-01-15

* The field `size` will be removed from the response of `GET /api/v1/thing` on 2025-06-20
* Add response field `shape` to `GET /api/v1/other`
"""


def test_what_was_announced_is_told_with_the_day(tmp_path: Path, history: Callable[..., Repository]) -> None:
    docs = history(
        _2025_01_01={"name": "a", "size": 1},
        _2025_06_30={"name": "a", "colour": "red"},
        _2025_07_05={"name": "b", "colour": "red", "shape": "x"},
    )
    (tmp_path / "log.md").write_text(LOG, "utf-8")
    store = tmp_path / "store"
    run = watch(store, "--git", docs.folder, "--change-log", tmp_path / "log.md")
    assert run.code == 1
    assert _witnesses(store) == {
        ("page-field-removed", "size"): "2025-01-15",
        ("page-field-added", "colour"): "2025-07-02",
        ("page-value-changed", "name"): None,
        ("page-field-added", "shape"): None,
    }
    assert [line.rpartition("  ")[2] for line in run.lines[:-1]] == [
        "announced 2025-01-15", "announced 2025-07-02", "not announced", "not announced"
    ]  # fmt: skip
    assert watch(store).code == 0


def test_without_a_change_log_nothing_is_said_of_it(tmp_path: Path, history: Callable[..., Repository]) -> None:
    docs = history(_2025_01_01={"name": "a", "size": 1}, _2025_06_30={"name": "a"})
    watch(tmp_path / "store", "--git", docs.folder)
    (event,) = records(tmp_path / "store", "events.jsonl")
    assert not {"announced", "change_log"} & event.keys()


def test_what_was_announced_long_ago_counts_for_nothing(tmp_path: Path, history: Callable[..., Repository]) -> None:
    docs = history(_2025_01_01={"name": "a", "size": 1}, _2025_09_30={"name": "a", "size": 1, "colour": "red"})
    (tmp_path / "log.md").write_text(LOG, "utf-8")
    watch(tmp_path / "store", "--git", docs.folder, "--change-log", tmp_path / "log.md")
    assert _witnesses(tmp_path / "store")["page-field-added", "colour"] is None


def test_what_was_announced_and_never_came_is_told_once(tmp_path: Path, history: Callable[..., Repository]) -> None:
    docs = history(_2025_01_01={"name": "a", "size": 1, "weight": 5}, _2025_01_02={"name": "b", "size": 1, "weight": 5})
    log = tmp_path / "log.md"
    log.write_text(f"{LOG}\n## 2025-03-01\n* The weight of `GET /api/v1/thing` is updated to 20\n", "utf-8")
    store = tmp_path / "store"
    run = watch(store, "--git", docs.folder, "--change-log", log)
    unseen = [line.split() for line in run.lines if "announcement-unseen" in line]
    assert [line[5:] for line in unseen] == [
        ["colour", "is", "absent,", "not", "added", f"{log}:3", "announced", "2025-07-02"],
        ["size", "is", "still", "there,", "not", "removed", f"{log}:8", "announced", "2025-01-15"],
        ["is", "request", "weight", "5,", "not", "20", f"{log}:12", "announced", "2025-03-01"],
    ]
    again = watch(store)
    assert (again.code, len(again.lines)) == (0, 1)


def test_what_was_seen_once_is_seen_though_another_row_has_it(
    tmp_path: Path, history: Callable[..., Repository]
) -> None:
    row = {"size": 1, "name": "a"}
    docs = history(
        _2025_01_01={"name": "a", "one": row, "two": row}, _2025_01_20={"name": "a", "one": {"name": "a"}, "two": row}
    )
    (tmp_path / "log.md").write_text(LOG.partition("## 2025-01-15")[2].join(["## 2025-01-15", ""]), "utf-8")
    watch(tmp_path / "store", "--git", docs.folder, "--change-log", tmp_path / "log.md")
    assert _witnesses(tmp_path / "store") == {("page-field-removed", "one.size"): "2025-01-15"}


def test_what_was_announced_before_the_page_was_watched_is_none(
    tmp_path: Path, history: Callable[..., Repository]
) -> None:
    docs = history(_2025_08_01={"name": "a", "size": 1})
    (tmp_path / "log.md").write_text(LOG, "utf-8")
    assert watch(tmp_path / "store", "--git", docs.folder, "--change-log", tmp_path / "log.md").code == 0


@pytest.mark.parametrize(("text", "said"), [("# Log\n", "no entry has a day"), ("", "the page is empty")])
def test_a_change_log_that_cannot_be_read_is_no_green(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.html").write_text(page(), "utf-8")
    (tmp_path / "log.md").write_text(text, "utf-8")
    run = watch(tmp_path / "store", tmp_path / "a.html", "--change-log", tmp_path / "log.md")
    assert run.code == 3
    assert said in run.lines[0]
