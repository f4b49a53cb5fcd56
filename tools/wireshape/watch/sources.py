"""Looks at what is watched: which pages are there now, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from wireshape import bounded_read
from wireshape.errors import InputError
from wireshape.inputs import files, folders
from wireshape.inputs.files import Input
from wireshape.model import Exit, Location, Problem
from wireshape.pages import load, page_bytes
from wireshape.watch import addresses, manners, sitemap
from wireshape.watch.fetch import Fetcher, Wanted
from wireshape.watch.records import Capture, SourceKind, WatchedSource
from wireshape.watch.repository import Commit, Repository
from wireshape.watch.store import Store

_NEVER_GONE = {SourceKind.URL, SourceKind.FILE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A page that is there; content is None where it is what was captured last."""

    page: str
    content: bytes | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What a source held at a time: pages that were seen, and those gone; what could not be seen is in neither.

    `date` and `revision` are those of a commit, None where it is now. `notes` need no action today.
    """

    source: WatchedSource
    seen: tuple[Seen, ...] = ()
    gone: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    date: str | None = None
    revision: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookout:
    """Who looks: how to ask for addresses, what the store has of them, and which revisions of repositories."""

    fetcher: Callable[[], Fetcher]
    store: Store
    revisions: str = ""

    @property
    def active(self) -> Mapping[str, Capture]:
        """The last capture of each page."""
        return self.store.active

    def looks(self, source: WatchedSource) -> Iterator[Look]:
        """Look at a source: once, or commit by commit."""
        try:
            if source.kind is SourceKind.GIT:
                yield from self._commits(source)
            else:
                look = {SourceKind.SITEMAP: self._sitemap, SourceKind.FOLDER: self._folder}
                yield look.get(source.kind, self._one)(source)
        except InputError as error:
            yield Look(source=source, problems=(_problem(source.name, error),))

    def _one(self, source: WatchedSource) -> Look:
        """Look at a page that is named by itself: it may be out of sight, and is never gone."""
        if source.kind is SourceKind.URL:
            return self._addresses(source, [source.asked or source.name])
        path = Path(source.name)
        if not path.exists():
            raise InputError("no such file or folder")
        return _of_files(source, [Input(path=path, name=source.name)])

    def _sitemap(self, source: WatchedSource) -> Look:
        listed = sitemap.read(_askable(source.asked or source.name), self.fetcher())
        pages = [each for each in listed.pages if _fits(source, each)]
        if not pages:
            raise InputError("no page of the sitemap fits --match")
        look = self._addresses(source, pages)
        if not listed.elsewhere:
            return look
        reason = f"{listed.elsewhere} addresses in it are of other hosts, and left out"
        return _noted(look, [_note(source.name, reason)])

    def _addresses(self, source: WatchedSource, asked: Iterable[str]) -> Look:
        seen, problems, notes = [], [], []
        pages = set()
        for address in asked:
            page = addresses.shown(address)
            pages.add(page)
            try:
                fetched = self._page(_askable(address), page)
                seen.append(fetched.seen)
                notes += fetched.notes
            except InputError as error:
                problems.append(_problem(page, error))
        gone = self._gone(source, pages)
        return Look(source=source, seen=tuple(seen), gone=gone, problems=tuple(problems), notes=tuple(notes))

    def _page(self, address: str, page: str) -> _Fetched:
        known = self.active.get(page)
        found = self.fetcher().fetch(_wanted(address, known))
        if found.content is None and known is None:
            raise InputError("HTTP 304 for a page that was never captured")
        notes = [_note(page, f"redirected to {addresses.shown(found.found_at)}")] if found.found_at else []
        if found.moved_to:
            notes = [_note(page, f"moved for good; watch {addresses.shown(found.moved_to)}")]
        seen = Seen(page=page, content=found.content, etag=found.etag, last_modified=found.last_modified)
        return _Fetched(seen=seen, notes=notes)

    def _folder(self, source: WatchedSource) -> Look:
        selection = files.select([source.name], load.SUFFIXES)
        inputs = [each for each in selection.inputs if each.path and not self._is_own(each.path)]
        found = [each for each in inputs if _fits(source, _inside(each, source))]
        empty = [each for each in selection.problems if each.exit_code == Exit.NOTHING]
        if empty or (not found and not selection.problems):
            raise InputError(empty[0].reason if empty else "no page in this folder fits --match")
        look = _of_files(source, found)
        problems = (*selection.problems, *look.problems)
        # What stands in a part that cannot be listed is not gone.
        gone = () if selection.problems else self._gone(source, {each.name for each in found})
        notes = tuple(_note(each, "left out of the folder; name it to watch it") for each in selection.left_out)
        return Look(source=source, seen=look.seen, gone=gone, problems=problems, notes=notes)

    def _is_own(self, file: Path) -> bool:
        """Tell whether a file is one of the store, which may lie in a folder or repository that is watched."""
        return file.resolve().is_relative_to(self.store.folder.resolve())

    def _gone(self, source: WatchedSource, there: Iterable[str]) -> tuple[str, ...]:
        """List the pages of a source that it lists no more."""
        if source.kind in _NEVER_GONE:
            return ()
        own = (page for page, capture in self.active.items() if capture.origin == source.key)
        return tuple(sorted(set(own) - set(there)))

    def _commits(self, source: WatchedSource) -> Iterator[Look]:
        repository = Repository(name=source.name)
        captures = [each for each in self.store.captures if each.origin == source.key]
        known = next((each.revision for each in reversed(captures) if each.revision), None)
        pages = {page for page, each in self.active.items() if each.origin == source.key}
        for commit in repository.commits(self.revisions, known):
            own = {path for path in commit.written if self._is_own(Path(source.name, path))}
            look = _commit(source, repository, replace(commit, written=_without(commit.written, own)), pages)
            if look.seen or look.gone or look.problems:
                pages = (pages | {each.page for each in look.seen}) - set(look.gone)
                yield look


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fetched:
    """A page that was fetched, and what is to be said of its address."""

    seen: Seen
    notes: list[Problem]


def content(source: WatchedSource, fetcher: Callable[[], Fetcher]) -> bytes:
    """Give what one address or file holds; InputError where it cannot be had."""
    if not addresses.is_address(source.name):
        return bounded_read.read(Path(source.name), page_bytes.MAX_BYTES)
    address = _askable(source.asked or source.name)
    return fetcher().fetch(_wanted(address, None)).content or b""


def _askable(address: str) -> str:
    """Give an address; InputError where what it takes to ask it was not kept."""
    if addresses.has_secret(address):
        raise InputError("the secret in its address is not kept; name the address to look at it")
    return address


def _wanted(address: str, known: Capture | None) -> Wanted:
    return Wanted(
        address=address,
        types=manners.load().page_types,
        most=page_bytes.MAX_BYTES,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
    )


def _without(written: Mapping[str, str], own: set[str]) -> dict[str, str]:
    return {path: blob for path, blob in written.items() if path not in own}


def _commit(source: WatchedSource, repository: Repository, commit: Commit, pages: set[str]) -> Look:
    seen, problems = [], []
    for path, blob in commit.written.items():
        if folders.suffix_of(Path(path)) not in load.SUFFIXES or not _fits(source, path):
            continue
        page = _page_name(source, path)
        try:
            seen.append(Seen(page=page, content=repository.content(blob)))
        except InputError as error:
            problems.append(_problem(page, error))
    there = {_page_name(source, path) for path in commit.written}
    gone = pages - there if commit.whole else pages & {_page_name(source, path) for path in commit.gone}
    return Look(
        source=source,
        seen=tuple(seen),
        gone=tuple(sorted(gone)),
        problems=tuple(problems),
        date=commit.date,
        revision=commit.revision,
    )


def _page_name(source: WatchedSource, path: str) -> str:
    return f"{source.name}:{path.encode('utf-8', 'backslashreplace').decode()}"


def _of_files(source: WatchedSource, inputs: Iterable[Input]) -> Look:
    seen, problems = [], []
    for each in inputs:
        try:
            seen.append(Seen(page=each.name, content=each.read(page_bytes.MAX_BYTES)))
        except InputError as error:
            problems.append(_problem(each.name, error))
    return Look(source=source, seen=tuple(seen), problems=tuple(problems))


def _inside(item: Input, source: WatchedSource) -> str:
    return PurePosixPath(item.path or item.name).relative_to(source.name).as_posix()


def _fits(source: WatchedSource, name: str) -> bool:
    """Tell whether a page is wanted: by its address or path, or the last part of that."""
    return not source.match or any(fnmatchcase(each, source.match) for each in (name, name.rpartition("/")[2]))


def _noted(look: Look, notes: list[Problem]) -> Look:
    return replace(look, notes=(*look.notes, *notes))


def _problem(name: str, error: InputError) -> Problem:
    return Problem(location=Location(file=name), reason=f"could not look: {error}")


def _note(name: str, reason: str) -> Problem:
    return Problem(location=Location(file=name), reason=reason, exit_code=Exit.CLEAN)
