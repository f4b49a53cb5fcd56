"""The Markdown report: whatever a cell holds is shown as it is, and its host acts on nothing in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from wireshape.findings.report import Report
from wireshape.model import Location, Problem
from wireshape.reports import render

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ACTIVE = ["@octocat", "#12", "https://a.example", "www.a.example", "$x$ and $y$", "&lt;b&gt;", "~~gone~~", "<b>", "a|b"]


def _cell(reason: str) -> tuple[str, str]:
    """Give the last cell of a report with one problem: as the page is written, and as a reader sees it."""
    problem = Problem(location=Location(file="a.json"), reason=reason)
    text = render(Report(command="check", checked=(), findings=(), problems=(problem,)), "markdown")
    row = next(line for line in text.splitlines() if line.startswith("| a.json"))
    (*_, cell) = (token for token in MARKDOWN.parse(text) if token.type == "inline")
    children = [child for child in cell.children or [] if child.type != "html_inline"]
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return row, "".join(child.content for child in children)


@pytest.mark.parametrize("words", ACTIVE)
def test_a_host_acts_on_nothing(words: str) -> None:
    row, seen = _cell(words)
    assert seen == words
    assert not re.search(r"@\w|(?<!&)#[0-9]|://|www\.|\$\w|~~|<b>", row)


@given(
    st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1)
    | st.text("`*_[]()!~<>&;@#$\\|:/w.-+=1a", min_size=1)
)
def test_a_reader_sees_what_is_there(words: str) -> None:
    (problem,) = Report(
        command="check", checked=(), findings=(), problems=(Problem(location=Location(file="a"), reason=words),)
    ).problems
    assert _cell(words)[1] == problem.reason
