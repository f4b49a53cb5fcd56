"""The patch of `audit`: applied, it leaves none of what it mends, changes no value, and touches nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from blockforms import FORMS, PROGRAM_LANGUAGES, read
from casebook import SHARED, SPECIMENS, cases
from damage import damaged
from wireshape.audit import mending, unified_diff
from wireshape.audit.mending import Mended
from wireshape.cli.main import cli
from wireshape.pages import page_bytes

GIT = shutil.which("git") or "git"
TOOLS = [
    pytest.param(
        command,
        id=command[0],
        marks=pytest.mark.skipif(not shutil.which(command[0]), reason=f"{command[0]} is not installed"),
    )
    for command in (["git", "apply", "-"], ["patch", "-p1", "-s"])
]
BROKEN = '# A\n\nGET `/fapi/v3/account`\n\n```json\n{\n  "a": "1"  // one\n  "b": 2,\n}\n```\n'
MENDED = '# A\n\nGET `/fapi/v3/account`\n\n```json\n{\n  "a": "1",  // one\n  "b": 2\n}\n```\n'
PAGES = [file for file in sorted((SPECIMENS / "damaged-pages").iterdir()) if file.suffix != ".json"]
SEEDS = sorted((SHARED / "seeds").glob("*")) if SHARED.is_dir() else []
LAWFUL = [
    *(pytest.param(file, id=file.name) for file in PAGES),
    *(pytest.param(file, id=f"seed {number}") for number, file in enumerate(SEEDS, 1)),
    *([] if SEEDS else [pytest.param(None, id="seeds", marks=pytest.mark.skip(reason="needs ../shared"))]),
]


def _mended(text: str) -> Mended:
    """Mend a page, and hold what comes of it against the law."""
    mended = mending.mend(text, PROGRAM_LANGUAGES, lambda _: False, {})
    assert "".join(mended.before) == text
    after = "".join(mended.after)
    (_, old, _), (_, new, _) = read(text), read(after)
    assert [repr(each.value) for each in new] == [repr(each.value) for each in old]
    assert mended.defects == sum(len(each.defects) for each in old)
    assert len(mended.left) == sum(len(each.defects) for each in new)
    again = mending.mend(after, PROGRAM_LANGUAGES, lambda _: False, {})
    assert again.after == again.before
    return mended


def _applied(command: list[str], folder: Path, page: bytes, mended: Mended) -> bytes:
    (folder / "page.md").write_bytes(page)
    mark = "\ufeff" if page.startswith(b"\xef\xbb\xbf") else ""
    rows = unified_diff.rows(mended.before, mended.after, mark)
    diff = unified_diff.of_file(b"page.md", rows, lambda _: True)
    if diff:
        run = subprocess.run(command, cwd=folder, input=diff, capture_output=True, check=False)
        assert run.returncode == 0, run.stderr
    return (folder / "page.md").read_bytes()


@pytest.mark.parametrize("command", TOOLS)
@pytest.mark.parametrize("file", LAWFUL)
def test_a_damaged_page(file: Path, command: list[str], tmp_path: Path) -> None:
    page = file.read_bytes()
    mended = _mended(page_bytes.written(page))
    mark = b"\xef\xbb\xbf" if page.startswith(b"\xef\xbb\xbf") else b""
    assert _applied(command, tmp_path, page, mended) == mark + "".join(mended.after).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("case", cases("blocks"))
def test_a_case_of_blocks(case: dict[str, Any], line_break: str) -> None:
    _mended(line_break.join(case["page"]))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", cases("damage"))
def test_every_kind_of_damage_is_mended(case: dict[str, Any], form: str) -> None:
    mended = _mended(FORMS[form](damaged(case)[1].text))
    assert bool(mended.left) == case.get("left", False)


pieces = st.sampled_from(
    ["{", "}", "[", "]", '"a": 1', '"b": "x"', "'c': 2", "d: None", ",", ",,", ":", "// note", '// "e": 3,', "\n",
     "\r\n", "  ", "\u00a0", "\u200b", "...", "1 2", '"', "```json\n", "\n```\n", "&quot;", "<br>", "> ", "#", "07"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(pieces, max_size=25).map("".join), st.sampled_from([*FORMS, None]))
def test_any_text(text: str, form: str | None) -> None:
    _mended(FORMS[form](text) if form else text)


def _run(folder: Path, monkeypatch: pytest.MonkeyPatch, *args: str) -> Result:
    monkeypatch.chdir(folder)
    return CliRunner().invoke(cli, ["audit", *args], prog_name="wireshape")


@pytest.mark.parametrize("command", TOOLS)
@pytest.mark.parametrize("name", ["a.md", "sub/a b.md", "größe.md", 'q"uote.md', "tab\there.md"])
def test_a_patch_is_applied_where_the_pages_were_named(
    command: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "pages"
    for each in (name, "other.md"):
        (pages / each).parent.mkdir(parents=True, exist_ok=True)
        (pages / each).write_bytes(BROKEN.encode())
    run = _run(pages, monkeypatch, name, "other.md", "--patch", "../out.diff")
    assert run.exit_code == _run(pages, monkeypatch, name, "other.md").exit_code == 1
    assert "4 of 4 defects mended" in run.stderr
    subprocess.run(command, cwd=pages, input=(tmp_path / "out.diff").read_bytes(), check=True)
    assert [(pages / each).read_text("utf-8") for each in (name, "other.md")] == [MENDED] * 2
    again = _run(pages, monkeypatch, name, "other.md", "--patch", "../out.diff")
    assert (again.exit_code, (tmp_path / "out.diff").read_bytes()) == (1, b"")
    assert "example-missing-comma" not in again.stdout


@pytest.mark.parametrize("command", TOOLS)
@pytest.mark.parametrize("raw", [
    BROKEN.replace("\n", "\r\n").encode(), BROKEN.replace("\n", "\r").encode(), b"\xef\xbb\xbf" + BROKEN.encode(),
    BROKEN.removesuffix("\n```\n").encode(), BROKEN.replace("\n", "\r\n", 4).encode(),
    BROKEN.encode() + b"\xed\xa0\x80",
    BROKEN.replace("# A", "# &amp; \u00a0\t ").encode() + b"\n\n   \n",
])  # fmt: skip
def test_all_else_stays_byte_for_byte(
    command: list[str], raw: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_bytes(raw)
    _run(tmp_path, monkeypatch, "a.md", "--patch", "out.diff")
    subprocess.run(command, cwd=tmp_path, input=(tmp_path / "out.diff").read_bytes(), check=True)
    assert (tmp_path / "a.md").read_bytes() == raw.replace(b'"1" ', b'"1", ').replace(b"2,", b"2")


def test_what_is_not_mechanical_is_left_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = BROKEN.replace('"b": 2,', '"b": ,\n  "a": 3,\n  ...\n')
    (tmp_path / "a.md").write_text(text, "utf-8")
    run = _run(tmp_path, monkeypatch, "a.md", "--patch", "out.diff")
    assert "1 of 4 defects mended" in run.stderr
    assert "1 of 4 not mended: the value is not on the page: a.md:8" in run.stderr
    assert "1 of 4 not mended: which of the two counts is not known: a.md:9" in run.stderr
    assert "1 of 4 not mended: what the ellipsis stands for is not on the page: a.md:10" in run.stderr


def test_a_block_that_is_broken_on_purpose_stays_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = "<!-- wireshape: accept example-missing-comma: shows what is wrong -->"
    text = BROKEN.replace("```json", f"{mark}\n\n```json")
    (tmp_path / "a.md").write_text(text, "utf-8")
    run = _run(tmp_path, monkeypatch, "a.md", "--patch", "out.diff")
    assert "not mended: a mark of the page accepts it: a.md:9" in run.stderr
    subprocess.run([GIT, "apply", "out.diff"], cwd=tmp_path, check=True)
    assert (tmp_path / "a.md").read_text("utf-8") == text.replace('"b": 2,', '"b": 2')


def test_no_secret_is_in_a_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = "fakeKey0" * 8
    near = f'{{\n  "a": 1\n  "listenKey": "{made_up}",\n  "b": 2,\n  "c": 3,\n'
    near += '  "d": 4,\n  "e": 5\n  "f": 6,\n  "g": 7\n}'
    (tmp_path / "a.md").write_text(f"# A\n\n```json\n{near}\n```\n", "utf-8")
    run = _run(tmp_path, monkeypatch, "a.md", "--patch", "out.diff")
    diff = (tmp_path / "out.diff").read_text("utf-8")
    assert "fakeKey0" not in diff + run.output
    assert '+  "e": 5,' in diff
    assert "not mended: a secret stands beside it, which no output may show: a.md:5" in run.stderr
    subprocess.run([GIT, "apply", "out.diff"], cwd=tmp_path, check=True)


def test_a_page_elsewhere_is_patched_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("here", "there/one", "there/two"):
        (tmp_path / each).mkdir(parents=True)
    (tmp_path / "there/one/a.md").write_text(BROKEN, "utf-8")
    (tmp_path / "there/two/a.md").write_text(BROKEN, "utf-8")
    run = _run(tmp_path / "here", monkeypatch, "../there/one/a.md", "../there/two", "--patch", "out.diff")
    assert f"apply it in {(tmp_path / 'there').resolve()}" in run.stderr.replace("\n", "")
    subprocess.run([GIT, "apply", "../here/out.diff"], cwd=tmp_path / "there", check=True)
    assert (tmp_path / "there/two/a.md").read_text("utf-8") == MENDED


def test_a_link_is_patched_where_it_leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(BROKEN, "utf-8")
    (tmp_path / "link.md").symlink_to("a.md")
    run = _run(tmp_path, monkeypatch, "link.md", "a.md", "--patch", "out.diff")
    assert "2 of 2 defects mended" in run.stderr
    subprocess.run([GIT, "apply", "out.diff"], cwd=tmp_path, check=True)
    assert (tmp_path / "a.md").read_text("utf-8") == MENDED


def test_standard_input_is_in_no_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli, ["audit", "-", "--patch", "out.diff"], input=BROKEN)
    assert "standard input is no file, so nothing of it is in the patch" in run.stderr
    assert (tmp_path / "out.diff").read_bytes() == b""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--patch", "a.md"], "it is one of the inputs"),
        (["--patch", "-"], "--patch - is no file"),
        (["--patch", "x", "--output", "x"], "--patch and --output are the same file"),
        (["--patch", "none/x"], "no such folder"),
    ],
)
def test_a_patch_takes_no_other_place(
    args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text(BROKEN, "utf-8")
    run = _run(tmp_path, monkeypatch, "a.md", *args)
    assert run.exit_code in {2, 3}
    assert said in run.output
    assert (tmp_path / "a.md").read_text("utf-8") == BROKEN


def test_a_joined_line_is_divided_as_the_page_divides_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = '> ```json\r\n> {\r\n>   "a": 1, // one  "b": 2\r\n> }\r\n> ```\r\n'
    (tmp_path / "a.md").write_bytes(quoted.encode())
    _run(tmp_path, monkeypatch, "a.md", "--patch", "out.diff")
    subprocess.run([GIT, "apply", "--whitespace=nowarn", "out.diff"], cwd=tmp_path, check=True)
    assert (tmp_path / "a.md").read_bytes() == quoted.replace('one  "b"', 'one\r\n>   "b"').encode()


def test_no_edit_replaces_markup() -> None:
    page = '<!doctype html><pre><code>{<br>"a": <b>T</b>rue,<br>"b": 1,<br>}</code></pre>'
    mended = _mended(page)
    assert "".join(mended.after) == page.replace("1,<br>}", "1<br>}")
    assert [each.reason for each in mended.left] == [mending.UNSAFE]
