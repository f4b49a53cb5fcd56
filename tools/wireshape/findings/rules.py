"""The rules: what a finding can be, read from rules.toml and nowhere else."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from wireshape.errors import UsageError
from wireshape.model import Level, Rule


@cache
def load() -> dict[str, Rule]:
    """Read every rule, by id, in the order of the file."""
    rows = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
    return {rule_id: Rule(id=rule_id, **{**row, "level": Level(row["level"])}) for rule_id, row in rows.items()}


def get(rule_id: str) -> Rule:
    """Give one rule; UsageError names the known ones."""
    known = load()
    if rule_id not in known:
        raise UsageError(f"no rule {rule_id!r}; known: {', '.join(known)}")
    return known[rule_id]
