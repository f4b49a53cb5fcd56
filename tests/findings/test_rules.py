"""Rule ids: those the code uses are in the table, and those in the table are used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import wireshape
from wireshape.errors import ContractError
from wireshape.findings import rules

PACKAGE = Path(wireshape.__file__).parent
SUBJECTS = {rule_id.partition("-")[0] for rule_id in rules.load()}


def _literals() -> Iterator[tuple[str, str]]:
    """Yield every text in the code that has the look of a rule id, with its place; the exchange has faults instead."""
    for file in (file for file in PACKAGE.rglob("*.py") if file.parent.name != "exchange"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _looks_like_a_rule(node.value):
                yield node.value, f"{file.relative_to(PACKAGE)}:{node.lineno}"


def _looks_like_a_rule(text: str) -> bool:
    words = text.split("-")
    return len(words) > 1 and words[0] in SUBJECTS and all(word.isalpha() and word.islower() for word in words)


def _named_as_rules() -> Iterator[tuple[str, str]]:
    """Yield what the code gives as `rule=`, with its place."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "rule" and isinstance(node.value, ast.Constant):
                assert isinstance(node.value.value, str)
                yield node.value.value, f"{file.relative_to(PACKAGE)}:{node.value.lineno}"


def test_every_rule_id_of_the_code_is_in_the_table() -> None:
    wrong = {place: text for text, place in (*_literals(), *_named_as_rules()) if text not in rules.load()}
    assert wrong == {}


def test_every_rule_of_the_table_is_used() -> None:
    data = "".join(file.read_text("utf-8") for file in PACKAGE.rglob("*.toml") if file.name != "rules.toml")
    used = {text for text, _ in _literals()} | {rule_id for rule_id in rules.load() if f'"{rule_id}"' in data}
    assert rules.load().keys() == used


def test_a_misspelt_rule_is_our_own_mistake() -> None:
    with pytest.raises(ContractError):
        rules.get("field-mising")


def test_messages_name_the_field() -> None:
    rule = rules.get("type-mismatch")
    assert rule.message == "field has the wrong JSON type"
    assert rule.about("leverage") == "leverage has the wrong JSON type"
