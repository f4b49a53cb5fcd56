"""The sources that a call names: by the words of its command line, and by the lines of lists."""

from __future__ import annotations

from pathlib import Path

from wireshape import bounded_read
from wireshape.errors import InputError
from wireshape.pages import page_bytes
from wireshape.watch import addresses
from wireshape.watch.records import SourceKind, WatchedSource

_SITEMAP_ENDS = (".xml", ".xml.gz")


def named(name: str, match: str | None, since: str) -> WatchedSource:
    """Give the source that a word of a command line or a line of a list stands for; InputError where it is none."""
    if addresses.is_address(name):
        asked = addresses.require(name)
        path = asked.partition("?")[0].lower()
        kind = SourceKind.SITEMAP if path.endswith(_SITEMAP_ENDS) else SourceKind.URL
        return WatchedSource(kind=kind, name=addresses.shown(asked), match=match, since=since, asked=asked)
    kind = SourceKind.FOLDER if Path(name).is_dir() else SourceKind.FILE
    return WatchedSource(kind=kind, name=Path(name).as_posix(), match=match, since=since)


def of_list(file: Path, match: str | None, since: str) -> list[WatchedSource]:
    """Read a list: an address or path on each line, and what follows a # that begins a word is a comment."""
    try:
        text = bounded_read.read(file, page_bytes.MAX_BYTES).decode("utf-8-sig", "replace")
    except InputError as error:
        raise InputError(f"--list: {file}: {error}") from None
    lines = (f" {line}".partition(" #")[0].strip() for line in text.splitlines())
    return [named(line, match, since) for line in lines if line]
