"""Finds API keys and listen keys without a name: 64 letters and digits of all sorts, unlike a hash or a blob."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from wireshape.scan.decoders.streams import is_worth_reading
from wireshape.scan.detectors.table import Hit
from wireshape.scan.randomness import is_random
from wireshape.scan.runs import ALPHANUMERIC, Run, runs

KEY_LETTERS = 64
MAX_RUN_LETTERS = 512
"""More letters in one go than this are no keys, one behind the other."""

_SORTS = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"[0-9]"))
# The name of a hash before what could be one.
_HASH = re.compile(rb"(?i)(?:sha-?[0-9]{1,3}|md5|\bh1)[-:=_ ]{1,2}[A-Za-z0-9+/]*\Z")
_MAX_HASH_NAME_BYTES = 10
# Digits with `0x` before them, or a length and a type, as compiled programs have them, and a word behind.
_HEXADECIMAL = re.compile(rb"[A-Za-z0-9]{0,4}?(?:0[xX])?(?:[0-9a-f]+|[0-9A-F]+)[A-Za-z]{0,4}")
# Letters that base58 leaves out: identifiers of transactions are as long as they like.
_BESIDE_BASE58 = re.compile(rb"[0OIl]")
# Names of C++, as compilers write them: `_ZN4llvm…`.
_MANGLED = re.compile(rb"_Z[A-Z]{0,4}[0-9]{1,2}[A-Za-z_]{3}")
# Public keys of SSH: RSA, DSA, Ed25519, ECDSA.
_PUBLIC = re.compile(rb"AAAA(?:[A-D]3NzaC|E2VjZHNh)")
_ESCAPES = (b"%", b"\\")
_AROUND_BYTES = 160
_LEFT = re.compile(rb"[A-Za-z0-9+/_\\-]*\Z")
# Letters of base64, and the signs that it is filled up with.
_RIGHT = re.compile(rb"([A-Za-z0-9+/_\\-]*)(={0,2}(?![A-Za-z0-9=]))?")
_PIECE = re.compile(rb"[A-Za-z0-9]+")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BASE64_SIGN = b"+"
_MIN_BLOB_LETTERS = 12
_MIN_TELLING_LETTERS = 8
_WORDS = re.compile(rb"(?:[A-Z]{2,}+|[A-Z]?[a-z]{2,}+)++[0-9]{0,3}")

_LINE = re.compile(rb"[ \t#*>\"'+,-]{0,16}([A-Za-z0-9+/=]{16,100})[\"',+\\ \t]{0,8}\r?")
_SIGNS = re.compile(rb"[+/=]")
_ESCAPED_BREAK = b"\\n"
_LINES_AROUND = 12
_MAX_LINE_BYTES = 100
_MAX_FRAME_BYTES = 24


def keys(data: bytes) -> Iterator[Hit]:
    """Yield keys, also those that stand in a longer run: one behind the other, or between words of an address."""
    above = Run(start=0, end=0)
    for run in runs(data, ALPHANUMERIC, KEY_LETTERS):
        if run.end - run.start > MAX_RUN_LETTERS or data[run.start - 1 : run.start] in _ESCAPES:
            continue
        if _goes_on(data, above, run):
            above = run
            continue
        letters = data[run.start : run.end]
        if _HEXADECIMAL.fullmatch(letters) or (len(letters) % KEY_LETTERS and not _BESIDE_BASE58.search(letters)):
            continue
        if not (all(sort.search(letters) for sort in _SORTS) and is_random(letters)):
            continue
        if _is_text(letters) or _is_in_any_lines(data, run) or not _is_key(data, run, letters):
            above = run
        else:
            count = max(len(letters) // KEY_LETTERS, 1)
            kind = "key of 64 characters" if count == 1 else f"{count} keys of 64 characters"
            yield Hit(rule="secret-pattern", kind=kind, start=run.start, value=letters)


def _goes_on(data: bytes, above: Run, run: Run) -> bool:
    """Tell whether a run goes on where one was no key: on the next line and as long, or behind letters of base64."""
    if run.start - above.end > _AROUND_BYTES:
        return False
    between = data[above.end : run.start]
    as_long = run.end - run.start == above.end - above.start
    return (as_long and between.isspace()) or (_BASE64_SIGN in between and _LEFT.fullmatch(between) is not None)


def _is_key(data: bytes, run: Run, letters: bytes) -> bool:
    before = data[max(run.start - _AROUND_BYTES, 0) : run.start]
    left, right = _LEFT.search(before), _RIGHT.match(data, run.end, run.end + _AROUND_BYTES)
    if not left or not right or right[2] or _HASH.search(before, max(left.start() - _MAX_HASH_NAME_BYTES, 0)):
        return False
    if _PUBLIC.match(left[0] + letters) or _MANGLED.search(left[0] + letters):
        return False
    if _is_blob(left[0], right[1]):
        return False
    return not _is_text((left[0] + letters + right[1]).partition(b"\\")[0].translate(_URL_SAFE))


def _is_text(letters: bytes) -> bool:
    """Tell whether letters are base64 of text or of something packed, from the first or the second on."""
    return any(is_worth_reading(b64decode(text[: len(text) // 4 * 4])) for text in (letters, letters[1:]))


def _is_blob(left: bytes, right: bytes) -> bool:
    """Tell whether what stands on both sides, up to a letter that base64 has not, is drawn as well."""
    around = (*_PIECE.findall(left), *_PIECE.findall(right))
    return sum(len(piece) for piece in around if _is_drawn(piece)) >= _MIN_BLOB_LETTERS


def _is_drawn(piece: bytes) -> bool:
    """Tell whether a piece is neither a word, nor hexadecimal, nor a key itself."""
    both = piece.lower() != piece != piece.upper()
    return (
        both
        and len(piece) % KEY_LETTERS != 0
        and not _WORDS.fullmatch(piece)
        and (len(piece) < _MIN_TELLING_LETTERS or is_random(piece))
    )


def _is_in_any_lines(data: bytes, run: Run) -> bool:
    """Tell whether a run is a line of base64, whether lines end as such or as JSON writes it."""
    if _is_in_lines(data, run):
        return True
    before = data[max(run.start - _LINES_AROUND * _MAX_LINE_BYTES, 0) : run.start]
    behind = data[run.end : run.end + _LINES_AROUND * _MAX_LINE_BYTES]
    if _ESCAPED_BREAK not in before[-_MAX_LINE_BYTES:] + behind[:_MAX_LINE_BYTES]:
        return False
    before, behind = before.replace(_ESCAPED_BREAK, b"\n"), behind.replace(_ESCAPED_BREAK, b"\n")
    moved = Run(start=len(before), end=len(before) + run.end - run.start)
    return _is_in_lines(before + data[run.start : run.end] + behind, moved)


def _is_in_lines(data: bytes, run: Run) -> bool:
    """Tell whether a run is a line of base64 that goes on above or below; keys one below the other are none."""
    start = data.rfind(b"\n", max(run.start - _MAX_LINE_BYTES, 0), run.start) + 1
    stop = data.find(b"\n", run.end, run.end + _MAX_LINE_BYTES)
    if (not start and run.start > _MAX_LINE_BYTES) or (stop < 0 and len(data) > run.end + _MAX_LINE_BYTES):
        return False
    stop = len(data) if stop < 0 else stop
    if stop - start > run.end - run.start + _MAX_FRAME_BYTES:
        return False
    block: list[bytes] = []
    for lines in (_above(data, start), _below(data, stop)):
        for line in lines:
            if not (match := _LINE.fullmatch(line)):
                if b"-----" in line:
                    return True
                break
            block.append(match[1])
    return any(_SIGNS.search(line) for line in block)


def _above(data: bytes, start: int) -> Iterator[bytes]:
    for _ in range(_LINES_AROUND):
        if not start:
            return
        stop, start = start - 1, data.rfind(b"\n", max(start - 200, 0), start - 1) + 1
        yield data[start:stop]


def _below(data: bytes, stop: int) -> Iterator[bytes]:
    for _ in range(_LINES_AROUND):
        if stop >= len(data):
            return
        start, end = stop + 1, data.find(b"\n", stop + 1, stop + 200)
        stop = end if end >= 0 else min(stop + 200, len(data))
        yield data[start:stop]
