"""Looks for secrets in any bytes, below every layer that can hide them; what is shown of one gives nothing away."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from wireshape.scan import decoders, detectors

KNOWN = "secret-known"
CUT = "scan-incomplete"

_DEPTH = 6
_RESERVE = 1 << 28
_TIMES = 12
_MOST = 10_000
_REMEMBERED = 1 << 16
_SHORT = 8
_HEAD = 400
_PACKED = {"gzip", "zlib"}
_UNPACKED = {*_PACKED, "base64"}
# ZIP, bzip2, xz, 7-Zip, Zstandard: nothing here unpacks them.
_ARCHIVES = (b"PK\x03\x04", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd")
_SHORTEST = 4
_TELLING = 16
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_PEM_LINE = re.compile(rb"-----|[^A-Za-z0-9+/=]")
_WORST = (KNOWN, "secret-named", "secret-pattern", "identity-found", CUT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """One secret: the rule it breaks, what it is, where in the bytes given, and how it was hidden, outermost first.

    `shown` says what it is without giving it away: at most two of its characters.
    """

    rule: str
    kind: str
    offset: int
    how: str
    shown: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _View:
    data: bytes
    how: tuple[str, ...] = ()
    place: Callable[[int], int] = lambda offset: offset
    inside: Callable[[int], int] = lambda _: -1


@dataclass(kw_only=True, slots=True)
class _Scan:
    """One run: what is left to spend, and what was found."""

    needles: list[tuple[bytes, str]]
    budget: int
    seen: set[int] = field(default_factory=set)
    leaks: dict[tuple[str, int, int], Leak] = field(default_factory=dict)

    def worth(self, data: bytes) -> bool:
        """Tell whether a text is yet to be looked at, and count what that will cost."""
        key = hash(data)
        if not data or key in self.seen:
            return False
        if len(self.seen) < _REMEMBERED:
            self.seen.add(key)
        self.budget -= len(data)
        return True

    def note(self, rule: str, kind: str, offset: int, view: _View, shown: str, *how: str) -> None:
        words = ", ".join(f"in {layer}" for layer in (*view.how, *how))
        place = view.place(offset)
        inside = view.inside(offset)
        if len(self.leaks) < _MOST:
            leak = Leak(rule=rule, kind=kind, offset=place, how=words, shown=shown)
            self.leaks.setdefault((rule, place, inside), leak)


def scan(data: bytes, known: Iterable[bytes] = ()) -> list[Leak]:
    """Find secrets, in the order of the bytes: those known, in any common encoding, and whatever looks like one.

    Time and memory are bounded by the length of data; where that leaves something unread, a leak says so.
    """
    run = _Scan(needles=list(_needles(known)), budget=_RESERVE + _TIMES * len(data))
    _look(_View(data=data), run)
    if data.startswith(_ARCHIVES):
        run.note(CUT, "archive", 0, _View(data=data), "an archive that is not unpacked")
    if encoding := _wide(data):
        # Of two bytes a character, as logs of Windows shells have them: places are those of the pairs.
        narrow = data.decode(encoding, "replace").encode("utf-8", "replace")
        wide = _View(data=narrow, how=("UTF-16",), place=lambda offset: min(2 * offset, len(data) - 1))
        _look(wide, run)
    worst: dict[tuple[int, int], int] = {}
    for rule, *where in run.leaks:
        rank = _WORST.index(rule)
        worst[where[0], where[1]] = min(rank, worst.get((where[0], where[1]), rank))
    kept = [leak for (rule, place, inside), leak in run.leaks.items() if _WORST.index(rule) == worst[place, inside]]
    return sorted(kept, key=lambda leak: leak.offset)


def _wide(data: bytes) -> str | None:
    """Name the form of UTF-16 that data is in, None where it is in none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:_HEAD]
    if len(head) >= _SHORT and not head.count(0) * 3 < len(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return None


def _look(view: _View, run: _Scan) -> None:
    """Look at one text, and at what lies below it; one chain of layers at a time is held in memory."""
    _look_here(view, run)
    if not _is_text(view):
        return
    for layer in decoders.layers(view.data):
        # What is unpacked has one place outside; the secrets in it are told apart by their places inside.
        inside = _same if layer.how in _UNPACKED else _placed(view.inside, layer.place)
        place = _placed(view.place, layer.place)
        under = _View(data=layer.data, how=(*view.how, layer.how), place=place, inside=inside)
        if layer.cut:
            run.note(CUT, layer.how, 0, under, f"more than {decoders.LARGEST >> 20} MB, or too many streams")
        if not run.worth(layer.data):
            continue
        if run.budget < 0 or len(under.how) > _DEPTH:
            run.note(CUT, layer.how, 0, under, "too much is packed in it to look at all")
            return
        if len(run.leaks) >= _MOST:
            return
        _look(under, run)


def _look_here(view: _View, run: _Scan) -> None:
    for needle, how in run.needles:
        for match in re.finditer(re.escape(needle), view.data):
            run.note(KNOWN, "known secret", match.start(), view, "a secret this run knows", *([how] if how else []))
    if not _is_text(view):
        return
    for rule, kind, offset, value in detectors.find(view.data):
        run.note(rule, kind, offset, view, masked(kind, value))
        if len(run.leaks) >= _MOST:
            return


def _is_text(view: _View) -> bool:
    """Tell whether a text is worth looking at: what base64 makes of anything is not, what was packed always is."""
    return not view.how or view.how[-1] in _PACKED or decoders.readable(view.data)


def _same(offset: int) -> int:
    return offset


def _placed(outer: Callable[[int], int], inner: Callable[[int], int]) -> Callable[[int], int]:
    return lambda offset: outer(inner(offset))


def masked(kind: str, value: str) -> str:
    """Show a secret by its kind and length, and by two characters where it has plenty."""
    hint = value[:2] if len(value) >= _TELLING and value[:2].isalnum() else ""
    return f"{kind}, {hint}… ({len(value)} characters)"


def _needles(known: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
    """Yield each secret in the encodings that are plain to see, and how each is hidden."""
    found: dict[bytes, str] = {}
    for secret in known:
        for part in _parts(secret):
            for needle, how in _encodings(part):
                found.setdefault(needle, how)
    return iter(found.items())


def _parts(secret: bytes) -> Iterator[bytes]:
    """Yield a secret, and the lines of one that has several: a PEM key may be wrapped anew, or not at all."""
    whole = secret.strip() or secret
    if len(whole) >= _SHORTEST:
        yield whole
    lines = whole.split()
    if len(lines) > 1 and whole.startswith(b"-----BEGIN"):
        inner = [line for line in lines if not _PEM_LINE.search(line)]
        yield from (line for line in inner if len(line) >= _TELLING)
        yield b"".join(inner)


def _encodings(raw: bytes) -> Iterator[tuple[bytes, str]]:
    yield raw, ""
    if len(raw) < _SHORT:
        return
    yield raw[::-1], "reverse"
    for text in (raw.hex().encode(), raw.hex().upper().encode()):
        yield text, "hexadecimal"
        yield text[::-1], "reversed hexadecimal"
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        # The first and the last letter may hold bits of what stands around the secret.
        core = text[(0, 2, 3)[shift] : len(text) - (0, 3, 2)[(len(raw) + shift) % 3]]
        for letters in (core, core.translate(_URL_SAFE)):
            yield letters, "base64"
            yield letters[::-1], "reversed base64"
