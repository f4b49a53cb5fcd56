"""Shows a timeline as text, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from textwrap import fill

import orjson

from wireshape.catalog.history import Interval
from wireshape.catalog.timeline import Entry
from wireshape.reports import markdown

_VERSION = 1
_BASES = {"log": "change log", "page": "page", "wire": "answer", "client": "client"}
_DAY = timedelta(days=1)


def render(entries: Sequence[Entry], form: str, width: int) -> str:
    """Write a timeline in the format of that name."""
    return _FORMATS[form](entries, width)


def _text(entries: Sequence[Entry], width: int) -> str:
    blocks = []
    for subject, group in groupby(entries, key=lambda entry: entry.subject):
        lines = [subject]
        for entry in group:
            lines += _lines(entry, width)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _lines(entry: Entry, width: int) -> Iterator[str]:
    name = ", ".join(entry.names) or "the endpoint"
    modes = f" (in {' and '.join(entry.modes)})" if entry.modes else ""
    yield _filled(f"{when(entry.interval)}: {name}{modes}", 2, width)
    for citation in entry.citations:
        yield _filled(f"{citation.says} ({citation.source})", 6, width)
    if not entry.citations:
        yield _filled("as old as the endpoint", 6, width)


def _filled(text: str, indent: int, width: int) -> str:
    first, rest = " " * indent, " " * (indent + 2)
    return fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )


def when(interval: Interval) -> str:
    """Say in words when something was there: `since 2020-06-04`, `after 2022-08-01, by 2023-07-29`."""
    absent, present, gone = interval.absent_until, interval.present_since, interval.gone_since
    said = [f"gone by {gone}"] if gone else []
    if absent and present and present - absent == _DAY:
        return ", ".join([f"since {present}", *said])
    came = [f"after {absent}"] if absent else []
    came += [f"by {present}"] if present else []
    return ", ".join([*came, *said]) or "at times nobody knows"


def _json(entries: Sequence[Entry], width: int) -> str:
    del width
    document = {"version": _VERSION, "entries": [asdict(entry) for entry in entries]}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _markdown(entries: Sequence[Entry], width: int) -> str:
    del width
    names = ("of", "what", "modes", "absent until", "present since", "gone since", "basis", "citations")
    rows = (
        (
            entry.subject,
            ", ".join(entry.names) or "the endpoint",
            ", ".join(entry.modes),
            entry.interval.absent_until,
            entry.interval.present_since,
            entry.interval.gone_since,
            ", ".join(_BASES[each] for each in entry.basis),
            "; ".join(f"{each.says} ({each.source})" for each in entry.citations),
        )
        for entry in entries
    )
    return f"# wireshape history\n\n{markdown.table(names, rows)}\n"


_FORMATS: dict[str, Callable[[Sequence[Entry], int], str]] = {"text": _text, "json": _json, "markdown": _markdown}
