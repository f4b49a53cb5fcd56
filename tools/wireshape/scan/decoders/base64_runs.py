"""Decodes base64, RFC 4648 sections 4 and 5: where text comes out, where something packed does, or bytes unknown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wireshape.scan.decoders.streams import is_worth_reading
from wireshape.scan.layer import Layer, Rest, Span, at
from wireshape.scan.randomness import is_blob
from wireshape.scan.runs import BASE64, Run, runs

MIN_RUN_LETTERS = 12
MIN_LINE_LETTERS = 40
"""Shorter lines are not put together with those above and below."""
MIN_BLOB_BYTES = 81
"""Fewer bytes than this are a hash, a signature of Ed25519 or a token: no key, packed and written anew, is shorter."""
SIGNATURE_BYTES = (128, 256, 384, 512)
"""The lengths of RSA signatures: bytes of which nobody can say more, and in which nothing is hidden."""

_BETWEEN = re.compile(rb"[ \t]{0,64}\r?\n[ \t]{0,64}")
_MAX_BETWEEN_BYTES = 130
_BLANKS = b" \t\r\n"
_SEARCHED_LETTERS = 1 << 16  # for where text begins: what stands before it is short
_LAST_LINE = re.compile(rb"[ \t]{0,64}+\r?\n[ \t]{0,64}+([A-Za-z0-9+/_]{1,512}+)={0,2}(?![A-Za-z0-9+/_ -])")

# Three bytes of printable ASCII as four letters: the first six bits, the next six and so on have few values.
_TEXT = re.compile(
    rb"(?:[CDI-Za-f][ACD-HQS-Xgi-nwyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){3,}"
    # The same of UTF-16, in both orders.
    rb"|(?:[CDI-Za-f][AQgw][AB][A-Za-z0-9+/_-]A[ACD-HQ][AEIMQUYcgkosw048]A){3,}"
)
# The heads of gzip, zlib, bzip2, xz, Zstandard, LZMA, ZIP, 7-Zip, RAR, LZ4 and SQLite, each as base64 has it.
_PACKED = re.compile(
    rb"(?:\A|(?<=[/_-]))(?:H4sI|e(?:J[w-z]|A[E-H]|F[4-7]|N[o-r])|Qlpo[MNO]|[/_]Td6WFoA|KLUv[/_]|XQAA"
    rb"|UEsDB|N3q8ryc|UmFyIRoH|BCJNG|U1FMaXRlIGZvcm1hdCAz)"
)
# The name of a PEM block, and its headers.
_ARMOR = re.compile(
    rb"-----BEGIN [A-Z0-9 ]{1,60}-----(?:(?:[^-:\n]{0,40}|[\w-]{1,20}: [^\n]{0,100})(?:\n|\\n|\Z)){1,6}\Z"
)
_MAX_ARMOR_BYTES = 400
_ESCAPES = (b"\\", b"%", b"&")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Letters:
    """Letters of base64, from start up to end of a text; `joined` are those of all their lines.

    They are not `whole` where escapes stand before or behind: they go on once these are undone.
    """

    start: int
    end: int
    joined: bytes
    whole: bool


@dataclass(kw_only=True, slots=True)
class _Block:
    """Lines of base64 below each other; `last` is where the last begins, `ragged` that another cannot be by itself."""

    start: int
    end: int
    last: int
    ragged: bool = False


def base64_runs(data: bytes) -> Iterator[Layer]:
    """Yield what runs and wrapped lines hold, where that is text or packed, and blobs of which nobody can tell."""
    block: _Block | None = None
    for run in runs(data, BASE64, MIN_RUN_LETTERS):
        if block and _follows(data, block, run):
            block.ragged = block.ragged or (block.end - block.last) % 4 > 0
            block.end, block.last = run.end, run.start
            continue
        if block:
            yield from _lines(data, block)
        block = _Block(start=run.start, end=run.end, last=run.start)
    if block:
        yield from _lines(data, block)


def _follows(data: bytes, block: _Block, run: Run) -> bool:
    """Tell whether a run is the next line of a block."""
    if run.start - block.end > _MAX_BETWEEN_BYTES or block.end - block.last < MIN_LINE_LETTERS:
        return False
    return _BETWEEN.fullmatch(data, block.end, run.start) is not None


def _lines(data: bytes, block: _Block) -> Iterator[Layer]:
    """Decode lines as one; where that cannot be, for letters are left over in one, each by itself as well."""
    yield from _decoded(data, _joined(data, block))
    if block.ragged:
        for line in runs(data[block.start : block.end], BASE64, MIN_RUN_LETTERS):
            start, end = block.start + line.start, block.start + line.end
            yield from _decoded(data, _joined(data, _Block(start=start, end=end, last=start)))


def _joined(data: bytes, block: _Block) -> _Letters:
    start, end = block.start, block.end
    joined = data[start:end].translate(None, _BLANKS)
    if end - block.last >= MIN_LINE_LETTERS and (last := _LAST_LINE.match(data, end)):
        joined += last[1]
        end = last.end()
    whole = data[start - 1 : start] not in _ESCAPES and data[end : end + 1] not in _ESCAPES
    return _Letters(start=start, end=end, joined=joined, whole=whole)


def _decoded(data: bytes, run: _Letters) -> Iterator[Layer]:
    """Yield what letters hold: from where text or something packed begins, or else, if it is a blob, from its start.

    A PEM block is no blob: its name says what it is.
    """
    size = len(run.joined) * 3 // 4
    shapes = (_TEXT, _PACKED) if run.whole else (_TEXT,)
    found = [match.start() for shape in shapes if (match := shape.search(run.joined, 0, _SEARCHED_LETTERS))]
    if found:
        layer = _layer(run.joined[min(found) :], run.start)
        yield layer
        if is_worth_reading(layer.data):
            return
    if run.whole and size >= MIN_BLOB_BYTES and size not in SIGNATURE_BYTES and is_blob(run.joined):
        if _ARMOR.search(data, max(run.start - _MAX_ARMOR_BYTES, 0), run.start):
            return
        span = Span(start=run.start, end=run.end)
        yield replace(_layer(run.joined, run.start), rest=Rest.ALL, span=span, guessed=True)


def _layer(letters: bytes, start: int) -> Layer:
    letters = letters.translate(_URL_SAFE)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    data = base64.b64decode(letters + b"=" * (-len(letters) % 4))
    return Layer(data=data, how="base64", place=at(start), packed=True, rest=Rest.NONE)
