"""Looks for secrets in any bytes, below every layer that can hide them; what is shown of one gives nothing away."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from wireshape.scan import decoders, detectors, formats, known_secrets
from wireshape.scan.known_secrets import Needle
from wireshape.scan.layer import Layer, Place, Rest, Span
from wireshape.scan.time_limit import TooLongError, limited
from wireshape.scan.unread import unread

KNOWN = "secret-known"
INCOMPLETE = "scan-incomplete"

MAX_LAYERS = 8
"""Layers below each other that are looked into."""
MAX_LEAKS_PER_FILE = 10_000
MAX_SECONDS = 6
"""Processor time for one file."""
BYTES_PER_READING = 1 << 18
PIECE_BYTES = 1 << 20
OVERLAP_BYTES = 1 << 15
"""Of a text, so much is looked at in one go, with so much before and behind."""
SCAN_RESERVE_BYTES = 1 << 26
SCAN_BUDGET_FACTOR = 12
"""Bytes looked at for each byte given, beside the reserve: what is packed is more than its file."""
REPEATED_COST_SHARE = 4
"""What was looked at before costs this share again: it had to be unpacked."""
LAYER_COST_BYTES = 1 << 11
"""What every layer costs, however short."""

_MAX_REMEMBERED_LAYERS = 1 << 16
_MIN_HINTED_LETTERS = 16
_WORST = (KNOWN, "secret-named", "secret-pattern", "identity-found", INCOMPLETE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """One secret: the rule it breaks, what it is, where in the bytes given, and how it was hidden, outermost first.

    `shown` says what it is without giving it away: at most two of its characters. `sha256` is of its value, or of all
    the bytes given where they could not be read whole: by it a ledger accepts it. A secret of this run has none.
    """

    rule: str
    kind: str
    offset: int
    how: str
    shown: str
    sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _View:
    """A text on its way: how it was hidden; where a place in it is outside, in what was last unpacked, and above."""

    data: bytes
    how: tuple[str, ...] = ()
    place: Place = lambda offset: offset
    inside: Place = lambda _: -1
    above: Place = lambda _: -1
    rest: Rest = Rest.ALL

    def was_above(self, span: Span) -> bool:
        """Tell whether bytes stand as they are in the text above: what can be said of them was said there."""
        first, last = self.above(span.start), self.above(span.end - 1)
        return first >= 0 and last - first == span.end - 1 - span.start


@dataclass(kw_only=True, slots=True)
class _Scan:
    """One run: what is left to spend, and what was found."""

    needles: tuple[Needle, ...]
    budget: int
    deadline: float
    since_reading: int = 0
    late: bool = False
    file_sha256: Callable[[], str]
    seen: set[int] = field(default_factory=set)
    leaks: dict[tuple[str, int, int], Leak] = field(default_factory=dict)

    def is_over(self, done: int = LAYER_COST_BYTES) -> bool:
        """Tell after some bytes whether there is nothing more to be found, or no time: to read the clock is slow."""
        self.since_reading += done
        if self.since_reading >= BYTES_PER_READING:
            self.since_reading = 0
            self.late = time.process_time() > self.deadline
        return self.late or len(self.leaks) >= MAX_LEAKS_PER_FILE

    def is_new(self, data: bytes) -> bool:
        """Tell whether a text is yet to be looked at, and count what that will cost."""
        key = hash(data)
        new = bool(data) and key not in self.seen
        self.budget -= LAYER_COST_BYTES + (len(data) if new else len(data) // REPEATED_COST_SHARE)
        if len(self.seen) < _MAX_REMEMBERED_LAYERS:
            self.seen.add(key)
        return new

    def note(self, rule: str, kind: str, offset: int, view: _View, shown: str, *how: str, value: bytes = b"") -> None:
        if len(self.leaks) >= MAX_LEAKS_PER_FILE:
            return
        words = ", ".join(f"in {layer}" for layer in (*view.how, *how))
        place, inside = view.place(offset), view.inside(offset)
        if (rule, place, inside) in self.leaks:
            return
        sha256 = self.file_sha256() if rule == INCOMPLETE else _sha256(value) if value else ""
        leak = Leak(rule=rule, kind=kind, offset=place, how=words, shown=shown, sha256=sha256)
        self.leaks[rule, place, inside] = leak


def scan(data: bytes, known: Iterable[bytes] = ()) -> list[Leak]:
    """Find secrets, in the order of the bytes: those known, in any common encoding, and whatever looks like one.

    Time and memory are bounded; where that leaves something unread, a leak says so.
    """
    budget = SCAN_RESERVE_BYTES + SCAN_BUDGET_FACTOR * len(data)
    run = _Scan(
        needles=known_secrets.needles(known),
        budget=budget,
        deadline=time.process_time() + MAX_SECONDS,
        file_sha256=cache(lambda: _sha256(data)),
    )
    try:
        with limited(MAX_SECONDS + 1):
            _look(_View(data=data), run)
    except TooLongError:
        run.late = True
    if run.late:
        run.note(
            INCOMPLETE, "long work", 0, _View(data=data), f"more than {MAX_SECONDS} seconds of work; split the file"
        )
    worst: dict[tuple[int, int], int] = {}
    for rule, *where in run.leaks:
        rank = _WORST.index(rule)
        worst[where[0], where[1]] = min(rank, worst.get((where[0], where[1]), rank))
    kept = [leak for (rule, place, inside), leak in run.leaks.items() if _WORST.index(rule) == worst[place, inside]]
    return sorted(kept, key=lambda leak: leak.offset)


def _look(view: _View, run: _Scan) -> None:
    """Look at one text, and at what lies below it; one chain of layers at a time is held in memory."""
    _look_here(view, run)
    if run.is_over():
        return
    if formats.is_program(view.data):
        view = replace(view, rest=max(view.rest, Rest.PROGRAM))
    opened: dict[Span, None] = {}
    readable = b"" if decoders.is_plain(view.data) else formats.without_samples(view.data)
    for layer in decoders.layers(view.data, readable):
        if layer.span:
            opened[layer.span] = None
        under = _below(view, layer)
        if layer.gap:
            run.note(INCOMPLETE, layer.how, layer.place(0), view, f"{layer.how}: {layer.gap}")
        new = run.is_new(layer.data)
        if run.budget < 0 or len(under.how) > MAX_LAYERS:
            run.note(INCOMPLETE, layer.how, 0, under, "too much is packed in it to look at all")
            return
        if run.is_over():
            return
        if new:
            _look(under, run)
    _look_for_gaps(view, readable, opened, run)


def _below(view: _View, layer: Layer) -> _View:
    # What is unpacked has one place outside; the secrets in it are told apart by their places inside.
    inside: Place = _same if layer.packed else _chained(view.inside, layer.place)
    place = _chained(view.place, layer.place)
    known = layer.span and layer.guessed and (view.rest is Rest.PROGRAM or view.was_above(layer.span))
    rest = Rest.NONE if known else max(view.rest, layer.rest)
    how = (*view.how, layer.how)
    return _View(data=layer.data, how=how, place=place, inside=inside, above=layer.place, rest=rest)


def _look_here(view: _View, run: _Scan) -> None:
    for needle, offset in _known(view.data, run.needles):
        run.note(KNOWN, "known secret", offset, view, "a secret this run knows", *filter(None, [needle.how]))
    for start in range(0, len(view.data), PIECE_BYTES):
        first, end = max(start - OVERLAP_BYTES, 0), start + PIECE_BYTES
        for hit in detectors.find(view.data[first : end + OVERLAP_BYTES]):
            if run.is_over():
                return
            if start <= first + hit.start < end:
                shown = masked(hit.kind, hit.value.decode("latin-1"))
                run.note(hit.rule, hit.kind, first + hit.start, view, shown, value=hit.value)
        if run.is_over(min(PIECE_BYTES, len(view.data) - start)):
            return


def _known(data: bytes, needles: Iterable[Needle]) -> Iterator[tuple[Needle, int]]:
    """Yield each place of each secret, plain or encoded; one that is split is found with its separators left out."""
    squeezed = lowered = b""
    for needle in needles:
        if needle.squeezed:
            squeezed = squeezed or known_secrets.squeezed(data)
            if needle.data in squeezed:
                yield from ((needle, match.start()) for match in known_secrets.split(needle.data).finditer(data))
            continue
        if needle.lowered:
            lowered = lowered or data.lower()
        searched = lowered if needle.lowered else data
        start = searched.find(needle.data)
        while start >= 0:
            yield needle, start
            start = searched.find(needle.data, start + len(needle.data))


def _look_for_gaps(view: _View, readable: bytes, opened: Iterable[Span], run: _Scan) -> None:
    """Note what could not be read: files that nothing here opens, and bytes that look packed or encrypted."""
    for closed in formats.closed(view.data, text=not readable):
        run.note(INCOMPLETE, closed.how, closed.start, view, f"{closed.how}: nothing here opens it")
        return
    if not readable:
        return
    offset = unread(readable, opened, view.rest)
    if offset is not None:
        shown = "bytes that are packed, encrypted or in an unknown encoding"
        run.note(INCOMPLETE, "unreadable bytes", offset, view, shown)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _same(offset: int) -> int:
    return offset


def _chained(outer: Callable[[int], int], inner: Callable[[int], int]) -> Place:
    return lambda offset: outer(inner(offset))


def masked(kind: str, value: str) -> str:
    """Show a secret by its kind and length, and by two characters where it has plenty."""
    hint = value[:2] if len(value) >= _MIN_HINTED_LETTERS and re.fullmatch(r"[A-Za-z0-9]{2}", value[:2]) else ""
    return f"{kind}, {hint}… ({len(value)} characters)"
