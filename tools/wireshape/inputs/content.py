"""What one input holds, before its format is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from wireshape.errors import InputError
from wireshape.jsontext import size

BOM = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, which some tools put before what they write."""
UTF_16 = b"\xff\xfe", b"\xfe\xff"
"""What text in UTF-16 begins with."""
NOT_JSON = object()
"""Stands for the document of content that is not JSON."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """The bytes of an input, and what its name ends in: in small letters, empty for standard input.

    folder is where the input is, for what it says is beside it; None for standard input. Of what is a line of an input,
    `line` is its number. `json5` is the text that JSON was rewritten from, `packed` says that the input was compressed.
    """

    raw: bytes
    suffix: str
    folder: Path | None = None
    line: int = 1
    json5: bytes | None = None
    packed: bool = False

    @cached_property
    def document(self) -> Any:
        """What the bytes say as JSON, or NOT_JSON; InputError where that is more than is read."""
        if too_many := size.excess(self.raw):
            raise InputError(f"{too_many}, the most that are read")
        try:
            return orjson.loads(self.raw.removeprefix(BOM))
        except orjson.JSONDecodeError:
            return NOT_JSON

    @property
    def other_text(self) -> bool:
        """Whether it is not JSON, and is not said to be."""
        return self.suffix != ".json" and self.document is NOT_JSON
