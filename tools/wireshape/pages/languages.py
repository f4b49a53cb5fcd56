"""The language that a code block names: behind its fence, or in the attributes of an element."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"[a-z][\w+#-]*")
_PREFIXES = ("language-", "lang-", "highlight-source-", "highlight-text-", "highlight-")
_BEFORE_NAME = {"highlight", "hljs", "sourcecode", "prettyprint", "brush:", "syntax", "code"}
"""Classes of highlighters that the class with the language comes behind."""
_ATTRIBUTES = {"data-lang", "data-language"}


def of_fence(info: str) -> str:
    """Give the language in the text behind a fence, in lower case; empty where it names none."""
    return _plain(info.strip().lower().removeprefix("{").lstrip(" ."))


def of_attributes(attributes: Iterable[tuple[str, str | None]]) -> str:
    """Give the language that the attributes of an element name, in lower case; empty where they name none."""
    for name, value in attributes:
        if name in _ATTRIBUTES and value:
            return _plain(value.lower())
        if name == "class" and value and (found := _in_classes(value.lower().split())):
            return found
    return ""


def _in_classes(classes: list[str]) -> str:
    for each in classes:
        for prefix in _PREFIXES:
            if each.startswith(prefix):
                return _plain(each.removeprefix(prefix))
    behind = classes[1:2] if classes and classes[0] in _BEFORE_NAME else []
    return _plain(behind[0]) if behind else ""


def _plain(text: str) -> str:
    match = _NAME.match(text.removeprefix("language-"))
    return match[0] if match else ""
