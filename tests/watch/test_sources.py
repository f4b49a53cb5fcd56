"""Files, folders, lists and repositories as sources."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from watching import Repository, page, records, rules, watch

DAYS = [f"2025-0{month}-01T12:00:00Z" for month in range(1, 10)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def docs(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "docs")


def test_each_commit_that_touches_a_page_is_a_capture_of_its_day(docs: Repository, store: Path) -> None:
    docs.commit(DAYS[0], {"a.html": page(a=1), "deep/b.md": page("GET /api/v1/b"), "c.py": "x"})
    docs.commit(DAYS[1], {"c.py": "y"})
    docs.commit(DAYS[2], {"a.html": page(a=1, b=2)})
    last = docs.commit(DAYS[3], {"a.html": None, "moved.html": page(a=1, b=2)})
    run = watch(store, "--git", docs.folder)
    assert run.code == 1
    assert [(each["rule"], each["date"]) for each in records(store, "events.jsonl")] == [
        ("page-field-added", DAYS[2]),
        ("page-moved", DAYS[3]),
    ]
    captures = records(store, "index.jsonl")
    assert [(each["page"].rpartition(":")[2], each["date"]) for each in captures] == [
        ("a.html", DAYS[0]), ("deep/b.md", DAYS[0]), ("a.html", DAYS[2]), ("moved.html", DAYS[3]), ("a.html", DAYS[3])
    ]  # fmt: skip
    assert captures[-1]["revision"] == last
    again = watch(store)
    assert (again.code, again.last) == (0, "nothing new: 2 pages, 2 unchanged since 2025-04-01")
    docs.commit(DAYS[4], {"deep/b.md": page("GET /api/v1/b", name="a")})
    assert watch(store).code == 1
    assert rules(store)[-1] == "page-field-removed"


def test_a_range_begins_with_the_tree_before_it(docs: Repository, store: Path) -> None:
    commits = [docs.commit(day, {"a.html": page(a=1, b=[at])}) for at, day in enumerate(DAYS[:5])]
    run = watch(store, "--git", docs.folder, "--rev", f"{commits[1]}..{commits[3]}")
    assert run.last == "2 events: 1 page, 1 captured for the first time; 2 info"
    assert [each["date"] for each in records(store, "index.jsonl")] == DAYS[1:4]
    assert watch(store, "--git", docs.folder, "--rev", f"{commits[1]}..{commits[3]}").code == 0
    assert watch(store).last.startswith("1 event: 1 page, 1 changed")


def test_what_a_merge_brings_comes_on_its_day(docs: Repository, store: Path) -> None:
    docs.commit(DAYS[0], {"a.html": page(a=1)})
    main = docs.git("rev-parse", "--abbrev-ref", "HEAD")
    docs.git("checkout", "--quiet", "-b", "side")
    docs.commit(DAYS[1], {"a.html": page(a=1, b=1)})
    docs.git("checkout", "--quiet", main)
    docs.commit(DAYS[2], {"c.py": "x"})
    docs.git("merge", "--quiet", "--no-ff", "--message", "m", "side", day=DAYS[3])
    watch(store, "--git", docs.folder)
    assert [(each["rule"], each["date"]) for each in records(store, "events.jsonl")] == [("page-field-added", DAYS[3])]


def test_a_history_that_was_rewritten_is_compared_by_its_end(docs: Repository, store: Path) -> None:
    docs.commit(DAYS[0], {"a.html": page(a=1)})
    docs.commit(DAYS[1], {"b.html": page("GET /api/v1/b")})
    watch(store, "--git", docs.folder)
    docs.git("checkout", "--quiet", "--orphan", "fresh")
    docs.commit(DAYS[2], {"a.html": page(a="1"), "b.html": None})
    for branch in docs.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split():
        if branch != "fresh":
            docs.git("branch", "--quiet", "-D", branch)
    docs.git("reflog", "expire", "--expire=now", "--all")
    docs.git("gc", "--quiet", "--prune=now")
    assert watch(store).code == 1
    assert sorted(rules(store)) == ["page-operation-added", "page-operation-removed", "page-type-changed"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--git", "nothing"], 3, "cannot change to"),
        (["--git", "."], 3, "not a git repository"),
        (["--git", "docs", "--rev", "unknown"], 3, "no git revision 'unknown'"),
        (["--git", "docs", "--rev=--output=x"], 2, "is not a git revision"),
        (["--rev", "a..b"], 2, "--rev is of a repository"),
        (["nothing.md"], 3, "nothing.md: could not look: no such file or folder"),
        (["--list", "nothing.txt"], 3, "--list: nothing.txt: No such file"),
        (["empty"], 3, "empty: could not look: no file is in this folder"),
        (["docs", "--match", "*.rst"], 3, "no page in this folder fits --match"),
    ],
)
def test_what_cannot_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, docs: Repository, args: list[str], code: int, said: str
) -> None:
    docs.commit(DAYS[0], {"a.html": page()})
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    run = watch(Path("store"), *args)
    assert run.code == code
    assert said in run.lines[0]
    assert not (tmp_path / "x").exists()


def test_a_page_that_left_its_folder_is_gone_and_one_that_is_named_is_not(tmp_path: Path, store: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("a", "b"):
        (docs / f"{name}.html").write_text(page(f"GET /api/v1/{name}"), "utf-8")
    named = tmp_path / "c.html"
    named.write_text(page("GET /api/v1/c"), "utf-8")
    watch(store, docs, named)
    (docs / "a.html").unlink()
    named.unlink()
    run = watch(store)
    assert run.code == 1
    assert [each for each in run.lines if "c.html: could not look: no such file" in each]
    assert rules(store) == ["page-operation-removed"]
    (docs / "a.html").write_text(page("GET /api/v1/a"), "utf-8")
    watch(store)
    assert rules(store) == ["page-operation-removed", "page-operation-added"]


def test_an_operation_that_moves_from_page_to_page_is_moved(tmp_path: Path, store: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.html").write_text(page("GET /api/v1/a"), "utf-8")
    (docs / "b.html").write_text("<html><p>soon</p></html>", "utf-8")
    assert watch(store, docs).last == "first capture of 2 pages, 1 with nothing to compare"
    (docs / "b.html").write_text((docs / "a.html").read_text("utf-8"), "utf-8")
    (docs / "a.html").write_text("<html><p>see b</p></html>", "utf-8")
    watch(store, docs)
    assert rules(store) == ["page-moved"]


def test_a_list_names_sources_and_has_comments(tmp_path: Path, store: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_text(page(f"GET /api/v1/{name}"), "utf-8")
    listed = tmp_path / "list.txt"
    listed.write_text(f"# all\n\n{tmp_path}/a.html  # the first\n  {tmp_path}/b.html\n{tmp_path}/b.html\n", "utf-8")
    assert watch(store, "--list", listed).last == "first capture of 2 pages"


def test_unreadable_pages_are_none_that_left(tmp_path: Path, store: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("a", "b"):
        (docs / f"{name}.html").write_text(page(f"GET /api/v1/{name}"), "utf-8")
    watch(store, docs)
    (docs / "a.html").write_bytes(b"\xff\xfe\xff\x00")
    run = watch(store)
    assert run.code == 3
    assert "a.html: could not look: the page is not UTF-8" in run.lines[0]
    assert rules(store) == []


@pytest.mark.skipif(os.name == "nt", reason="an import hook is as good there, and the process is slow")
def test_files_need_no_httpx_and_addresses_say_how_to_get_it(tmp_path: Path, store: Path) -> None:
    (tmp_path / "a.html").write_text(page(), "utf-8")
    code = (
        "import sys; sys.modules['httpx'] = None\n"
        "from wireshape.cli.main import main\n"
        "sys.argv = ['wireshape', 'watch', '--store', *sys.argv[1:]]; main()"
    )
    for source, exit_code, said in (
        (str(tmp_path / "a.html"), 0, "first capture of 1 page"),
        ("http://localhost/", 2, "`pip install 'wireshape[live]'` installs it"),
    ):
        run = subprocess.run(
            [sys.executable, "-c", code, str(store), source], capture_output=True, text=True, check=False
        )
        assert run.returncode == exit_code, run.stderr
        assert said in run.stdout + run.stderr


def test_what_tools_keep_in_a_folder_is_left_out_and_named(tmp_path: Path, store: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "node_modules").mkdir(parents=True)
    for file in (docs / "a.html", docs / "node_modules" / "b.html"):
        file.write_text(page(), "utf-8")
    run = watch(store, docs)
    assert run.lines == [
        f"note        {docs}/node_modules: left out of the folder; name it to watch it", "first capture of 1 page"
    ]  # fmt: skip


@pytest.mark.parametrize("by_git", [True, False])
def test_a_store_in_what_is_watched_is_no_part_of_it(docs: Repository, *, by_git: bool) -> None:
    store = docs.folder / "news"
    source = ["--git", docs.folder] if by_git else [docs.folder]
    docs.commit(DAYS[0], {"a.html": page(n=0, a=1)})
    assert watch(store, *source).last == "first capture of 1 page"
    docs.commit(DAYS[1], {"a.html": page(n=0, a="1")})
    assert watch(store, *source).last == "1 event: 1 page, 1 changed; 1 breaking"
    docs.commit(DAYS[2], {"c.py": "x"})
    assert watch(store).code == 0
