"""Puts together what sources write in pieces: lists of byte values, and string literals that are added up."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from wireshape.scan.decoders.rewriting import Rewriting, rewritten
from wireshape.scan.layer import Layer, Rest, at
from wireshape.scan.runs import alphabet, runs

MIN_NUMBERS = 16
_LETTERS = alphabet(string.digits + ", -\r\n\t")
_NUMBERS = re.compile(rb"-?[0-9]{1,3}(?:(?:\s{0,20},\s{0,20}|[ \t]{1,4})-?[0-9]{1,3}){%d,4095}+" % (MIN_NUMBERS - 1))
_BITS = re.compile(rb"[01]{8}(?:[ ,\t\r\n]{1,4}[01]{8}){%d,4095}+" % (MIN_NUMBERS - 1))
_BINARY_ONLY = alphabet("01 ,\t\r\n")
_NUMBER = re.compile(rb"-?[0-9]+")
_JOINT = re.compile(
    rb"([\"'`])(?:[ \t]{0,20}[+.&][ \t]{0,20}(?:\\?\r?\n\s{0,80})?"
    rb"|[ \t]{0,20}\\?\r?\n\s{0,80}(?:[+.&][ \t]{0,20})?)[bfru]{0,2}\1"
)
_CLEAR = re.compile(rb"[^\"'`]{250}")


def numbers(data: bytes) -> Iterator[Layer]:
    """Yield lists of numbers that are bytes, with and without a sign, as Node, Java and Python print buffers."""
    for match in _lists(data):
        values = [int(number) for number in _NUMBER.findall(match[0])]
        if min(values) >= -128 and max(values) < 256:  # noqa: PLR2004 - the range of a byte, signed and unsigned
            content = bytes(value & 0xFF for value in values)
            yield Layer(data=content, how="list of numbers", place=at(match.start()), packed=True, rest=Rest.NONE)
    for run in runs(data, _BINARY_ONLY, 9 * MIN_NUMBERS - 1):
        for match in _BITS.finditer(data, run.start, run.end):
            content = bytes(int(bits, 2) for bits in match[0].translate(bytes.maketrans(b",", b" ")).split())
            yield Layer(data=content, how="binary digits", place=at(match.start()), packed=True, rest=Rest.NONE)


def _lists(data: bytes) -> Iterator[re.Match[bytes]]:
    for run in runs(data, _LETTERS, 2 * MIN_NUMBERS - 1):
        if any(data.count(gap, run.start, run.end) >= MIN_NUMBERS - 1 for gap in (b",", b" ")):
            yield from _NUMBERS.finditer(data, run.start, run.end)


def literals(data: bytes) -> Iterator[Layer]:
    """Yield the lines with string literals that are added up, as if each were one."""
    return rewritten(data, _JOINTS, "added literals")


_JOINTS = Rewriting(token=_JOINT, put=lambda _: b"", cluster=_JOINT, clear=_CLEAR)
