"""Reads text in which ASCII does not stand as it is: UTF-16 and UTF-32, with and without a mark, and EBCDIC."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wireshape.scan.layer import MIN_TEXT_BYTES, Layer, Span, is_text, shifted
from wireshape.scan.runs import Run

MIN_LETTERS = 12
_SORTS = bytes(97 if code in b"\t\n\r" or 32 <= code < 127 else 32 if code else 48 for code in range(256))  # noqa: PLR2004 - ASCII
_SAMPLE_BYTES = 1 << 12
_EBCDIC = bytes(range(256)).decode("cp500").encode("latin-1")
_EBCDIC_COMMON = tuple(letter.encode("cp500") for letter in " etaoinsr")
_MIN_COMMON_SHARE = 4
"""Of a text, one letter in so many is a blank or one of the commonest."""
_PIECE_BYTES = 1 << 16
_MAX_UNREADABLE_SHARE = 50  # one character in so many may be none


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    """One way to write a character in several bytes; `sorts` is a letter of it, as letter (a) and zeros (0)."""

    codec: str
    how: str
    mark: bytes
    sorts: bytes

    @property
    def width(self) -> int:
        return len(self.sorts)


_FORMS = (
    _Form(codec="utf-32-le", how="UTF-32", mark=codecs.BOM_UTF32_LE, sorts=b"a000"),
    _Form(codec="utf-32-be", how="UTF-32", mark=codecs.BOM_UTF32_BE, sorts=b"000a"),
    _Form(codec="utf-16-le", how="UTF-16", mark=codecs.BOM_UTF16_LE, sorts=b"a0"),
    _Form(codec="utf-16-be", how="UTF-16", mark=codecs.BOM_UTF16_BE, sorts=b"0a"),
)


def wide(data: bytes) -> Iterator[Layer]:
    """Yield what is written in UTF-16 or UTF-32: all of a text, or else the runs of it that are."""
    form = _form(data)
    if form and (layer := _whole(data, form)):
        yield layer
        return
    if b"\0" not in data:
        return
    mapped = data.translate(_SORTS)
    for each in _FORMS:
        for run in _runs(mapped, each):
            text = data[run.start + each.sorts.index(b"a") : run.end : each.width]
            place = shifted(run.start, each.width)
            yield Layer(data=text, how=each.how, place=place, span=Span(start=run.start, end=run.end))


def ebcdic(data: bytes) -> Iterator[Layer]:
    """Yield text of large computers, of which no letter is one of ASCII."""
    sample = data[:_SAMPLE_BYTES]
    if sum(map(sample.count, _EBCDIC_COMMON)) * _MIN_COMMON_SHARE < len(sample) or is_text(sample):
        return
    if is_text(sample.translate(_EBCDIC)):
        span = Span(start=0, end=len(data))
        yield Layer(data=data.translate(_EBCDIC), how="EBCDIC", place=shifted(0), span=span)


def _runs(mapped: bytes, form: _Form) -> Iterator[Run]:
    """Yield where ASCII is written in a form."""
    needle, rest = form.sorts * MIN_LETTERS, re.compile(b"(?:%b)*+" % form.sorts)
    start = mapped.find(needle)
    while start >= 0:
        end = match.end() if (match := rest.match(mapped, start)) else start
        # Text of one order looks like the other, a byte further on.
        if form.sorts.startswith(b"a") or mapped[start - 1 : start] != b"a":
            yield Run(start=start, end=end)
        start = mapped.find(needle, end)


def _form(data: bytes) -> _Form | None:
    """Tell the form by its mark, or else by where the zeros are."""
    for form in _FORMS:
        if data.startswith(form.mark):
            return form
    sample = data[:_SAMPLE_BYTES]
    sample = sample[: len(sample) // 4 * 4]
    for form in _FORMS:
        columns = [sample[at :: form.width] for at in range(form.width)]
        empty = [column.count(0) * 10 >= len(column) * 7 for column in columns]
        if len(sample) >= MIN_TEXT_BYTES and empty == [sort == ord("0") for sort in form.sorts]:
            return form
    return None


def _whole(data: bytes, form: _Form) -> Layer | None:
    """Decode all of a text; None where too much of it is no character, or without a mark no text."""
    marked = data.startswith(form.mark)
    decoder = codecs.getincrementaldecoder(form.codec)("replace")
    text, unreadable, letters = bytearray(), 0, 0
    for start in range(0, len(data), _PIECE_BYTES):
        piece = decoder.decode(data[start : start + _PIECE_BYTES])
        letters += len(piece)
        unreadable += piece.count("\ufffd")
        text += piece.encode("utf-8", "surrogatepass")
        if unreadable * _MAX_UNREADABLE_SHARE > letters or not (marked or is_text(text)):
            return None
    last = len(data) - 1
    return Layer(
        data=bytes(text),
        how=form.how,
        place=lambda offset: min(form.width * offset, last),
        span=Span(start=0, end=len(data)),
    )
