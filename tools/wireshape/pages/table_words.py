"""How the tables of pages word columns, types and rate limits: part of schemas/documentation.json."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_TYPE_WORD = re.compile(r"[A-Za-z]+[0-9]*")
_LIST = re.compile(r"\[\] ?\w+|\w+(?:\(\w*\))?(?: ?\[\])+")
_BETWEEN = r"[ \t\xa0]*"


class Column(StrEnum):
    """What a column of a table holds."""

    NAME = "name"
    TYPE = "type"
    MANDATORY = "mandatory"
    PLACE = "place"
    VALUES = "values"
    DESCRIPTION = "description"
    CODE = "code"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TableWords:
    """Heads of columns, names of types and what says that a parameter is mandatory, each by its words in lower case.

    pasted_head and pasted_row find a table of parameters that was pasted without any marks, limit a rate limit in a
    sentence; periods has the period for each of the words that limit takes for one.
    """

    columns: Mapping[str, Column]
    types: Mapping[str, str]
    mandatory: Mapping[str, bool]
    periods: Mapping[str, str]
    pasted_head: re.Pattern[str]
    pasted_row: re.Pattern[str]
    limit: re.Pattern[str]

    def column(self, head: str) -> Column | None:
        """Give what a column holds by its head."""
        return self.columns.get(head.lower().strip(" :\uff1a"))

    def json_type(self, written: str) -> str | None:
        """Give the JSON type that a table means, by the first word; None for what is no type or several."""
        if "[]" in written:
            return "array" if _LIST.fullmatch(written.strip()) else None
        word = _TYPE_WORD.match(written.strip())
        known = self.types.get(word[0].lower()) if word else None
        others = {self.types.get(each.lower(), known) for each in _TYPE_WORD.findall(written)}
        return known if known == "array" or others == {known} else None

    def is_mandatory(self, written: str) -> bool | None:
        """Tell whether a parameter has to be sent, None where a table does not say it plainly."""
        return self.mandatory.get(written.lower().strip(" .。"))

    def limit_of(self, found: re.Match[str]) -> str:
        """Word a rate limit that was found in one way, however a page has it."""
        amount, times = found["amount"].replace(",", ""), found["times"] or "1"
        return f"{amount} per {times} {self.periods[found['period'].lower()]}"


def read(raw: Mapping[str, Any]) -> TableWords:
    """Read the words of tables out of the vocabulary."""
    types = {word.lower(): name for name, words in raw["types"].items() for word in words}
    mandatory = {word.lower(): name == "yes" for name, words in raw["mandatory"].items() for word in words}
    periods = {word.lower(): name for name, words in raw["periods"].items() for word in words}
    heads = {name: _any(words) for name, words in raw["columns"].items()}
    written = [form for word in types for form in (word.upper(), word.title(), word)]
    # Where nothing stands between two cells, YES may have a word behind it; a letter alone may be the start of one.
    shouted = _any({word.upper() for word in mandatory if len(word) > 1})
    said = _any({form for word in mandatory for form in (word.upper(), word.title(), word)})
    return TableWords(
        columns={word.lower(): Column(name) for name, words in raw["columns"].items() for word in words},
        types=types,
        mandatory=mandatory,
        periods=periods,
        pasted_head=re.compile(
            rf"^[ \t>]*(?P<name>{heads['name']}){_BETWEEN}(?P<type>{heads['type']}){_BETWEEN}"
            rf"(?P<mandatory>{heads['mandatory']}){_BETWEEN}(?P<description>{heads['description']})?{_BETWEEN}\r?$",
            re.IGNORECASE | re.MULTILINE,
        ),
        pasted_row=re.compile(
            rf"[ \t>]*(?P<name>[A-Za-z_][\w.\[\]-]{{0,80}}?){_BETWEEN}(?P<type>{_any(written)}){_BETWEEN}"
            rf"(?P<mandatory>(?:{shouted})|(?:{said})(?![A-Za-z])){_BETWEEN}(?P<description>.*)"
        ),
        limit=re.compile(
            r"(?<![\w.,-])(?P<amount>[0-9][0-9,]*)\s?(?:\w{1,12}\s?)?(?:/|\bper\b|\bevery\b|\beach\b|每)\s?"
            rf"(?P<times>[0-9]{{1,5}})?\s?(?P<period>{_any(periods)})(?![A-Za-z0-9])",
            re.IGNORECASE,
        ),
    )


def _any(words: Iterable[str]) -> str:
    """Give a pattern of any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
