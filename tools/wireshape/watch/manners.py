"""How pages are asked for: manners.toml and nothing else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wireshape import __version__


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """Bounds and waits of requests, in seconds and bytes; what each means stands beside it in manners.toml."""

    agent: str
    about: str
    timeout: float
    pause: float
    longest_pause: float
    attempts: int
    longest_wait: float
    redirects: int
    retried: frozenset[int]
    gone: frozenset[int]
    permanent: frozenset[int]
    page_types: frozenset[str]
    sitemap_types: frozenset[str]
    robots_bytes: int
    sitemap_bytes: int
    sitemaps: int
    sitemap_pages: int
    secret_words: frozenset[str]

    @property
    def user_agent(self) -> str:
        """What requests say of who asks."""
        return f"{self.agent}/{__version__} ({self.about})"


@cache
def load() -> Manners:
    """Read the manners."""
    rows = tomllib.loads(Path(__file__).with_name("manners.toml").read_text("utf-8"))
    values: dict[str, Any] = {name: frozenset(row) if isinstance(row, list) else row for name, row in rows.items()}
    return Manners(**values)
