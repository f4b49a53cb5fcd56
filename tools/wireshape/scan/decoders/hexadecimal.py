"""Reads bytes written as hexadecimal digits: in one run, in pairs, and in dumps with offsets and letters."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from wireshape.scan.decoders.base64_runs import MIN_BLOB_BYTES
from wireshape.scan.layer import Layer, Rest, at
from wireshape.scan.runs import HEXADECIMAL, alphabet, runs

MIN_DIGITS = 24
_MIN_PAIRS_LETTERS = 35
_MAX_LINE_BYTES = 256
_MIN_BLOB_DIGITS = 2 * MIN_BLOB_BYTES

# Printable ASCII.
_TEXT = re.compile(rb"(?:[2-7][0-9A-Fa-f]|0[9AaDd]){12,65535}+")
# The heads of gzip, ZIP, Zstandard, xz, bzip2, SQLite and private keys in DER.
_PACKED = re.compile(rb"(?i)1f8b08|504b0304|28b52ffd|fd377a585a00|425a68|53514c69746520|30(?:2e|51|77|81..|82....)0201")
_PAIR = rb"[0-9A-Fa-f]{2}"
_PAIRS = re.compile(rb"(?:0x)?%b(?:(?:[ :,-]|, ?(?:0x)?|,?\s{1,40}0x)%b){11,65535}+" % (_PAIR, _PAIR))
_DIGITS = string.hexdigits.encode() + b"x"
_MIN_SEPARATORS = 11
_PAIRS_LETTERS = alphabet(string.hexdigits + "x ,:-")
# An offset, up to sixteen bytes in groups, and what they are as letters.
_DUMP_LINE = re.compile(
    rb"[ \t]{0,8}(?:0x)?[0-9A-Fa-f]{4,16}:?[ \t]{1,4}((?:%b){1,4}(?:[ \t]{1,2}(?:%b){1,4}){0,15}+)"
    rb"(?=[ \t]{2}|[ \t]*\r?(?:\n|\Z))[^\r\n]{0,200}(?:\r?\n|\Z)" % (_PAIR, _PAIR)
)
_DUMP_BYTES_PER_LINE = 16
_NO_DIGIT = re.compile(rb"0x|[^0-9A-Fa-f]")


def hexadecimal(data: bytes) -> Iterator[Layer]:
    """Yield the bytes that digits stand for, where they are text or packed, or many; of dumps, those of all lines.

    Bytes of which nobody can tell are not told: hashes, signatures and moduli are written like this, and hardly ever
    anything packed that does not say so.
    """
    for run in runs(data, HEXADECIMAL, MIN_DIGITS):
        digits = data[run.start : run.end]
        if _PACKED.match(digits) or len(digits) >= _MIN_BLOB_DIGITS:
            yield _layer(digits, run.start)
        elif text := _TEXT.search(digits):
            yield _layer(digits[text.start() :], run.start)
    done = 0
    for run in runs(data, _PAIRS_LETTERS, _MIN_PAIRS_LETTERS):
        if run.start < done or not _has_pairs(data[run.start : run.end]):
            continue
        if lines := _dump_lines(data, data.rfind(b"\n", max(run.start - _MAX_LINE_BYTES, 0), run.start) + 1):
            done = lines[-1].end()
            yield _dump(lines)
        for match in _PAIRS.finditer(data, run.start, run.end):
            yield _layer(_NO_DIGIT.sub(b"", match[0]), match.start())


def _has_pairs(text: bytes) -> bool:
    """Tell whether there are digits and separators enough, which is sooner done than to look for pairs."""
    separators = len(text.translate(None, _DIGITS))
    return separators >= _MIN_SEPARATORS and len(text) - separators >= MIN_DIGITS


def _dump_lines(data: bytes, start: int) -> list[re.Match[bytes]]:
    lines: list[re.Match[bytes]] = []
    while start < len(data) and (line := _DUMP_LINE.match(data, start)):
        lines.append(line)
        start = line.end()
    return lines


def _dump(lines: list[re.Match[bytes]]) -> Layer:
    digits = b"".join(_NO_DIGIT.sub(b"", line[1])[: 2 * _DUMP_BYTES_PER_LINE] for line in lines)
    return _layer(digits, lines[0].start())


def _layer(digits: bytes, start: int) -> Layer:
    data = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    return Layer(data=data, how="hexadecimal", place=at(start), packed=True, rest=Rest.NONE)
