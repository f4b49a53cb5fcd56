"""A run of a watch: looks at the sources, and reports what is new in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError, UsageError
from wireshape.findings.report import Report
from wireshape.findings.watched import Watched, WatchedEvent
from wireshape.model import Problem
from wireshape.watch import announcements, fetch, rendered, sources
from wireshape.watch.fetch import Fetcher
from wireshape.watch.intake import Intake
from wireshape.watch.records import Event, SourceKind, WatchedSource
from wireshape.watch.sources import Look, Lookout
from wireshape.watch.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a run looks at: sources as they are named, the revisions of repositories, and how pages are asked for."""

    sources: Sequence[WatchedSource]
    settings: fetch.Settings
    revisions: str = ""


def now() -> str:
    """Give the time as records have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def watch(store: Store, plan: Plan, catalog: Catalog) -> Report:
    """Look at the sources, those of the store where none is named, keep what changed, and report what is new."""
    chosen = _chosen(plan.sources, store)
    taken = Intake(store=store, catalog=catalog)
    date = now()
    with ExitStack() as stack:
        fetcher = _once(lambda: stack.enter_context(fetch.opened(plan.settings)))
        looked = list(_looked(chosen, taken, Lookout(fetcher=fetcher, store=store, revisions=plan.revisions), date))
        looked += _asked(chosen, taken, fetcher, date)
    kept = {each.key: each for each in store.sources}
    kept |= {each.key: replace(each, since=kept.get(each.key, each).since) for each in looked}
    store.commit(list(kept.values()), taken.captures, taken.events)
    rendered.write(store)
    return _report(taken.events, taken.problems, _watched(taken))


def since(events: Iterable[Event], day: str) -> Report:
    """Report the events of a store since a day (ISO 8601), without a look at anything."""
    found = [each for each in events if each.date[:10] >= day]
    return _report(found, (), Watched(pages=0, compared=0, looked=False, since=day))


def _chosen(named: Sequence[WatchedSource], store: Store) -> list[WatchedSource]:
    """Give the sources to look at, each once; one that is known keeps what narrows its pages."""
    kept = {each.key: each for each in store.sources}
    if not named and not kept:
        raise UsageError("the store watches nothing yet; name a page, a folder or a sitemap")
    narrowed = (
        replace(each, match=each.match or (kept[each.key].match if each.key in kept else None)) for each in named
    )
    return list({each.key: each for each in narrowed}.values()) or store.sources


def _looked(chosen: Iterable[WatchedSource], taken: Intake, lookout: Lookout, date: str) -> Iterator[WatchedSource]:
    """Look at all sources, and yield those that could be: commit by commit, all that is there now as a whole."""
    together: list[Look] = []
    for source in chosen:
        if source.kind is SourceKind.CHANGE_LOG:
            continue
        refused = False
        for look in lookout.looks(source):
            refused |= not look.seen and not look.gone and bool(look.problems)
            if look.date:
                taken.take([look], look.date)
            else:
                together.append(look)
        if not refused:
            yield source
        if source.kind is SourceKind.GIT and not refused:
            # All its pages were looked at: they are what the last commit left.
            taken.pages |= {page for page, each in taken.active().items() if each.origin == source.key}
    taken.take(together, date)


def _asked(
    chosen: Iterable[WatchedSource], taken: Intake, fetcher: Callable[[], Fetcher], date: str
) -> Iterator[WatchedSource]:
    """Ask the official change logs what they announced of the news, and what besides; yield those that could be."""
    known = {each.id for each in taken.store.events}
    for source in chosen:
        if source.kind is not SourceKind.CHANGE_LOG:
            continue
        try:
            log = announcements.read(sources.content(source, fetcher), source.name, taken.catalog)
        except InputError as error:
            taken.refuse(source.name, f"could not look: {error}")
            continue
        yield source
        hears = announcements.Witness(log=log, catalog=taken.catalog)
        taken.events = [hears.heard(each) for each in taken.events]
        witness = replace(hears, told=(*taken.store.events, *taken.events))
        pages = [(each, taken.comparer.examples(each)) for each in taken.active().values()]
        taken.events += [each for each in witness.unseen(pages, taken.captures, date) if each.id not in known]


def _watched(taken: Intake) -> Watched:
    """Count the pages that were seen, by what became of them."""
    active = taken.active()
    seen = {page: active[page] for page in taken.pages if page in active}
    unchanged = seen.keys() - taken.changed - taken.new
    return Watched(
        pages=len(seen),
        compared=sum(1 for each in seen.values() if each.examples),
        first=len(taken.first & seen.keys()),
        new=len((taken.new - taken.first) & seen.keys()),
        changed=len((taken.changed - taken.new) & seen.keys()),
        unchanged=len(unchanged),
        gone=len(taken.gone - active.keys()),
        since=max((seen[page].date[:10] for page in unchanged), default=None),
        notes=tuple(taken.notes),
    )


def _report(found: Sequence[Event], problems: Iterable[Problem], watched: Watched) -> Report:
    events = tuple(
        WatchedEvent(id=each.id, date=each.date, finding=each.finding(), witness=each.witness) for each in found
    )
    return Report(
        command="watch",
        checked=(),
        findings=tuple(each.finding for each in events),
        problems=tuple(problems),
        watched=replace(watched, events=events),
    )


def _once(make: Callable[[], Fetcher]) -> Callable[[], Fetcher]:
    """Give what makes a fetcher when it is asked first: httpx is not there for a watch of files."""
    made: list[Fetcher] = []

    def give() -> Fetcher:
        if not made:
            made.append(make())
        return made[0]

    return give
