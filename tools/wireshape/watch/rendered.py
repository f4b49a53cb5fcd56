"""What people and feed readers see of a store: a change log for each operation, and an Atom feed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from uuid import uuid4

from wireshape.reports import markdown
from wireshape.watch import addresses
from wireshape.watch.records import Event
from wireshape.watch.store import Store

CHANGES, FEED = "CHANGES.md", "feed.atom"
_MAX_ENTRIES = 200
"""Of the feed, the newest; all events are in the store."""
_FEED_ID = re.compile(r"<id>(urn:uuid:[0-9a-f-]{36})</id>")
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_PAGES = "pages"
"""What events are listed below that are of no operation."""


def write(store: Store) -> None:
    """Write both files of a store, as far as they are not so already."""
    store.write(CHANGES, changes(store.events).encode("utf-8", "backslashreplace"))
    known = _FEED_ID.search(store.text(FEED))
    began = min((each.since for each in store.sources), default="1970-01-01T00:00:00Z")
    feed_id = known[1] if known else f"urn:uuid:{uuid4()}"
    store.write(FEED, feed(store.events, feed_id, began).encode("utf-8", "xmlcharrefreplace"))


def changes(events: Sequence[Event]) -> str:
    """Write the change log: a table for each operation, the newest day first."""
    grouped: dict[str, list[Event]] = {}
    for each in events:
        grouped.setdefault(each.endpoint or _PAGES, []).append(each)
    parts = ["# Changes", "" if events else "Nothing new since the first captures."]
    for name in sorted(grouped, key=lambda name: (name == _PAGES, name)):
        newest = sorted(grouped[name], key=lambda each: each.date, reverse=True)
        head = ("day", "level", "rule", "path", "was", "is", "page", "change log")
        parts += [f"## {markdown.plain(name)}", markdown.table(head, map(_row, newest))]
    return "\n\n".join(filter(None, parts)) + "\n"


def feed(events: Sequence[Event], feed_id: str, began: str) -> str:
    """Write the feed (RFC 4287): an entry for each event, the newest first."""
    newest = sorted(events, key=lambda each: each.date, reverse=True)
    updated = newest[0].date if newest else began
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{feed_id}</id>",
        "  <title>Changes of the documentation</title>",
        f"  <updated>{updated}</updated>",
        "  <author><name>wireshape</name></author>",
        "  <generator>wireshape</generator>",
        *(line for each in newest[:_MAX_ENTRIES] for line in _entry(each)),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def title(event: Event) -> str:
    """Say in one line what is new, and where."""
    about = " ".join(part for part in (event.endpoint, event.mode, event.edition) if part)
    path = f"{event.path}: " if event.path else ""
    return f"{about}: {path}{event.message}" if about else f"{event.message}: {event.page}"


def _entry(event: Event) -> Iterator[str]:
    sides = [f"was: {event.was}" if event.was else "", f"is: {event.now}" if event.now else ""]
    place = f"{event.page}:{event.line}" if event.line else event.page
    content = "\n".join(filter(None, (title(event), *sides, place, event.witness)))
    yield "  <entry>"
    yield f"    <id>urn:uuid:{event.id}</id>"
    yield f"    <title>{_text(title(event))}</title>"
    yield f"    <updated>{event.date}</updated>"
    if addresses.is_address(event.page) and not addresses.has_secret(event.page):
        yield f'    <link rel="alternate" href="{_text(event.page)}"/>'
    yield f'    <category term="{event.rule}"/>'
    yield f'    <category term="{event.level.value}"/>'
    yield f'    <content type="text">{_text(content)}</content>'
    yield "  </entry>"


def _text(words: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", words))


def _row(event: Event) -> Sequence[object]:
    sides = event.was, event.now
    return event.date[:10], event.level, event.rule, event.path, *sides, event.page, event.witness
