"""Decodes what mail, PostScript and HTTP use and hardly anybody else: uuencode, ASCII85, base32, chunked bodies."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import chain

from wireshape.scan.layer import Layer, Rest, at, is_text
from wireshape.scan.runs import BASE32, BASE85, runs

_UU = re.compile(rb"begin(?<![^\n]begin) [0-7]{3,4} [^\r\n]{1,255}\r?\n((?:[\x20-\x60]{1,61}+\r?\n)++)")
_ASCII85 = re.compile(rb"<~([!-uz\s]{8,}?)~>")
# The same in PDF files, where only its end is marked.
_ASCII85_STREAM = re.compile(rb"stream\r?\n([!-uz\s]{8,}?)~>")
MIN_BASE32_LETTERS = 24
MAX_BASE32_LETTERS = 1 << 22
_SAMPLE_LETTERS = 1 << 10
_BASE32_LETTERS = 8
_NO_BASE32_REST = (1, 3, 6)  # so many letters behind groups of eight are never written
MIN_BASE85_LETTERS = 40
_CHUNKED = re.compile(rb"(?i:ansfer-encoding):[ \t]*chunked")
_BODY = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,64}\r?\n")
_MAX_HEAD_BYTES = 1 << 12


def uuencoded(data: bytes) -> Iterator[Layer]:
    """Yield files in uuencode, line by line as far as they are sound."""
    for match in _UU.finditer(data):
        parts = []
        for line in match[1].splitlines():
            try:
                parts.append(binascii.a2b_uu(line))
            except binascii.Error:
                break
        yield Layer(data=b"".join(parts), how="uuencode", place=at(match.start()), packed=True)


def ascii85(data: bytes) -> Iterator[Layer]:
    """Yield what stands between the marks of ASCII85."""
    for match in chain(_ASCII85.finditer(data), _ASCII85_STREAM.finditer(data)):
        try:
            content = base64.a85decode(match[1])
        except ValueError:
            continue
        yield Layer(data=content, how="ASCII85", place=at(match.start()), packed=True)


def base32(data: bytes) -> Iterator[Layer]:
    """Yield what base32 holds, where that is text."""
    for run in runs(data, BASE32, MIN_BASE32_LETTERS):
        if is_text(_base32(data[run.start : min(run.end, run.start + _SAMPLE_LETTERS)])):
            content = _base32(data[run.start : min(run.end, run.start + MAX_BASE32_LETTERS)])
            gap = "too long" if run.end - run.start > MAX_BASE32_LETTERS else ""
            yield Layer(data=content, how="base32", place=at(run.start), packed=True, rest=Rest.NONE, gap=gap)


def _base32(letters: bytes) -> bytes:
    """Decode as many letters as make whole bytes."""
    letters = letters[: len(letters) - (len(letters) % _BASE32_LETTERS in _NO_BASE32_REST)]
    rest = len(letters) % _BASE32_LETTERS
    letters = letters[: len(letters) - (rest in _NO_BASE32_REST)]
    return base64.b32decode(letters + b"=" * (-len(letters) % _BASE32_LETTERS))


def base85(data: bytes) -> Iterator[Layer]:
    """Yield what base85 of RFC 1924 holds, as Git and Python write it, where that is text."""
    for run in runs(data, BASE85, MIN_BASE85_LETTERS):
        letters = data[run.start : run.end]
        try:
            sample = base64.b85decode(letters[: min(_SAMPLE_LETTERS, len(letters)) // 5 * 5])
            if not (sample.isascii() and sample.decode().isprintable()):
                continue
            content = base64.b85decode(letters)
        except ValueError:
            continue
        yield Layer(data=content, how="base85", place=at(run.start), packed=True, rest=Rest.NONE)


def chunked(data: bytes) -> Iterator[Layer]:
    """Yield the bodies of HTTP messages that were sent in chunks, put together."""
    for match in _CHUNKED.finditer(data) if b"chunked" in data else ():
        body = _BODY.search(data, match.end(), match.end() + _MAX_HEAD_BYTES)
        if not body:
            continue
        parts, start = [], body.end()
        while (size := _CHUNK.match(data, start)) and int(size[1], 16):
            start = size.end() + int(size[1], 16)
            parts.append(data[size.end() : start])
            start += len(b"\r\n") if data[start : start + 2] == b"\r\n" else 1
        yield Layer(data=b"".join(parts), how="chunks", place=at(body.end()), packed=True)
