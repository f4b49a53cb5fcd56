"""How pages word modes, weights and fields: schemas/documentation.json and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files
from wireshape.pages import table_words
from wireshape.pages.table_words import TableWords

Phrases = tuple[str, ...]
"""Phrases of one meaning."""
RowKey = tuple[str, ...]
"""Members whose values together tell a row from the others of its array."""

_BETWEEN_WORDS = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """A phrase by which a comment can be told to describe one of some fields."""

    phrase: str
    fields: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Vocabulary:
    """Phrases by what they mean: requests and responses, products, margin and position modes, fields.

    products has what a text calls them, and product_names what addresses and paths do. weight finds what a request
    weight is called; row_keys come in the order in which they are tried. Code blocks in one of the program_languages
    hold no examples. listed has how comments say which symbols the positions have, tables the
    words of tables, and own_times what stands on a line that says when the page itself was made. margin_comments has
    what comments say in one margin mode alone, misspelt the words that are misspelt with what is meant.
    """

    weight: re.Pattern[str]
    headings: Mapping[str, Phrases]
    products: Mapping[str, Phrases]
    product_names: Mapping[str, Phrases]
    margin: Mapping[str, Phrases]
    position: Mapping[str, Phrases]
    row_keys: tuple[RowKey, ...]
    derivations: Phrases
    program_languages: frozenset[str]
    open_lists: Phrases
    listed: Mapping[str, Phrases]
    meanings: tuple[Meaning, ...]
    tables: TableWords
    own_times: Phrases
    margin_comments: Mapping[str, Phrases]
    misspelt: Mapping[str, str]

    def fields_described(self, comment: str) -> frozenset[str]:
        """Give the fields that a comment can be about, by the longest phrase in it; none where no phrase is known."""
        found = self._meaning(comment)
        return found.fields if found else frozenset()

    def is_short_for(self, comment: str, field: str) -> bool:
        """Tell whether the longest phrase in a comment is part of one for a field: it says less, and nothing else."""
        found = self._meaning(comment)
        return found is not None and any(found.phrase in each.phrase for each in self.meanings if field in each.fields)

    def _meaning(self, comment: str) -> Meaning | None:
        words = _words(comment)
        found = (meaning for meaning in self.meanings if meaning.phrase in words)
        return max(found, key=lambda meaning: len(meaning.phrase), default=None)

    def margin_of(self, comment: str) -> str | None:
        """Give the margin mode in which alone an amount is as a comment says; None where it may be either."""
        words = f" {_words(comment)} "
        named = {
            margin
            for margin, phrases in self.margin_comments.items()
            if any((f" {phrase} " if phrase.isascii() else phrase) in words for phrase in phrases)
        }
        return named.pop() if len(named) == 1 else None

    def misspellings(self, comment: str) -> list[str]:
        """List the words of a comment that are misspelt, in its order."""
        words = f" {_words(comment)} "
        found = [wrong for wrong in self.misspelt if (f" {wrong} " if wrong.isascii() else wrong) in words]
        return sorted(found, key=words.index)

    def positions_listed(self, comment: str) -> str | None:
        """Give which symbols a comment says are listed, by the longest phrase in it; None where no phrase is known."""
        words = _words(comment)
        found = [(len(phrase), name) for name, each in self.listed.items() for phrase in each if phrase in words]
        return max(found)[1] if found else None

    def is_derivation(self, comment: str) -> bool:
        """Tell whether a comment derives its field from others, and so names them rightly."""
        return any(phrase in comment.lower() for phrase in self.derivations)

    def is_open_list(self, comment: str, offset: int) -> bool:
        """Tell whether the values that a comment lists from an offset on are examples, and not all there can be."""
        return any(phrase in comment[:offset].lower() for phrase in self.open_lists)

    def has_phrases_for(self, field: str) -> bool:
        """Tell whether there are phrases for a field."""
        return any(field in meaning.fields for meaning in self.meanings)


@cache
def load(schemas: Path) -> Vocabulary:
    """Read the vocabulary of a schema folder."""
    raw = data_files.read(schemas, "documentation.json")
    return Vocabulary(
        weight=re.compile("|".join(map(re.escape, raw["weight"])), re.IGNORECASE),
        headings=_by_name({name: raw[name] for name in ("request", "response")}),
        products=_in_lower_case(raw["products"]),
        product_names=_in_lower_case(raw["productNames"]),
        margin=_by_name(raw["margin"]),
        position=_by_name(raw["position"]),
        row_keys=tuple(map(tuple, raw["rowKeys"])),
        derivations=tuple(map(str.lower, raw["derivations"])),
        program_languages=frozenset(raw["programLanguages"]),
        open_lists=tuple(map(str.lower, raw["openLists"])),
        listed=_by_name(raw["positionsListed"]),
        tables=table_words.read(raw),
        own_times=tuple(map(str.lower, raw["ownTimes"])),
        margin_comments=_by_name(raw["marginComments"]),
        misspelt=raw["misspelt"],
        meanings=tuple(
            Meaning(phrase=_words(phrase), fields=frozenset(row["fields"]))
            for row in raw["meanings"]
            for phrase in row["phrases"]
        ),
    )


def first_named(lines: Iterable[str], names: Mapping[str, Phrases]) -> str | None:
    """Give the name that the first line with a phrase of exactly one name has."""
    for line in lines:
        words = _words(line)
        found = [name for name, phrases in names.items() if any(phrase in words for phrase in phrases)]
        if len(found) == 1:
            return found[0]
    return None


def _by_name(phrases: Mapping[str, Any]) -> dict[str, Phrases]:
    return {name: tuple(map(_words, each)) for name, each in phrases.items()}


def _in_lower_case(phrases: Mapping[str, list[str]]) -> dict[str, Phrases]:
    return {name: tuple(map(str.lower, each)) for name, each in phrases.items()}


@lru_cache(maxsize=4096)  # the comments of a page are those of its other examples, mostly
def _words(text: str) -> str:
    """Give the words of a text in lower case, one blank between them."""
    return _BETWEEN_WORDS.sub(" ", text.lower()).strip()
