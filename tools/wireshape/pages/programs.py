"""Tells programs from examples, which have brackets and members too."""

from __future__ import annotations

import re

from wireshape.lenientjson import reader
from wireshape.lenientjson.defects import DefectRule

_STATEMENT = re.compile(
    r"""^[ \t]*(?:
    (?:const|let|var|final|auto|val|mut)\s+[\w$:<>*&{\[,\s]{1,60}=[^=]
    | (?:import|use|using|package|require|include)\s+["'\w{*]
    | from\s+[\w.]+\s+import\b | \#include\b
    | (?:async\s+)?(?:def|fn|func|function|class|struct|interface|enum|type|trait|impl)\s+\w
    | (?:public|private|protected|static|export|await|yield)\s+\w
    | (?:if|for|while|switch|catch)[ \t]*\([^\n]{1,200}\)[ \t]*\{?[ \t]*$ | (?:try|else|do)[ \t]*\{
    | (?:if|for|while|with)[ \t][^"\n]{1,200}:[ \t]*$ | return\b[^"\n]{0,200}[;({\[]
    | [A-Za-z_$][\w$.\[\]]{0,60}[ \t]*(?::=|[ \t]\+?=|=[ \t]*[{\[(])[^=]
    | [A-Za-z_$][\w$]{0,60}(?:(?:\.|::|->)[\w$]{1,60}){1,9}\( | [A-Za-z_$][\w$]{0,60}\((?:["'`][^\n]{0,200}\)|[{\[(]?$)
    | >>>[ \t] | \}[ \t]*(?:catch|else|finally)\b
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A line that is a statement of some program, and never a line of JSON."""


def has_statement(text: str, start: int, end: int) -> bool:
    """Tell whether a part of a text has a statement of a program."""
    return bool(_STATEMENT.search(text, start, end))


def is_whole_json(text: str) -> bool:
    """Tell whether a whole text is one example with all its brackets, whatever its language is said to be."""
    text = text.strip()
    if text[:1] not in {"{", "["} or text[-1:] not in {"}", "]"}:
        return False
    example = reader.read(text)
    if not example or example.end < len(text) or example.unexpected_tokens or not example.scalars:
        return False
    return all(defect.rule is not DefectRule.UNCLOSED for defect in example.defects)
