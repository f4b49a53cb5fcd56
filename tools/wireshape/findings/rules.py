"""The rules: what a finding can be, read from rules.toml and nowhere else."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from wireshape.errors import ContractError, UsageError, nearest
from wireshape.model import Level, Rule


@cache
def load() -> dict[str, Rule]:
    """Read every rule, by id, in the order of the file."""
    rows = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
    return {rule_id: _rule(rule_id, row) for rule_id, row in rows.items()}


def _rule(rule_id: str, row: dict[str, str]) -> Rule:
    said = {"level": Level(row["level"]), "template": row["message"], "message": row["message"].format(field="field")}
    return Rule(id=rule_id, **{**row, **said})  # type: ignore[arg-type]


def get(rule_id: str) -> Rule:
    """Give one rule; ContractError where there is none: our own code misspells it."""
    try:
        return load()[rule_id]
    except KeyError:
        raise ContractError(f"no rule has the id {rule_id!r}") from None


def named(rule_id: str) -> Rule:
    """Give the rule that a user names; UsageError names the nearest."""
    known = load()
    if rule_id not in known:
        raise UsageError(f"unknown rule {rule_id!r}{nearest(rule_id, known)}; `wireshape rules` lists them")
    return known[rule_id]
