"""The rules: what a finding can be, read from rules.toml and nowhere else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wireshape.errors import ContractError, UsageError, nearest
from wireshape.model import Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of rules.toml; in the template of the message, `{field}` stands for the name of what breaks the rule."""

    id: str
    family: str
    level: Level
    message: str
    why: str
    before: str
    after: str
    fix: str
    template: str

    def about(self, name: str) -> str:
        """Give the message with the name of what breaks the rule."""
        return self.template.replace("{field}", name)


@cache
def load() -> dict[str, Rule]:
    """Read every rule, by id, in the order of the file."""
    rows = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
    return {rule_id: _rule(rule_id, row) for rule_id, row in rows.items()}


def _rule(rule_id: str, row: dict[str, str]) -> Rule:
    said = {"level": Level(row["level"]), "template": row["message"], "message": row["message"].format(field="field")}
    return Rule(id=rule_id, **{**row, **said})  # type: ignore[arg-type]


def get(rule_id: str) -> Rule:
    """Give the rule of an id that the code names; ContractError where the table lacks it."""
    try:
        return load()[rule_id]
    except KeyError:
        raise ContractError(f"rules.toml has no rule {rule_id!r}") from None


def find(word: str) -> Rule:
    """Give the rule a user names; UsageError names the nearest."""
    known = load()
    if word not in known:
        raise UsageError(f"unknown rule {word!r}{nearest(word, known)}; `wireshape rules` lists them")
    return known[word]
