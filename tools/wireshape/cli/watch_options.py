"""What a watch is told: its sources and how it asks for them, and the options that say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

import click

from wireshape.cli import options


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchOptions:
    """The sources of a call by what names them, which of their pages are meant, and how pages are asked for.

    Seconds are None where the call does not say.
    """

    sources: tuple[str, ...]
    lists: tuple[str, ...]
    sitemaps: tuple[str, ...]
    repositories: tuple[str, ...]
    revisions: str | None
    match: str | None
    logs: tuple[str, ...]
    pause: float | None
    timeout: float | None

    @property
    def names_sources(self) -> bool:
        """Whether the call names anything to look at."""
        return bool(self.sources or self.lists or self.sitemaps or self.repositories or self.logs)


def watched(function: Callable[..., Any]) -> Any:
    """Give a command the options of what is watched, which it takes as one."""
    names = {each.name for each in fields(WatchOptions)}

    @wraps(function)
    def command(**given: Any) -> Any:
        own = {name: value for name, value in given.items() if name in names}
        others = {name: value for name, value in given.items() if name not in names}
        return function(watch_options=WatchOptions(**own), **others)

    return options.several(SOURCES, LIST, SITEMAP, GIT, REVISIONS, MATCH, CHANGE_LOG, PAUSE, TIMEOUT)(command)


SOURCES = click.argument("sources", metavar="[URL|FILE|FOLDER]...", nargs=-1)
LIST = click.option(
    "--list", "lists", metavar="FILE", multiple=True, help="A file with a source on each line; repeatable."
)
SITEMAP = click.option(
    "--sitemap", "sitemaps", metavar="URL", multiple=True, help="Watch the pages that a sitemap lists; repeatable."
)
GIT = click.option(
    "--git",
    "repositories",
    metavar="REPO",
    multiple=True,
    help="Watch the pages of a git repository, commit by commit.",
)
REVISIONS = click.option(
    "--rev", "revisions", metavar="A..B", help="The commits of --git to look at. By default those that are new."
)
MATCH = click.option(
    "--match", metavar="GLOB", help="Of folders, sitemaps and repositories, watch only the pages that fit this."
)
CHANGE_LOG = click.option(
    "--change-log", "logs", metavar="URL|FILE", multiple=True, help="Ask the official change log what it announced."
)
PAUSE = click.option(
    "--pause", type=options.Number(0, 600), metavar="SECONDS", help="Wait between two requests to one host: 1."
)
TIMEOUT = click.option(
    "--timeout", type=options.Number(0.1, 600), metavar="SECONDS", help="How long one page may take: 30."
)
