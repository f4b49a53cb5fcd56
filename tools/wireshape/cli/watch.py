"""`wireshape watch`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wireshape.cli import answer_options, options
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart
from wireshape.cli.watch_options import WatchOptions, watched
from wireshape.errors import UsageError
from wireshape.model import Level

if TYPE_CHECKING:
    from wireshape.watch.records import WatchedSource
    from wireshape.watch.run import Plan


@click.command(
    cls=options.Command,
    short_help="Keep captures of pages, and tell what is new in them.",
    examples=[
        "--store captures https://exchange.example/docs/account docs/",
        "--store captures",
        "--store captures --since 2026-11-01",
    ],
)
@click.option("--store", metavar="DIR", required=True, help="The folder in which captures and news are kept.")
@watched
@click.option("--since", metavar="DATE", help="Show the news since this day that the store has, and look at nothing.")
@options.report("info")
def watch(*, store: str, since: str | None, watch_options: WatchOptions, report_options: ReportOptions) -> None:
    """Keep captures of documentation pages in a store, and tell what is new since the last ones.

    A source is the address of a page or of a sitemap (.xml), a file or a folder. Without any, all sources of the store
    are looked at again. What is new is what `wireshape audit --base` tells of two captures; the first capture of a page
    is no news. It exits with 0 where nothing is new, 1 where something is, and 3 where a page could not be looked at.
    """
    from wireshape.catalog import endpoints
    from wireshape.watch import run
    from wireshape.watch import store as stores

    report_options = replace(report_options, fail_on=report_options.fail_on or Level.INFO)
    _require_apart(store, watch_options, report_options)
    if since is not None:
        if watch_options.names_sources:
            raise UsageError("--since shows what the store has, and looks at no source; name one of them alone")
        day = answer_options.day("--since", since).isoformat()
        report = run.since(stores.events(Path(store)), day)
    else:
        sources = _sources(watch_options, run.now())
        with stores.opened(Path(store), new=bool(sources)) as opened:
            _require_unwatched(report_options, sources or opened.sources)
            report = run.watch(opened, _plan(watch_options, sources), endpoints.load())
    finish(report, report_options)


def _sources(said: WatchOptions, now: str) -> list[WatchedSource]:
    """Give the sources that a call names."""
    from wireshape.watch import naming
    from wireshape.watch.records import SourceKind, WatchedSource

    if said.revisions is not None and not said.repositories:
        raise UsageError("--rev is of a repository, which --git names")
    found = [naming.named(each, said.match, now) for each in said.sources]
    found += [each for name in said.lists for each in naming.of_list(Path(name), said.match, now)]
    found += [replace(naming.named(each, said.match, now), kind=SourceKind.SITEMAP) for each in said.sitemaps]
    found += [WatchedSource(kind=SourceKind.GIT, name=each, match=said.match, since=now) for each in said.repositories]
    return [*found, *(replace(naming.named(each, None, now), kind=SourceKind.CHANGE_LOG) for each in said.logs)]


def _plan(said: WatchOptions, sources: list[WatchedSource]) -> Plan:
    from wireshape.watch import fetch, manners, run

    usual = manners.load()
    settings = fetch.Settings(
        timeout=usual.timeout if said.timeout is None else said.timeout,
        pause=usual.pause if said.pause is None else said.pause,
    )
    return run.Plan(sources=sources, settings=settings, revisions=said.revisions or "")


def _require_apart(store: str, said: WatchOptions, report_options: ReportOptions) -> None:
    """Raise UsageError where the report would take the place of an input, or be written into the store."""
    keep_apart(report_options, [Path(each) for each in (*said.sources, *said.lists, *said.logs)])
    output = report_options.output
    if output is not None and Path(output).resolve().is_relative_to(Path(store).resolve()):
        raise UsageError(f"--output: {output} is in the store; name a file outside of it")


def _require_unwatched(report_options: ReportOptions, sources: list[WatchedSource]) -> None:
    """Raise UsageError where the report would take the place of a page that is watched, or become one."""
    from wireshape.pages import load
    from wireshape.watch.records import SourceKind

    keep_apart(report_options, [Path(each.name) for each in sources if each.kind is SourceKind.FILE])
    output = Path(report_options.output or "")
    for each in sources:
        is_page = each.kind is SourceKind.FOLDER and output.suffix.lower() in load.SUFFIXES
        if is_page and output.resolve().is_relative_to(Path(each.name).resolve()):
            raise UsageError(f"--output: {output} is in {each.name}, which is watched; name a file outside of it")
