"""The smallest parts of an example that is nearly JSON: whitespace, keys, numbers, words and punctuation."""

from __future__ import annotations

import re

FOREIGN_PUNCTUATION = dict(zip("｛｝［］：，“”＂‘’、；;", '{}[]:,"""\'\',,,', strict=True))
"""Punctuation of an input method for Chinese, and what stands for a comma elsewhere, with what JSON has."""

QUOTES = {
    '"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "＂": "＂", "‘": "’", "’": "’", "„": "“”", "«": "»", "»": "«",
}  # fmt: skip
"""What opens a string, with all that closes it."""

COLONS = ":："
END_OF_VALUE = r",，、;；}\]｝］"
"""Inside of a character class: what ends a value."""

_JSON_WHITESPACE = " \t\r\n"
_INVISIBLE = r"\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200d\u2060\ufeff\ufffd\ud800-\udfff"
WRITTEN_BLANK = r"&(?:amp;)?(?:nbsp|\#160);|</?br\s*/?>|\*\*"
WHITESPACE = rf"(?:[\s{_INVISIBLE}]++|{WRITTEN_BLANK})"
_WHITESPACE = re.compile(rf"(?:[\s{_INVISIBLE}]++|{WRITTEN_BLANK})+")
_NON_JSON_WHITESPACE = re.compile(rf"[^\S \t\r\n]|[{_INVISIBLE}]|{WRITTEN_BLANK}")

_WRITTEN_QUOTE = r"&(?:amp;)?(?:quot|\#34);"
WRITTEN_STRING = re.compile(rf'(?P<opening>{_WRITTEN_QUOTE})(?P<text>[^\n"&]*)(?P<closing>{_WRITTEN_QUOTE})')
"""A string in quotes as the source of a page has them, and no page should show them."""
WRITTEN_KEY = re.compile(rf"{WRITTEN_STRING.pattern}(?=\s*[{COLONS}])")
NEXT_KEY = re.compile(rf'"(?:[^"\\\n]|\\.)*"(?=\s*[{COLONS}])')
"""A key where a value should be: no JSON string has a colon behind it."""
QUOTED_KEY = re.compile(rf'{NEXT_KEY.pattern}|["“＂„][\w.$-]*["”＂“](?=\s*[{COLONS}])')
KEY_IN_MIXED_QUOTES = re.compile(
    rf"(?P<opening>[\"'`“”‘’„«»＂])(?P<key>[A-Za-z_$][\w$.-]*)(?P<closing>[\"'`“”‘’„«»＂])(?=\s*[{COLONS}])"
)
KEY_WITHOUT_CLOSING_QUOTE = re.compile(r'["“\'](?P<key>[A-Za-z_][\w.-]*)(?=\s*:)')
KEY_WITHOUT_OPENING_QUOTE = re.compile(r'(?P<key>[A-Za-z_$][\w$.-]*)"(?=\s*:)')
UNQUOTED_KEY = re.compile(rf"(?P<key>[A-Za-z_$][\w$.-]*)(?=\s*[{COLONS}])")

TEMPLATE = re.compile(r"\{\{[ \t]*[\w.$-]+[ \t]*\}\}")
"""What a template has where a value goes."""
ASSIGNMENT = re.compile(r"=(?![>=])")
ELLIPSIS = re.compile(r"\.{2,}|…+")
WORD = re.compile(rf"(?:(?!{WRITTEN_BLANK})[^\s,，、;；{{}}\[\]｛｝［］\"“”/#{COLONS}{_INVISIBLE}])+|[^\s]")


def whitespace_end(text: str, start: int, end: int) -> int:
    """Give the offset behind whitespace of any kind, JSON's or not."""
    match = _WHITESPACE.match(text, start, end)
    return match.end() if match else start


def is_json_whitespace(text: str, start: int, end: int) -> bool:
    """Tell whether a range holds only the whitespace that JSON allows."""
    return not text[start:end].strip(_JSON_WHITESPACE)


def non_json_whitespace(text: str, start: int, end: int) -> list[list[re.Match[str]]]:
    """Give the whitespace that JSON does not allow, that of a line together."""
    lines: list[list[re.Match[str]]] = []
    last = start
    for match in _NON_JSON_WHITESPACE.finditer(text, start, end):
        if not lines or "\n" in text[last : match.start()]:
            lines.append([])
        lines[-1].append(match)
        last = match.start()
    return lines
