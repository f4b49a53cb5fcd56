"""Ways in which a text can be hidden: by packing, by encoding, or by what stands around it."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import random
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from urllib.parse import quote_from_bytes

PREFIX = b'#!/bin/sh\nexec java -jar "$0" "$@"\n'


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def _zip(data: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "session.log") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def _locked_zip(data: bytes) -> bytes:
    """Give a ZIP file that says its member is encrypted; the bytes of it are noise of the same length."""
    raw = bytearray(_zip(data))
    start = raw.index(b"session.log") + len("session.log")
    end = raw.index(b"PK\x01\x02")
    raw[start:end] = _noise(end - start)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + flags] |= 1
    return bytes(raw)


def _tar(data: bytes, mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        entry = tarfile.TarInfo("session.log")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def _noise(length: int) -> bytes:
    return random.Random(length).randbytes(length)  # noqa: S311 - alike in every run


def _sqlite(data: bytes) -> bytes:
    """Give a database that has a text in a row, and more rows than fit on one page."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, level TEXT, line TEXT)")
    rows = [("info", f"line {number}") for number in range(300)]
    database.executemany("INSERT INTO log (level, line) VALUES (?, ?)", [*rows, ("debug", data.decode("latin-1"))])
    database.commit()
    return database.serialize()


def _pcap(data: bytes) -> bytes:
    """Give what a capture file has: headers of binary numbers, and the text between them."""
    source = random.Random(len(data))  # noqa: S311 - alike in every run
    out = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for payload in (b"GET /fapi/v1/ping HTTP/1.1\r\n\r\n", data, b"HTTP/1.1 200 OK\r\n\r\n{}"):
        head = source.randbytes(12) + b"\x08\x00\x45\x00\x00\x7c\x1c\x46\x40\x00\x40\x06" + source.randbytes(26)
        out += (
            struct.pack("<IIII", 1_700_000_000, 7, len(head) + len(payload), len(head) + len(payload)) + head + payload
        )
    return out


def _colored(data: bytes) -> bytes:
    """Colour every word, as terminals and their logs have it."""
    words = data.decode("latin-1").split(" ")
    return " ".join(f"\x1b[1;3{at % 8}m{word}\x1b[0m" for at, word in enumerate(words)).encode("latin-1")


def _hexdump(data: bytes) -> bytes:
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {row.hex(' ', 1)}  |{shown}|")
    return "\n".join(lines).encode()


def _xxd(data: bytes) -> bytes:
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return "\n".join(f"{at * 16:08x}: {row.hex(' ', -2):<39}  ................" for at, row in enumerate(rows)).encode()


def _chunked(data: bytes) -> bytes:
    """Send a body in pieces of 40 bytes, as HTTP/1.1 may."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [data[at : at + 40] for at in range(0, len(data), 40)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _concatenated(data: bytes) -> bytes:
    """Write a text as string literals that are added up, 30 letters each."""
    text = data.decode("latin-1")
    pieces = [json.dumps(text[at : at + 30]) for at in range(0, len(text), 30)]
    return ("const text = " + " +\n    ".join(pieces) + ";\n").encode()


def _uuencoded(data: bytes) -> bytes:
    rows = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 session.log\n" + b"".join(rows) + b"`\nend\n"


def _response(encoding: bytes, pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + encoding + b"\r\n\r\n"
    return lambda data: head + pack(data)


def _brotli(data: bytes) -> bytes:
    import brotli

    packed: bytes = brotli.compress(data)
    return packed


def _zstandard(data: bytes) -> bytes:
    import zstandard

    return bytes(zstandard.compress(data))


def _wide(encoding: str) -> Callable[[bytes], bytes]:
    return lambda data: data.decode("latin-1").encode(encoding)


def _base64_lines(data: bytes) -> bytes:
    return base64.encodebytes(data)


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "deflate": _deflate,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "brotli": _brotli,
    "zstd": _zstandard,
    "gzip response": _response(b"gzip", gzip.compress),
    "deflate response": _response(b"deflate", _deflate),
    "brotli response": _response(b"br", _brotli),
    "zstd response": _response(b"zstd", _zstandard),
    "zip": _zip,
    "stored zip": lambda data: _zip(data, zipfile.ZIP_STORED),
    "bzip2 zip": lambda data: _zip(data, zipfile.ZIP_BZIP2),
    "lzma zip": lambda data: _zip(data, zipfile.ZIP_LZMA),
    "zip behind a script": lambda data: PREFIX + _zip(data),
    "zip within zip": lambda data: _zip(_zip(data), name="inner.zip"),
    "locked zip": _locked_zip,
    "damaged zip": lambda data: _zip(data)[:-9],
    "damaged gzip": lambda data: gzip.compress(data)[:-20],
    "tar": _tar,
    "tar.gz": lambda data: _tar(data, "w:gz"),
    "tar.xz": lambda data: _tar(data, "w:xz"),
    "7z": lambda data: b"7z\xbc\xaf\x27\x1c\x00\x04" + _noise(len(data)),
    "rar": lambda data: b"Rar!\x1a\x07\x01\x00" + _noise(len(data)),
    "lz4": lambda data: b"\x04\x22\x4d\x18\x64\x40\xa7" + _noise(len(data)),
    "noise": lambda data: _noise(max(len(data), 64)),
    "XOR": lambda data: bytes(byte ^ 0xA5 for byte in data),
    "EBCDIC": lambda data: data.decode("latin-1").encode("cp500"),
    "Windows-1251": lambda data: data.decode().encode("cp1251"),
    "KOI8-R": lambda data: data.decode().encode("koi8_r"),
    "GB 18030": lambda data: data.decode().encode("gb18030"),
    "base64": base64.b64encode,
    "URL-safe base64": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 in lines": _base64_lines,
    "base64 behind a path": lambda data: b"/v1/blobs/" + base64.urlsafe_b64encode(data),
    "data URI": lambda data: b"data:application/octet-stream;base64," + base64.b64encode(data),
    "base32": base64.b32encode,
    "ASCII85": lambda data: base64.a85encode(data, adobe=True),
    "hexadecimal": lambda data: data.hex().encode(),
    "hexadecimal pairs": lambda data: data.hex(" ").upper().encode(),
    "hexdump": _hexdump,
    "xxd": _xxd,
    "uuencode": _uuencoded,
    "quoted-printable": quopri.encodestring,
    "percent-encoding": lambda data: quote_from_bytes(data, safe="").encode(),
    "percent-encoding twice": lambda data: quote_from_bytes(quote_from_bytes(data, safe="").encode(), safe="").encode(),
    "percent-encoding of every byte": lambda data: b"".join(b"%%%02x" % byte for byte in data),
    "JSON string": lambda data: json.dumps({"body": data.decode("latin-1")}).encode(),
    "JSON string in JSON string": lambda data: json.dumps(
        {"log": json.dumps({"body": data.decode("latin-1")})}
    ).encode(),
    "Unicode escapes": lambda data: b'"' + b"".join(b"\\u%04x" % byte for byte in data) + b'"',
    "hexadecimal escapes": lambda data: b"b'" + b"".join(b"\\x%02x" % byte for byte in data) + b"'",
    "octal escapes": lambda data: b"$'" + b"".join(b"\\%03o" % byte for byte in data) + b"'",
    "HTML entities": lambda data: b"<pre>" + html.escape(data.decode("latin-1")).encode("latin-1") + b"</pre>",
    "numeric HTML entities": lambda data: b"".join(b"&#%d;" % byte for byte in data),
    "hexadecimal HTML entities": lambda data: b"".join(b"&#x%x;" % byte for byte in data),
    "Python bytes": lambda data: repr(data).encode(),
    "list of numbers": lambda data: json.dumps({"type": "Buffer", "data": list(data)}).encode(),
    "hexadecimal numbers": lambda data: b"{" + b", ".join(b"0x%02x" % byte for byte in data) + b"}",
    "added literals": _concatenated,
    "colour": _colored,
    "escaped colour": lambda data: json.dumps(_colored(data).decode("latin-1")).encode(),
    "UTF-16 with mark": _wide("utf-16"),
    "UTF-16LE": _wide("utf-16-le"),
    "UTF-16BE": _wide("utf-16-be"),
    "UTF-32 with mark": _wide("utf-32"),
    "UTF-32LE": _wide("utf-32-le"),
    "UTF-32BE": _wide("utf-32-be"),
    "UTF-16 behind text": lambda data: b"started\r\n" + data.decode("latin-1").encode("utf-16-le"),
    "SQLite": _sqlite,
    "capture": _pcap,
    "chunks": _chunked,
    "NUL-separated": lambda data: b"PATH=/bin\0LANG=C\0" + data + b"\0HOME=/\0",
    "text around": lambda data: b"line one\n" + data + b"\nline three\n",
}
NEEDS = {"brotli": "brotli", "brotli response": "brotli", "zstd": "zstandard", "zstd response": "zstandard"}
"""The library that makes a wrapping, where it is not part of Python."""


def available(names: tuple[str, ...]) -> bool:
    """Tell whether the libraries that make these wrappings are installed."""
    return all(find_spec(NEEDS[name]) for name in names if name in NEEDS)


def wrapped(data: bytes, names: tuple[str, ...]) -> bytes:
    """Wrap data, innermost first."""
    for name in names:
        data = WRAPPINGS[name](data)
    return data
