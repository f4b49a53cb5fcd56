"""Finds the value that belongs to a name, in the forms that recordings, logs, settings and sources write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from wireshape.scan.detectors.plausible import is_drawn, is_more_than_a_word, is_reference, looks_random

MAX_VALUE_BYTES = 4096
_LOOK_BACK_BYTES = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name in a text: where the identifier that it is the end of begins, and where that ends."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """What a name has, and where it begins."""

    start: int
    text: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    """One way to write a value behind its name; `starts` are the bytes that may stand before the name, all if empty."""

    shape: re.Pattern[bytes]
    accepts: Callable[[bytes], bool]
    starts: bytes = b""


def _form(shape: bytes, accepts: Callable[[bytes], bool], starts: bytes = b"") -> _Form:
    for name, part in _PARTS.items():
        shape = shape.replace(name, part)
    return _Form(shape=re.compile(shape), accepts=accepts, starts=starts)


_PARTS = {
    # A string literal of any kind, or one inside a string: its text is the last group.
    b"{string}": rb"""(?:[bBrRuUfF$@]{1,2})?(?:"((?:[^"\\\r\n]|\\.){0,4096}+)|'((?:[^'\\\r\n]|\\.){0,4096}+)"""
    rb"""|`((?:[^`\\]|\\.){0,4096}+)|\\{1,3}["']([^"'\\\r\n]{0,4096}+))""",
    b"{quote}": rb"""\\{0,3}["'`]""",
    b"{space}": rb"\s{0,64}+",
    b"{blank}": rb"[ \t]{0,64}+",
    b"{bare}": rb"""([^\s"'`&,;<>{}\[\]()\\|][^\s"'`&,;<>{}\[\]()\\|]{0,4095}+)""",
    b"{rest}": rb"""(\[[^\s\[\]]{0,200}\]|\{[^\s{}]{0,200}\}|[^\s"'`&<>;,)\]}][^\s"'`&<>;,)\]}]{0,4095}+)""",
    b"{word}": rb"(?:is|was|were|of|the|this|that|a|an|for|as|to|by|query|payload|request|header|parameter|value"
    rb"|computed|expected|received|got|sent|used|hex|with|[\x80-\xff]{1,60}+)",
}


def _anything(_: bytes) -> bool:
    return True


def _no_reference(value: bytes) -> bool:
    return not is_reference(value)


def _no_blank(value: bytes) -> bool:
    return not re.search(rb"\s", value.strip()) and not is_reference(value.strip())


def _argument(value: bytes) -> bool:
    return is_more_than_a_word(value) and not is_reference(value)


def _random(value: bytes) -> bool:
    return looks_random(value) and not is_reference(value)


_QUOTED = (
    # name: "value", name = 'value', "name" => ["value"], name: &str = "value", env["name"] = "value", name{"value"}
    _form(
        rb"{quote}?\]?(?:(?:{space}(?:: ?|As )&?[\w.<>\[\]|' ]{1,40}?)?{space}(?::|=>|:=|={1,2})"
        rb"{space}(?:-[ \t])?[\[(]?{space}|\{)(?:Some\(|String::from\()?{string}",
        _anything,
    ),
    # A number that JSON has without quotes.
    _form(rb"{quote}{space}:{space}([0-9]{6,40}+)(?=[\s,}\]])", _anything),
    # {"name": "name", "value": "value"}, also with members between
    _form(
        rb'"{space},{space}(?:"\w{1,40}"{space}:{space}(?:"[^"\\]{0,200}"|[\w.]{1,40}){space},{space}){0,3}'
        rb'"value"{space}:{space}"((?:[^"\\]|\\.){0,4096}+)',
        _anything,
        b'"',
    ),
    # <input name="name" value="value">
    _form(rb"""["'](?:\s{1,8}[\w-]{1,40}=["'][^"'<>]{0,200}["']){0,3}\s{1,8}value=["']([^"'<>]{1,4096})""", _anything),
    # <name>value</name>
    _form(rb"(?:\s[^<>]{0,200})?>\s{0,8}([^<>\s][^<>\r\n]{0,4095}?)\s{0,8}</", _no_blank, b"<"),
    # <td>name</td><td>value</td>
    _form(
        rb"\s{0,8}</[^<>]{1,40}>\s{0,64}(?:<[^<>/]{1,200}>\s{0,64}){1,3}[\"']?([^<>\s\"']{1,4096})[\"']?\s{0,8}</",
        _random,
        b"> \n\t",
    ),
    # <string name="name">value</string>
    _form(rb"""["'](?:\s[^<>]{0,200})?>\s{0,8}([^<>\s]{1,4096})\s{0,8}</""", _argument, b"\"'"),
    # A pair of literals, and a call with one.
    _form(rb"{quote}{space}[,)]{space}\(?{string}", _random),
    _form(rb",{blank}(?:<<)?{string}", _random, b"{(["),
    _form(rb"{blank}\({space}{string}", _random),
)
_BARE = (
    # --name value
    _form(rb"""[ \t]{1,4}["']?([^\s"'&;<>|\[\](){}$-][^\s"'&;<>|\]]{0,4095})""", _argument, b"-"),
    # ?name=value, a line of settings; name=value among arguments
    _form(rb"={1,2}(?![A-Z]?[a-z]{1,7}[ \t][A-Za-z\x80-\xff]+[ \t.!?]){rest}", _no_reference, b"\n\r\t ?&;\"'`+-#$:"),
    _form(rb"={1,2}{rest}", _argument, b"({,["),
    # {Name:value Other:value}
    _form(rb":([^\s\"'`,;{}\[\]()<>]{1,4096})(?= [A-Z]\w{0,40}:|\})", _no_reference, b"{ "),
)
_LINE_STARTS = b"\n\r\t '\"`-+*#^>"
# name: value, the rest of the line; value on the next line, as YAML has lists and folded text
_REST_OF_LINE = (
    rb":{blank}(?:[>|][-+]?)?(?:{blank}\r?\n[ \t]{0,64}+-?)?{blank}([^\s\"'<-][^\r\n\"']{0,4095}|-[^\r\n\"']{1,4095})"
)
_LINE = _form(_REST_OF_LINE, _no_blank, _LINE_STARTS)
_WHOLE_LINE = _form(_REST_OF_LINE, _anything, _LINE_STARTS)
_SETTING = _form(
    rb"(?:[ \t]{0,32}:?=[ \t]{0,32}{rest}|[ \t]{1,32}:?=[ \t]{1,32}([^\s\"'`]{1,4096}+))"
    rb"[ \t]{0,32}(?:[#;].{0,200})?(?:\r?\n|\Z)",
    _no_reference,
)
_LAST = (
    _form(rb"{blank}(?:is{blank}|:{blank})?[\"'`]([^\s\"'`]{8,256})[\"'`]", is_drawn),
    _form(rb"{quote}?{space}(?:[:=,|]|->){space}(?:-\s|\[)?{space}b?{quote}?{bare}", _random),
    _form(rb"(?i)(?:[\s\"'`:=(*]{1,4}{word}){0,5}[\s\"'`:=(*]{1,4}([A-Za-z0-9+/=_-]{20,4096})", _random),
)
_PAIR_BEFORE = re.compile(
    rb'"value"\s{0,64}+:\s{0,64}+"((?:[^"\\]|\\.){0,900})"\s{0,64}+,\s{0,64}+"(?:name|key)"\s{0,64}+:\s{0,64}+"\Z'
)
_SECTION = re.compile(rb"^\[[\w .:-]{1,60}\][ \t]*\r?$", re.MULTILINE)


def find(data: bytes, name: Name, *, whole: bool) -> Value | None:
    """Give the value of a name; where anything could be meant, only one that looks random."""
    before = data[name.start - 1 : name.start] if name.start else b"\n"
    for form in (*_QUOTED, *_BARE, _WHOLE_LINE if whole else _LINE):
        if value := _matched(data, name, form, before):
            return value
    if before == b'"' and (value := _value_before(data, name)):
        return value
    if (value := _matched(data, name, _SETTING, before)) and (
        is_more_than_a_word(value.text) or _SECTION.search(data, max(name.start - MAX_VALUE_BYTES, 0), name.start)
    ):
        return value
    found = (_matched(data, name, form, before) for form in _LAST)
    return next((value for value in found if value), None)


def _matched(data: bytes, name: Name, form: _Form, before: bytes) -> Value | None:
    if form.starts and before not in form.starts and data[name.start : name.start + 1] not in form.starts:
        return None
    match = form.shape.match(data, name.end)
    if not match or not match.lastindex:
        return None
    text = match[match.lastindex]
    return Value(start=match.start(match.lastindex), text=text.strip()) if form.accepts(text) else None


def _value_before(data: bytes, name: Name) -> Value | None:
    start = max(name.start - _LOOK_BACK_BYTES, 0)
    match = _PAIR_BEFORE.search(data[start : name.start])
    return Value(start=start + match.start(1), text=match[1]) if match else None
