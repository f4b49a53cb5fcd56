"""How far a line is indented, which tells where brackets that are not there should be."""

from __future__ import annotations

_MAX_INDENT = 200
"""Characters before a token on its line that are looked at."""
_MAX_LINES = 2000
"""Lines of an object or array among which its closing bracket is looked for."""
_TAB = 4
_LINE_MARKERS = ">"
"""What a line of a quotation begins with."""


def of_token(text: str, offset: int) -> int | None:
    """Give the columns before a token; None where something else stands before it on its line."""
    line_break = text.rfind("\n", max(offset - _MAX_INDENT, 0), offset)
    if line_break < 0 and offset > _MAX_INDENT:
        return None
    before = text[line_break + 1 : offset]
    return None if before.strip() else len(before.expandtabs(_TAB))


def of_bracket(text: str, offset: int) -> int | None:
    """Give the columns before a closing bracket; None where more than such brackets stand before it on its line."""
    line_break = text.rfind("\n", max(offset - _MAX_INDENT, 0), offset)
    if line_break < 0 and offset > _MAX_INDENT:
        return None
    return None if text[line_break + 1 : offset].strip(" \t\xa0}]") else of_line(text, offset)


def of_line(text: str, offset: int) -> int:
    """Give the columns before the first token of the line around an offset, as far as it is looked at."""
    line_break = text.rfind("\n", max(offset - _MAX_INDENT, 0), offset)
    line = text[line_break + 1 : offset + 1].expandtabs(_TAB)
    return len(line) - len(line.lstrip())


def first_outside(text: str, offset: int, end: int, indent: int) -> str:
    """Give what begins the next line that is indented no further, empty where there is none among those looked at."""
    for _ in range(_MAX_LINES):
        offset = text.find("\n", offset, end) + 1
        if not offset:
            break
        stop = text.find("\n", offset, end)
        line = text[offset : min(end if stop < 0 else stop, offset + _MAX_INDENT)].expandtabs(_TAB)
        token = line.lstrip()
        if token and len(line) - len(token) <= indent:
            return token[0]
    return ""


def margin(text: str, offset: int) -> str:
    """Give the blanks before an offset, where nothing else stands before it on its line."""
    before = text[max(offset - _MAX_INDENT, 0) : offset].rpartition("\n")[2]
    return "" if before.strip(" \t") else before


def begins_line(text: str, offset: int) -> bool:
    """Tell whether nothing but blanks and the marks of a quotation stand before an offset on its line."""
    line_break = text.rfind("\n", max(offset - _MAX_INDENT, 0), offset)
    if line_break < 0 and offset > _MAX_INDENT:
        return False
    return not text[line_break + 1 : offset].replace(_LINE_MARKERS, "").strip()
