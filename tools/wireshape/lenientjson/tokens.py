"""The smallest parts of an example that is nearly JSON: whitespace, keys, numbers, words and punctuation."""

from __future__ import annotations

import re

FOREIGN_PUNCTUATION = dict(zip("｛｝［］：﹕∶，﹐､“”＂‘’、；;", '{}[]:::,,,"""\'\',,,', strict=True))
"""Punctuation of an input method for Chinese, and what stands for a comma elsewhere, with what JSON has."""

QUOTES = {
    '"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "＂": "＂", "‘": "’", "’": "’", "„": "“”", "«": "»", "»": "«",
    "″": "″", "「": "」",
}  # fmt: skip
"""What opens a string, with all that closes it."""

COLONS = ":：﹕∶"
END_OF_VALUE = r",，﹐､、;；}\]｝］"
"""Inside of a character class: what ends a value."""

_JSON_WHITESPACE = " \t\r\n"
_INVISIBLE = r"\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200d\u2060\ufeff\ufffd\ud800-\udfff"
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
"""A character without a width, which no name of a field has."""
WRITTEN_BLANK = r"&(?:amp;)?(?:nbsp|\#160);|</?br\s*/?>|\*\*"
WHITESPACE = rf"(?:[\s{_INVISIBLE}]++|{WRITTEN_BLANK})"
_WHITESPACE = re.compile(rf"(?:[\s{_INVISIBLE}]++|{WRITTEN_BLANK})+")
_NON_JSON_WHITESPACE = re.compile(rf"[^\S \t\r\n]|[{_INVISIBLE}]|{WRITTEN_BLANK}")

_WRITTEN_QUOTE = r'&(?:amp;)?(?:quot|\#34);|\\"'
WRITTEN_STRING = re.compile(
    rf"""(?P<opening>{_WRITTEN_QUOTE})(?P<text>(?:(?!{_WRITTEN_QUOTE})[^\n"])*+)(?P<closing>{_WRITTEN_QUOTE})
    |(?P<apostrophes>'')(?P<quoted>[\w+.-][^\n"']*)''""",
    re.VERBOSE,
)
"""A string in quotes as the source of a page, a string in a program, or two apostrophes have them."""
WRITTEN_KEY = re.compile(rf"(?:{WRITTEN_STRING.pattern})(?=\s*[{COLONS}])", re.VERBOSE)
NEXT_KEY = re.compile(rf'"(?:[^"\\\n]|\\.)*"(?=\s*[{COLONS}])')
"""A key where a value should be: no JSON string has a colon behind it."""
QUOTED_KEY = re.compile(rf'{NEXT_KEY.pattern}|["“＂„][\w.$-]*["”＂“](?=\s*[{COLONS}])')
FIRST_ITEM = re.compile(rf"""\s*+(?://[^\n]{{0,500}}\n\s*+){{0,20}}(?:(?P<key>{NEXT_KEY.pattern})|["\d\[{{-])""")
"""The first item of an object or array, with its key where it is a member."""
KEY_IN_MIXED_QUOTES = re.compile(
    rf"(?P<opening>[\"'`“”‘’„«»＂])(?P<key>[A-Za-z_$][\w$.-]*)(?P<closing>[\"'`“”‘’„«»＂])(?=\s*[{COLONS}])"
)
KEY_WITHOUT_CLOSING_QUOTE = re.compile(r'["“\'](?P<key>[A-Za-z_][\w.-]*)(?=\s*:)')
KEY_WITHOUT_OPENING_QUOTE = re.compile(r'(?P<key>[A-Za-z_$][\w$.-]*)"(?=\s*:)')
UNQUOTED_KEY = re.compile(rf"(?P<key>[A-Za-z_$][\w$.-]*)(?=\s*[{COLONS}])")

REFERENCE_MARK = re.compile(r"\[[^\[\]{}\n:]{1,40}\]")
"""What a page has behind a value that a note below explains."""
TEMPLATE = re.compile(r"\{\{[ \t]*[\w.$-]+[ \t]*\}\}")
"""What a template has where a value goes."""
ARROW = re.compile(r"[=-]>|[→⇒]")
COLON_SIGN = re.compile(rf"(?P<arrow>{ARROW.pattern})|:=|=(?![>=])")
"""What other languages have where JSON has a colon."""
_SCALAR = r'(?:"(?:[^"\\\n]|\\.)*+"|[-+]?[0-9][\w.+-]*+|true|false|null)'
_VALUE_OF_LINE = rf"[ \t]*(?:[{{\[]|{_SCALAR}[ \t]*(?:[,，]|[}}\]]|//|/\*|\#|\r?$))"
COMMA_FOR_COLON = re.compile(rf"[,，;；](?={_VALUE_OF_LINE})", re.MULTILINE)
"""A comma or semicolon behind a key, with the value of the member on the same line."""
COLON_IN_KEY = re.compile(rf'"(?P<key>[A-Za-z_$][\w$.-]*)(?P<end>:")(?={_VALUE_OF_LINE})', re.MULTILINE)
ELLIPSIS = re.compile(r"\.{2,}|…+")
WORD = re.compile(rf"(?:(?!{WRITTEN_BLANK})[^\s,，、﹐､;；{{}}\[\]｛｝［］\"“”/#{COLONS}{_INVISIBLE}])+|[^\s]")


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
