"""The smallest parts of an example that is nearly JSON: gaps, comments, strings, numbers, words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from wireshape.model import InstancePath

ODD = r"[^\S \t\r\n]|[\u00ad\u200b-\u200d\u2060\ufeff]"
"""Blanks that no JSON parser passes over."""

KEY = r'"[\w.$ -]{1,64}"[ \t]*:'
_SCALAR = r'(?:"(?:[^"\\\n]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)'
_END_OF_MEMBER = rf"[ \t]*(?:,[ \t]*)?(?=$|\r|//|/\*|{KEY})"
MEMBER = re.compile(
    rf'"(?P<key>[\w.$-]{{1,64}})"[ \t]*:[ \t]*(?:(?P<value>{_SCALAR}){_END_OF_MEMBER}|(?P<nested>[{{\[]))', re.MULTILINE
)
"""A whole member with nothing but another, a comment or the end of the line behind it; or where a nested one begins."""
_BEHIND = re.compile(_END_OF_MEMBER, re.MULTILINE)
OPENED = re.compile(rf"{KEY}\s*[{{\[]\s*(?://.*)?\Z")
"""A member at the end of a comment that begins an object or array."""
GOES_ON = re.compile(rf',\s*["“]|{KEY}')
"""What follows a bracket that closed an object too early."""
NEXT_KEY = re.compile(r'"(?:[^"\\\n]|\\.)*"(?=\s*[:：])')
"""A key where a value should be: no JSON string has a colon behind it."""
PROPER_KEY = re.compile(rf'{NEXT_KEY.pattern}|["“＂][\w.$-]*["”＂](?=\s*[:：])')
SHUT_KEY = re.compile(r'(?P<key>[A-Za-z_$][\w$.-]*)"(?=\s*:)')
BARE_KEY = re.compile(r"[A-Za-z_$][\w$.-]*(?=\s*[:：])")
OPEN_KEY = re.compile(r'["“\'](?P<key>[A-Za-z_][\w.-]*)(?=\s*:)')
ELLIPSIS = re.compile(r"\.{2,}|…+")
NUMBER = re.compile(r'-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?=$|[\s,，}\]｝］/#:"]|[\u200b\ufeff])')
WORD = re.compile(r"[^\s,，{}\[\]｛｝［］\"“”/#:：]+|[^\s]")

LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
FOREIGN: dict[str, Any] = {
    "True": True, "TRUE": True, "False": False, "FALSE": False, "None": None, "NULL": None, "Null": None, "nil": None,
    "undefined": None, "NaN": None,
}  # fmt: skip
FULL_WIDTH = dict(zip("｛｝［］：，“”＂‘’", '{}[]:,"""\'\'', strict=True))
QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "＂": "＂", "‘": "’", "’": "’"}

_GAP = re.compile(rf"(?:[ \t\r\n]|{ODD})+")
_ODD = re.compile(ODD)
_BLANKS = " \t\r\n"
_AFTER_STRING = re.compile(r"[ \t]*(?:$|[,，}\]｝］:：/#\"\n\r]|[\u00a0\u200b\ufeff])")
_LATER_QUOTE = re.compile(r'[ \t]*[\w.-]+[ \t]*"[^"\n:{}\[\]]*"(?=[ \t]*(?:[,}\]]|//|$))', re.MULTILINE)
_NEXT_LINE = re.compile(r'\n[^"\n:,{}\[\]]*"(?=[ \t]*[,}\]])')
_LOOSE_END = re.compile(r"[,，}\]\n]|//|/\*")
_STRUCTURE = re.compile(r"[,:{}\[\]]|//")
_LONGEST_INT = 4000
COMMENTS = ("//", "/*", "#", "--", "<!--")
_BLOCK_COMMENTS = {"/*": "*/", "<!--": "-->"}
_BLANK = re.compile(r"\s*\Z")
_CONTROL = re.compile(r"[\x00-\x1f]")
# One lost line break leaves two members on a line; more of them on the first line are a page without any.
_HEAD = 1000
_MEMBERS = 2
# Where a comment on a page without line breaks must be over: a member, a row, or a bracket that closes one.
_RESUMES = re.compile(
    rf'{KEY}\s*(?=["0-9\-tfn\[{{])|(?P<row>[{{\[]\s*(?={KEY}|[\[{{}}\]]))|(?P<open>[{{\[(])|(?P<close>[}}\])])'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Defect:
    """One thing that had to be mended: its rule, path and offset; detail where the rule leaves open what it is."""

    rule: str
    path: InstancePath
    at: int
    detail: str


def odd_lines(text: str, start: int, end: int) -> list[int]:
    """Give the first odd blank of each line."""
    found: list[int] = []
    last = start
    for match in _ODD.finditer(text, start, end):
        if not found or "\n" in text[last : match.start()]:
            found.append(match.start())
        last = match.start()
    return found


def gap(text: str, start: int, end: int) -> int:
    """Give where blanks of any kind end."""
    match = _GAP.match(text, start, end)
    return match.end() if match else start


def is_plain(text: str, start: int, end: int) -> bool:
    """Tell whether a gap holds only blanks that JSON knows."""
    return not text[start:end].strip(_BLANKS)


def is_one_line(text: str, start: int, end: int) -> bool:
    """Tell whether an example has lost its line breaks, so that no comment in it ends by one."""
    stop = text.find("\n", start, end)
    if stop < 0 or _BLANK.match(text, stop, end):
        return True
    head = text[start : min(stop, start + _HEAD)]
    return "//" in head and head.count('":') > _MEMBERS


def holds_control(value: str) -> bool:
    """Tell whether a string holds a control character, which JSON wants escaped."""
    return bool(_CONTROL.search(value))


def comment_end(text: str, start: int, end: int, *, one_line: bool) -> int:
    """Give where a comment ends: at its line break, or on a page without any where the example goes on."""
    for opening, closing in _BLOCK_COMMENTS.items():
        if text.startswith(opening, start):
            close = text.find(closing, start + len(opening), end)
            return end if close < 0 else close + len(closing)
    if not one_line:
        stop = text.find("\n", start, end)
        return end if stop < 0 else stop
    depth = 0
    for match in _RESUMES.finditer(text, start + 2, end):
        if match["open"]:
            depth += 1
        elif match["close"] and depth:
            depth -= 1
        elif match["close"] != ")":
            return match.start()
    return end


def string_end(text: str, start: int, end: int, closing: str) -> tuple[int, bool]:
    """Give where the string that begins at start ends, and whether by its quote: one left open ends with its value."""
    at = start + 1
    while at < end:
        char = text[at]
        if char == "\\":
            at += 2
        elif char == closing:
            return _behind_quote(text, start, at, end)
        elif char == "\n":
            resumed = _NEXT_LINE.match(text, at, end)
            if resumed:
                return resumed.end(), True
            break
        else:
            at += 1
    return _loose(text, start, end), False


def _behind_quote(text: str, start: int, at: int, end: int) -> tuple[int, bool]:
    """Tell whether the quote at an offset closes its string, or stands inside of it, or belongs to the next one."""
    if _AFTER_STRING.match(text, at + 1, end):
        return at + 1, True
    if later := _LATER_QUOTE.match(text, at + 1, end):
        return later.end(), True
    if _STRUCTURE.search(text, start + 1, at):
        return _loose(text, start, end), False
    return at + 1, True


def _loose(text: str, start: int, end: int) -> int:
    """Give where a string must have ended that no quote closes: with its line, or before the next mark."""
    loose = _LOOSE_END.search(text, start + 1, end)
    stop = loose.start() if loose else end
    return start + 1 + len(text[start + 1 : stop].rstrip())


def members(comment: str) -> list[tuple[str, str, int, int]]:
    """List the whole members in a comment: key, value as it is written, and where key and value begin."""
    found = []
    at = 0
    while match := MEMBER.search(comment, at):
        at = match.end()
        value, begins = match["value"], match.start("value")
        if value is None:
            begins = match.start("nested")
            try:
                _, at = json.JSONDecoder().raw_decode(comment, begins)
            except (ValueError, RecursionError):
                continue
            if not _BEHIND.match(comment, at):
                continue
            value = comment[begins:at]
        found.append((match["key"], value, match.start(), begins))
    return found


def string_value(token: str) -> tuple[str, bool]:
    """Decode what stands between the quotes; False where JSON would not take it as it is."""
    try:
        value: str = json.loads(f'"{token}"')
    except ValueError:
        try:
            value = json.loads(f'"{token}"', strict=False)
        except ValueError:
            value = token
        return _whole(value), False
    whole = _whole(value)
    return whole, whole == value


def _whole(value: str) -> str:
    """Replace half surrogate pairs, which no file can hold."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def number(token: str) -> int | Decimal | None:
    """Read a number exactly; None for one with an exponent no machine holds."""
    if token.lstrip("-").isdigit() and len(token) < _LONGEST_INT:
        return int(token)
    try:
        value = Decimal(token)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
