"""What the strings of a JSON or JSON5 text say, and where each of their characters is written."""

from __future__ import annotations

import re

from wireshape.jsontext.source_map import SourceMap

_PIECE = re.compile(
    r"""(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})
    |\\(?:u(?P<unit>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<escape>\r\n|.))
    |(?P<verbatim>[^\\"']+|["'])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0", "\n": "", "\r\n": "", "\r": ""}


def source_map(text: str, start: int) -> SourceMap:
    """Give what the string says that begins with the quote at an offset, and where its characters come from."""
    found = SourceMap()
    for match in _PIECE.finditer(text, start + 1):
        if match[0] == text[start]:
            break
        found.add(_said(match), match.start(), len(match[0]))
    return found


def _said(match: re.Match[str]) -> str:
    if match["verbatim"]:
        return match[0]
    if match["pair"]:
        return (match[0].encode().decode("unicode_escape")).encode("utf-16", "surrogatepass").decode("utf-16")
    if code := match["unit"] or match["byte"]:
        return chr(int(code, 16))
    return _ESCAPES.get(match["escape"], match["escape"])
