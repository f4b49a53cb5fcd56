"""Rewrites JSON5, JSON with comments and everything that people write for it, as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import orjson

from wireshape.errors import InputError
from wireshape.inputs.content import BOM
from wireshape.jsontext.source_map import SourceMap

MAX_TOKENS = 1_000_000
"""Values, names and marks that are read; an answer of 700 symbols has fifty thousand."""
_TOKEN = re.compile(
    r"""(?P<space>[\s\ufeff]+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<mark>[\[\]{}:,])
    |(?P<number>[-+]?(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?![\w$.]))
    |(?P<name>[A-Za-z_$][\w$]*)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(\r\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0", "\n": "", "\r\n": "", "\r": ""}
_LITERALS = frozenset({"true", "false", "null"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rewritten:
    """What JSON writes for the tokens of a text, and where these begin and end."""

    pieces: list[str]
    starts: list[int]
    ends: list[int]


def as_json(raw: bytes) -> bytes:
    """Rewrite JSON5 as JSON, numbers as they are written where JSON has them; InputError where it is neither."""
    try:
        text = raw.removeprefix(BOM).decode()
    except UnicodeDecodeError:
        raise InputError("not JSON5: not UTF-8 text") from None
    written = "".join(_rewritten(text).pieces).encode("utf-8", "surrogatepass")
    try:
        orjson.loads(written)
    except orjson.JSONDecodeError:
        raise InputError("not JSON5: what is left without its comments and trailing commas is not JSON") from None
    return written


def source_map(text: str) -> SourceMap:
    """Give the JSON that as_json makes of a text, and where in the text its tokens come from."""
    found = SourceMap()
    rewritten = _rewritten(text)
    for piece, start, end in zip(rewritten.pieces, rewritten.starts, rewritten.ends, strict=True):
        found.add(piece, start, end - start)
    return found


def _rewritten(text: str) -> _Rewritten:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise InputError("not JSON5", line=line, column=at - text.rfind("\n", 0, at))
        at = match.end()
        if match.lastgroup == "space":
            continue
        _add(pieces, match, text)
        starts[len(pieces) - 1 :], ends[len(pieces) - 1 :] = [match.start()], [at]
        if len(pieces) > MAX_TOKENS:
            raise InputError(f"more than {MAX_TOKENS:,} values and marks, the most that are read of JSON5")
    return _Rewritten(pieces=pieces, starts=starts, ends=ends)


def _add(pieces: list[str], match: re.Match[str], text: str) -> None:
    """Add what JSON writes for a token; a comma before a closing bracket goes."""
    written = match[0]
    if match.lastgroup == "mark":
        if written in "]}" and pieces and pieces[-1] == ",":
            pieces.pop()
        pieces.append(written)
    elif match.lastgroup == "string":
        pieces.append(json.dumps(_unquoted(written)))
    elif match.lastgroup == "number":
        pieces.append(_number(written))
    elif match.lastgroup == "name":
        is_key = text[match.end() : match.end() + 64].lstrip()[:1] == ":"
        if not is_key and written not in _LITERALS:
            raise InputError(f"not JSON5: {written[:20]} is no value")
        pieces.append(f'"{written}"' if is_key else written)


def _unquoted(token: str) -> str:
    return _ESCAPE.sub(lambda escape: _unescaped(escape[1]), token[1:-1])


def _unescaped(escape: str) -> str:
    if len(escape) > 1 and escape[0] in "xu":
        code = int(escape[1:], 16)
        return chr(code)
    return _ESCAPES.get(escape, escape)


def _number(token: str) -> str:
    digits = token.lstrip("+")
    if "x" in digits.lower():
        return str(int(digits, 16))
    whole, point, fraction = digits.partition(".")
    return digits if not point or (whole.strip("-") and fraction[:1].isdigit()) else repr(float(digits))
