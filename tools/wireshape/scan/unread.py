"""Finds bytes that nobody could read: packed, encrypted, or text in an encoding that is none of those known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from wireshape.scan.layer import Rest, Span

# Control characters that text has none of, but NUL and SOH, which separate words in some.
_CONTROLS = rb"\x02-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f"
_CONTROL_BYTES = bytes({*range(2, 9), 11, *range(14, 27), *range(28, 32), 127})
# Of random bytes every tenth is one of these: a gap of 48 is rare.
_BINARY = re.compile(rb"[%b](?:[^%b]{0,47}+[%b]){3,}+" % (_CONTROLS, _CONTROLS, _CONTROLS))
_HIGH = re.compile(rb"[\x80-\xff](?:[\x00-\x7f]{0,2}[\x80-\xff]){15,}+")
_WINDOW_BYTES = 256
_SAMPLE_BYTES = 1 << 16
_MIN_NOISE_BYTES = 1 << 16
_NOISE_SAMPLES = 256
_MIN_NOISE_SHARE = 0.9
_MIN_PACKED_BYTES = {Rest.ALL: 32, Rest.PACKED: 96, Rest.PROGRAM: 4096}
_MIN_WINDOW_BYTES = 96
_MIN_MASKED_BYTES = 96

_MIN_DISTINCT_SHARE = 0.8
"""Packed bytes have nearly as many different values as random ones; numbers, headers and code have about half."""
_MIN_CONTROL_SHARE = 8
_MAX_NUL_SHARE = 20
"""Text under a mask has a control character in 8 bytes and no NUL in 20; numbers and headers have many."""
_MAX_BROKEN_SHARE = 16
"""One character in so many may be broken where text was cut."""
_WIDE_SCRIPTS = ("gb2312", "shift_jis", "euc_jp", "euc_kr", "big5")
_NARROW_SCRIPTS = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_MIN_BLANKS_SHARE = 25
"""Of words, one letter in so many is a blank; text under a mask has none."""
_SCRIPT_SIGNS = " .,:;!?()-/\"'\n\r\t0123456789\uff0c\u3002\u3001\uff1a\uff01\uff1f\u300c\u300d\u30fb\u30fc"
_MIN_LETTERS_SHARE = 0.95
_MAX_BROKEN_LETTERS = 50
"""Words have few signs among their letters, and were decoded but for where they are cut."""


def is_noise(data: bytes) -> bool:
    """Tell whether nearly all of data looks packed or encrypted: no text that is hidden otherwise can be in it."""
    if len(data) < _MIN_NOISE_BYTES:
        return False
    step = len(data) // _NOISE_SAMPLES
    samples = (data[start : start + _WINDOW_BYTES] for start in range(0, step * _NOISE_SAMPLES, step))
    return sum(map(_is_packed, samples)) >= _MIN_NOISE_SHARE * _NOISE_SAMPLES


def unread(data: bytes, opened: Iterable[Span], rest: Rest) -> int | None:
    """Give where the first bytes are that could not be read, and are in nothing that was opened; None for none."""
    if rest is Rest.NONE:
        return None
    spans = sorted(opened, key=lambda span: span.start)
    found = [_first(data, _BINARY, spans, lambda cluster: _has_packed(cluster, _MIN_PACKED_BYTES[rest]))]
    if rest is Rest.ALL:
        found += [_first(data, _BINARY, spans, _is_masked), _first(data, _HIGH, spans, _is_undecoded)]
    return min((start for start in found if start is not None), default=None)


def _first(data: bytes, shape: re.Pattern[bytes], spans: list[Span], is_unread: Callable[[bytes], bool]) -> int | None:
    ahead = iter(spans)
    span = next(ahead, None)
    for match in shape.finditer(data):
        while span and span.end <= match.start():
            span = next(ahead, None)
        if (span is None or span.start > match.start()) and is_unread(match[0]):
            return match.start()
    return None


def _windows(cluster: bytes, least: int) -> Iterator[bytes]:
    windows = (cluster[start : start + _WINDOW_BYTES] for start in range(0, len(cluster), _WINDOW_BYTES))
    return (window for window in windows if len(window) >= least)


def _is_packed(window: bytes) -> bool:
    """Tell whether bytes have as many different values as packed ones."""
    return len(set(window)) >= _MIN_DISTINCT_SHARE * 256 * (1 - (255 / 256) ** len(window))


def _has_packed(cluster: bytes, least: int) -> bool:
    """Tell whether so many bytes in a row look packed or encrypted."""
    packed = 0
    for window in _windows(cluster, min(least, _MIN_WINDOW_BYTES)):
        packed = packed + len(window) if _is_packed(window) else 0
        if packed >= least:
            return True
    return False


def _is_masked(cluster: bytes) -> bool:
    """Tell whether bytes look like text under a mask, as XOR makes it."""
    return any(
        (len(window) - len(window.translate(None, _CONTROL_BYTES))) * _MIN_CONTROL_SHARE >= len(window)
        and window.count(0) * _MAX_NUL_SHARE < len(window)
        for window in _windows(cluster, _MIN_MASKED_BYTES)
    )


def _is_undecoded(cluster: bytes) -> bool:
    """Tell whether bytes with the first bit set are neither UTF-8 nor words in an older encoding."""
    text = cluster[:_SAMPLE_BYTES].decode("utf-8", "replace")
    if text.count("\ufffd") * _MAX_BROKEN_SHARE <= len(text):
        return False
    sample = cluster[:_SAMPLE_BYTES]
    codecs = _WIDE_SCRIPTS + (_NARROW_SCRIPTS if sample.count(b" ") * _MIN_BLANKS_SHARE >= len(sample) else ())
    return not any(_is_script(sample, codec) for codec in codecs)


def _is_script(sample: bytes, codec: str) -> bool:
    """Tell whether bytes are words of another script in an older encoding, in which ASCII stands as it is."""
    text = _HALF_WIDTH.sub("\ufffd", sample.decode(codec, "replace"))
    broken = text.count("\ufffd")
    letters = sum(letter.isalpha() or letter in _SCRIPT_SIGNS for letter in text)
    return broken <= 1 + len(text) // _MAX_BROKEN_LETTERS and letters >= _MIN_LETTERS_SHARE * (len(text) - broken)
