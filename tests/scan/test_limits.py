"""Whatever a file holds, its scan ends: what is packed is read whole, or said to be incomplete."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from wireshape.scan import scanner


def test_a_decompression_bomb_is_told_and_not_unpacked() -> None:
    bomb = gzip.compress(bytes(90_000_000), 9)
    assert [leak.rule for leak in scanner.scan(gzip.compress(bomb))] == [scanner.INCOMPLETE]


HOSTILE = [
    *(
        b'"apiKey":',
        b"signature: ",
        b"1.2.3.",
        b"8.8.4.4 ",
        b"%41",
        b"%2541",
        b"\\\\",
        b"\\u0041",
        b"a:",
        b":",
        b"a@b.",
        b"@",
    ),
    *(
        b'"value":"',
        b'{"httpOnly',
        b"x^",
        b"\x1f\x8b\x08",
        b"x\x9c\x01",
        b"PK\x05\x06" + bytes(18),
        b"PK\x03\x04\x14\0\0\0\x08\0",
    ),
    *(b"-----BEGIN PRIVATE KEY-----", b"eyJabcdefghij.eyJ", b"https://a:", b"&amp;", b"\x1b[31ma", b"1, ", b"api_key,"),
    *(
        b"begin 644 a\n",
        b"<~",
        b"transfer-encoding: chunked\r\n\r\n",
        b"0",
        b"\0",
        b"-",
        b"=\n",
        b"|version|\n|-|\n|8.8.4.4",
    ),
]


@pytest.mark.parametrize("part", HOSTILE, ids=repr)
def test_hostile_lengths_end(part: bytes) -> None:
    before = time.process_time()
    scanner.scan(part * (1_000_000 // len(part)))
    assert time.process_time() - before < scanner.MAX_SECONDS


def test_what_takes_too_long_is_said_and_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"hello world, " * 100_000
    assert scanner.scan(text) == []
    monkeypatch.setattr(scanner, "MAX_SECONDS", 0)
    (leak,) = scanner.scan(text)
    assert (leak.rule, leak.kind) == (scanner.INCOMPLETE, "long work")


LOG = b"apiKey=" + b"fakeKey0" * 8 + b"\nsecret=" + b"fakeSec0" * 8 + b"\nCookie: sid=9f8a7b6c5d4e3f2a\n"


PACKED = {"gzip": gzip.compress(LOG), "zlib": zlib.compress(LOG), "base64": base64.b64encode(gzip.compress(LOG))}


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_every_secret_of_a_packed_file_is_found(packed: bytes) -> None:
    assert len(scanner.scan(packed)) == len(scanner.scan(LOG)) == 3


def test_zeros_in_a_packed_file_hide_nothing() -> None:
    assert len(scanner.scan(gzip.compress(bytes(400) + LOG))) == 3


def test_archives_are_opened_and_what_cannot_be_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("s.log", LOG)
    for packed in ((tmp_path / "a.zip").read_bytes(), bz2.compress(LOG), lzma.compress(LOG)):
        assert [leak.rule for leak in scanner.scan(packed)] == ["secret-named"] * 3
        assert "scan-incomplete" in {leak.rule for leak in scanner.scan(packed[:-30])}


def test_what_takes_a_library_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    block = b"of no interest"
    frame = b"\x28\xb5\x2f\xfd\x20" + bytes((len(block),)) + (1 | len(block) << 3).to_bytes(3, "little") + block
    monkeypatch.setitem(sys.modules, "zstandard", None)
    (leak,) = scanner.scan(frame)
    assert leak.rule == scanner.INCOMPLETE
    assert leak.shown == "Zstandard: it takes the Python package zstandard to read it"
