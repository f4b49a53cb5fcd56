"""The text of a page, from the bytes it came as."""

from __future__ import annotations

import re

from wireshape.errors import InputError
from wireshape.lenientjson import strings
from wireshape.model import Exit

MAX_BYTES = 4_000_000
"""Of a page that is read; the longest pages of the exchange have less than one million."""
MAX_LINES = 100_000
_LONE_RETURN = re.compile(r"\r(?!\n)")
_MAX_NUL_SHARE = 10
"""One NUL in so many characters is a fault of the page; more of them are no text."""


def decoded(raw: bytes) -> str:
    """Read UTF-8 as far as it is text; InputError where there is none, or too much."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"the page is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        text = as_read(written(raw))
    except UnicodeDecodeError as error:
        raise InputError("the page is not UTF-8 text") from error
    if text.count("\0") * _MAX_NUL_SHARE > len(text):
        raise InputError("the page is not text: it has NUL characters")
    if text.count("\n") > MAX_LINES:
        raise InputError(f"the page has more than {MAX_LINES:,} lines, the most that are read")
    if not text.strip():
        raise InputError("the page is empty", exit_code=Exit.NOTHING)
    return text


def written(raw: bytes) -> str:
    """Decode UTF-8 character by character as it is written, but for the byte order mark; UnicodeDecodeError if none."""
    return raw.decode("utf-8-sig", "surrogatepass")


def as_read(text: str) -> str:
    """Give what is read of a text: one character stays one, so that every offset does."""
    # Half a surrogate pair is no UTF-8, but what some tools write; a lone carriage return ends a line too.
    return _LONE_RETURN.sub("\n", strings.without_half_pairs(text))
