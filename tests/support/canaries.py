"""Makes up secrets and harmless values at test time, alike in every run, so that no file holds one."""

from __future__ import annotations

import base64
import random
import re
import string
import struct
import uuid
import zlib
from collections.abc import Callable
from urllib.parse import quote

_PLACEHOLDER = re.compile(r"«(\w+)(?::(\w+))?»")
_ALPHANUMERIC = string.ascii_letters + string.digits
_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
_RSA = bytes.fromhex("020100300d06092a864886f70d010101050004")
_PUBLIC_RSA = bytes.fromhex("300d06092a864886f70d0101010500")


def filled(text: str, seed: str) -> bytes:
    """Put a made-up value where a text says «name», or «name:form» for it in another form.

    The same name stands for the same value within a text.
    """
    source = random.Random(seed)  # noqa: S311 - made-up values, alike in every run
    values: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            known = next(known for known in sorted(_VALUES, key=len, reverse=True) if name.startswith(known))
            values[name] = _VALUES[known](source)
        return _FORMS[match[2]](values[name]) if match[2] else values[name]

    return _PLACEHOLDER.sub(value, text).encode()


def _letters(source: random.Random, alphabet: str, length: int) -> str:
    return "".join(source.choices(alphabet, k=length))


def _key(source: random.Random) -> str:
    """Give 64 letters and digits of all sorts, as API keys have them."""
    while True:
        key = _letters(source, _ALPHANUMERIC, 64)
        if re.search("[a-z]", key) and re.search("[A-Z]", key) and re.search("[0-9]", key):
            return key


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _url_safe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = bytes((length,)) if length < 128 else b"\x82" + struct.pack(">H", length)
    return bytes((tag,)) + size + content


def _rsa(source: random.Random) -> bytes:
    """Give something that has the form of an RSA key in PKCS#8, with numbers that are none."""
    numbers = [_der(2, b"\0" + b"\x81" + source.randbytes(size - 1)) for size in (256, 256, 128, 128, 128, 128, 128)]
    inner = _der(0x30, b"\x02\x01\x00" + numbers[0] + b"\x02\x03\x01\x00\x01" + b"".join(numbers[1:]))
    return _der(0x30, _RSA + _der(4, inner)[1:])


def _armored(name: str, raw: bytes) -> str:
    text = _base64(raw)
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"]) + "\n"


def _png(source: random.Random) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + source.randbytes(96) for _ in range(32))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _jpeg(source: random.Random) -> bytes:
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return (
        head
        + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
        + source.randbytes(1500).replace(b"\xff", b"\xfe")
        + b"\xff\xd9"
    )


def _woff2(source: random.Random) -> bytes:
    body = source.randbytes(2000)
    return b"wOF2\x00\x01\x00\x00" + struct.pack(">I", len(body) + 12) + body


def _gif(source: random.Random) -> bytes:
    return b"GIF89a\x10\x00\x10\x00\x80\x00\x00" + source.randbytes(900) + b"\x00\x3b"


def _webp(source: random.Random) -> bytes:
    body = b"WEBPVP8 " + source.randbytes(1200)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _certificate(source: random.Random) -> bytes:
    return _der(0x30, _der(0x30, b"\xa0\x03\x02\x01\x02" + source.randbytes(700)) + source.randbytes(270))


def _amount(source: random.Random) -> str:
    return f"{source.uniform(-90000, 90000):.8f}"


def _address(source: random.Random) -> str:
    """Give an address of a network that is somebody's."""
    return ".".join(
        str(number) for number in (source.choice((8, 23, 45, 84, 91)), *source.choices(range(21, 250), k=3))
    )


def _password(source: random.Random) -> str:
    return (
        _letters(source, string.ascii_letters, 5)
        + _letters(source, string.digits, 3)
        + _letters(source, "!#*_", 1)
        + "q"
    )


_FORMS: dict[str, Callable[[str], str]] = {
    "base64": lambda value: _base64(value.encode()),
    "user": lambda value: _base64(f"binance:{value}".encode()),
    "quoted": lambda value: quote(value, safe=""),
    "escaped": lambda value: value.replace("\n", "\\n"),
    "indented": lambda value: value.replace("\n", "\n    "),
    "spaced": lambda value: " ".join(value[at : at + 8] for at in range(0, len(value), 8)),
    "lines": lambda value: "\n".join(value[at : at + 16] for at in range(0, len(value), 16)),
    "dotted": lambda value: ".".join(value[at : at + 10] for at in range(0, len(value), 10)),
    "commas": lambda value: ", ".join(value[at : at + 10] for at in range(0, len(value), 10)),
    "upper": str.upper,
    "rewrapped": lambda value: "\n".join(re.findall(".{1,76}", "".join(value.splitlines()[1:-1]))),
    "head": lambda value: value[:20],
    "half": lambda value: value[:32],
    "letters": " ".join,
    "list": lambda value: ", ".join(map(repr, value)),
    "halves": lambda value: f"{value[:32]}\n{value[32:]}",
    "folded": lambda value: f"{value[:32]}\n  {value[32:]}",
    "quotedlines": lambda value: f"{value[:40]}\n> {value[40:]}",
    "zerowidth": "\u200b".join,
    "fullwidth": lambda value: "".join(chr(ord(letter) + 0xFEE0) for letter in value),
    "tagged": lambda value: f'<span class="a">{value[:20]}</span><b>{value[20:40]}</b><wbr>{value[40:]}',
    "runs": lambda value: f"{value[:13]}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{value[13:]}",
    "kerned": lambda value: ")-12(".join(value[at : at + 3] for at in range(0, len(value), 3)),
    "decimal": lambda value: " ".join(str(ord(letter)) for letter in value),
    "binary": lambda value: " ".join(f"{ord(letter):08b}" for letter in value),
    "base85": lambda value: base64.b85encode(value.encode()).decode(),
    "softbreak": lambda value: f"{value[:50]}=\n{value[50:]}",
    "wrapped": lambda value: "\n".join(re.findall(".{1,76}", value)),
    "bare": lambda value: "".join(line for line in value.splitlines() if "-----" not in line),
}
_VALUES: dict[str, Callable[[random.Random], str]] = {
    "key": _key,
    "hexkey": lambda source: source.randbytes(32).hex(),
    "edsignature": lambda source: _base64(source.randbytes(64)),
    "rsasignature": lambda source: _base64(source.randbytes(256)),
    "edkey": lambda source: _base64(_ED25519 + source.randbytes(32)),
    "rsakey": lambda source: _base64(_rsa(source)),
    "edpem": lambda source: _armored("PRIVATE KEY", _ED25519 + source.randbytes(32)),
    "rsapem": lambda source: _armored("PRIVATE KEY", _rsa(source)),
    "rsalines": lambda source: "\n".join(_armored("PRIVATE KEY", _rsa(source)).splitlines()[1:-1]),
    "oldpem": lambda source: _armored("RSA PRIVATE KEY", source.randbytes(600)),
    "lockedpem": lambda source: _armored("ENCRYPTED PRIVATE KEY", source.randbytes(300)),
    "sshpem": lambda source: _armored("OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + source.randbytes(300)),
    "jwt": lambda source: ".".join(
        [
            _url_safe(b'{"alg":"HS256","typ":"JWT"}'),
            _url_safe(b'{"sub":"%d"}' % source.getrandbits(60)),
            _url_safe(source.randbytes(32)),
        ]
    ),
    "password": _password,
    "word": lambda source: _letters(source, string.ascii_lowercase, 9),
    "cookie": lambda source: source.randbytes(16).hex(),
    "token33": lambda source: _letters(source, _ALPHANUMERIC, 33),
    "token36": lambda source: _letters(source, _ALPHANUMERIC, 36),
    "token": lambda source: _letters(source, _ALPHANUMERIC, 40),
    "alias": lambda source: _letters(source, string.ascii_letters, 12),
    "ip": _address,
    "ip6": lambda source: "2a02:" + ":".join(f"{source.randrange(4096, 65536):x}" for _ in range(7)),
    # Harmless from here.
    "sha1": lambda source: source.randbytes(20).hex(),
    "sha256": lambda source: source.randbytes(32).hex(),
    "sha512": lambda source: source.randbytes(64).hex(),
    "md5": lambda source: source.randbytes(16).hex(),
    "integrity": lambda source: _base64(source.randbytes(64)),
    "integrity384": lambda source: _base64(source.randbytes(48)),
    "integrity256": lambda source: _base64(source.randbytes(32)),
    "uuid": lambda source: str(uuid.UUID(bytes=source.randbytes(16), version=4)),
    "png": lambda source: _base64(_png(source)),
    "jpeg": lambda source: _base64(_jpeg(source)),
    "pngslashes": lambda source: _base64(_png(source)).replace("/", "\\/"),
    "woff2": lambda source: _base64(_woff2(source)),
    "gif": lambda source: _base64(_gif(source)),
    "webp": lambda source: _base64(_webp(source)),
    "certificate": lambda source: _armored("CERTIFICATE", _certificate(source)),
    "certificateescaped": lambda source: _armored("CERTIFICATE", _certificate(source)).replace("\n", "\\n"),
    "publickey": lambda source: _armored(
        "PUBLIC KEY", _der(0x30, _PUBLIC_RSA + _der(3, b"\0" + source.randbytes(270)))
    ),
    "sshpublic": lambda source: _base64(b"\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01\0\0\x01\x01\0" + source.randbytes(256)),
    "order": lambda source: str(source.randrange(10**10, 10**12)),
    "amount": _amount,
    "millis": lambda source: str(source.randrange(1_600_000_000_000, 1_800_000_000_000)),
    "version": lambda source: f"{source.randrange(1, 9)}.{source.randrange(30)}.{source.randrange(30)}.0",
    "browser": lambda source: f"{source.randrange(90, 140)}.0.0.0",
    "nanoid": lambda source: _letters(source, _ALPHANUMERIC + "_-", 21),
    "base58": lambda source: _letters(source, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 44),
    "harmless64": lambda source: _base64(b'{"asset":"USDT","balance":"%s"}' % _amount(source).encode()),
    "map64": lambda source: _base64(
        b'{"version":3,"mappings":"%s"}' % b";AAAA,CAAC".join([b"ACGI"] * source.randrange(20, 40))
    ),
    "short": lambda source: _letters(source, _ALPHANUMERIC, 4),
    "mappings": lambda source: ";".join(
        ",".join(_letters(source, "ACEGIKMOQSUWYacegikmoqsuwy", source.choice((4, 4, 5))) for _ in range(9))
        for _ in range(30)
    ),
    # Of the exchange's own documentation, put together here so that no line of a file is one.
    "samplekey": lambda _: "vmPUZE6mv9SD5VNHk4HlWFsO" + "r6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
    "samplesecret": lambda _: "NhqPtmdSJYdKjVHjA7PZj4Mg" + "e3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
    "samplehexkey": lambda _: "dbefbc809e3e83c283a984c3a1459732" + "ea7db1360ca80c5c2c8867408d28cc83",
    "samplehexsecret": lambda _: "2b5eb11e18796d12d88f13dc27dbbd02" + "c2cc51ff7059765ed9821957d82bb4d9",
    "samplesignature": lambda _: "3c661234138461fcc7a7d8746c6558c9" + "842d4e10870d2ecbedf7777cad694af9",
    "samplelistenkey": lambda _: "pqia91ma19a5s61cv6a81va65sdf19v8" + "a65a1a5s61cv6a81va65sdf19v8a65a1",
    "samplealias": lambda _: "Sg" + "sR",
}
