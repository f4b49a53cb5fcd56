"""Undoes what addresses, markup, mail and terminals put between letters: percent-encoding, entities, colours."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wireshape.scan.decoders.rewriting import MAX_GAP_BYTES, Rewriting, rewritten
from wireshape.scan.layer import Layer

# The first bytes of all tokens, as a class of a pattern has them.
_FIRST = rb"%&=\x1b^\x07<)\xc2\xe2\xef\xf0"
# Bytes so many that no token reaches across them.
_CLEAR = re.compile(rb"[^%%%b]{300}" % _FIRST)


MAX_LINES_TRIED = 64
_SOFT_BREAK = re.compile(rb"=\r?\n")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_MIN_LINE_BYTES, _MAX_LINE_BYTES = 60, 76


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One way to write a byte otherwise: its token, and what has to be in a text for it to be meant."""

    name: str
    token: bytes
    evidence: Callable[[bytes], object]


def _has_soft_breaks(data: bytes) -> bool:
    """Tell whether long lines of a text go on, as RFC 2045 has it; those of base64 end alike, but have no blanks."""
    if b"uoted-printable" in data:
        return True
    start = tries = 0
    while tries < MAX_LINES_TRIED and (match := _SOFT_BREAK.search(data, start)):
        start, tries = match.end(), tries + 1
        line = data[max(match.start() - _MAX_LINE_BYTES, 0) : match.start()].rpartition(b"\n")[2].lstrip()
        if len(line) >= _MIN_LINE_BYTES and _NO_BASE64.search(line[-_MIN_LINE_BYTES:]):
            return True
    return False


# Not a variable of Windows, which is told by its underscore: %AC may begin %ACCESS_KEY%, but %ACH% is two bytes.
_PERCENT = rb"%(?![A-Z]{2,20}_[A-Z_]{3,60}%)(?:u[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})"
_ENTITY = rb"&(?:quot|apos|amp|lt|gt|nbsp|sol|colon|equals|lowbar|hyphen|num|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
_BEHIND_BRACKET = (
    rb"!--[^<>]{0,200}-->|/?(?:(?:span|wbr|b|i|u|em|strong|mark|font|a|code|small|sub|sup|ins|del|s)(?=[\s/>])"
    rb"|(?:w|a|text):(?!p[ />]|tc|tr|tbl|br|tab)\w{1,20})[^<>]{0,200}>"
)
_TAG = rb"<(?:%b)" % _BEHIND_BRACKET
_KERNING = rb"\)[ ]{0,2}-?[0-9.]{0,8}[ ]{0,2}\("
_UNICODE = (
    rb"\xc2[\xa0\xad]|\xe2\x80[\x80-\x8f\xaa-\xaf]|\xef\xb8[\x80-\x8f]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf"
    rb"|\xef\xbc[\x81-\xbf]|\xef\xbd[\x80-\x9e]|\xf0\x9d[\x90-\x9f][\x80-\xbf]"
)
_UNSEEN = ("Cf", "Mn")
_KINDS = (
    _Kind(name="percent-encoding", token=_PERCENT, evidence=re.compile(_PERCENT).search),
    _Kind(name="HTML entities", token=_ENTITY, evidence=re.compile(_ENTITY).search),
    # ECMA-48: control sequences and links of terminals, as they are and as `cat -v` shows them.
    _Kind(
        name="terminal colours",
        token=rb"\x1b\[[0-9;:?]{0,32}[ -/]{0,2}[@-~]|\x1b\]8;[^;\x07\x1b]{0,64};|\x1b[\\()=>]|\x07",
        evidence=re.compile(rb"\x1b").search,
    ),
    _Kind(
        name="terminal colours",
        token=rb"\^\[\[[0-9;:?]{0,32}[@-~]",
        evidence=re.compile(rb"\^\[\[[0-9;]{0,32}[@-~]").search,
    ),
    # Tags that stand within a word, and the spaces between letters of PDF text.
    _Kind(name="tags", token=_TAG, evidence=re.compile(rb"<(?<=[A-Za-z0-9]<)(?:%b)" % _BEHIND_BRACKET).search),
    _Kind(name="PDF text", token=_KERNING, evidence=re.compile(rb"\] ?TJ").search),
    # What nobody sees, and letters in another form: full width, bold.
    _Kind(name="Unicode", token=_UNICODE, evidence=re.compile(_UNICODE).search),
    _Kind(name="quoted-printable", token=rb"=[0-9A-F]{2}|=\r?\n", evidence=_has_soft_breaks),
)


def markup(data: bytes) -> Iterator[Layer]:
    """Yield a text with percent-encoding, entities, colours and quoted-printable undone, all in one go."""
    kinds = [kind for kind in _KINDS if kind.evidence(data)]
    if not kinds:
        return
    either = b"|".join(kind.token for kind in kinds)
    token, cluster = re.compile(either), re.compile(rb"(?:(?:%b)[^%b]{0,%d}+)++" % (either, _FIRST, MAX_GAP_BYTES))
    how = " and ".join(dict.fromkeys(kind.name for kind in kinds))
    yield from rewritten(data, Rewriting(token=token, put=_plain, cluster=cluster, clear=_CLEAR), how)


def _plain(match: re.Match[bytes]) -> bytes:
    token = match[0]
    sign = token[:1]
    if sign == b"&":
        return html.unescape(token.decode("ascii")).encode("utf-8", "surrogatepass")
    if sign in b"\xc2\xe2\xef\xf0":
        text = unicodedata.normalize("NFKC", token.decode("utf-8", "ignore"))
        return "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN).encode()
    if sign not in b"%=" or token[1:2] in b"\r\n":
        return b""
    if token[1:2] == b"u":
        return chr(int(token[len(b"%u") :], 16)).encode("utf-8", "surrogatepass")
    return bytes((int(token[1:], 16),))
