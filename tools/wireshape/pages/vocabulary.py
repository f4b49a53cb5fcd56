"""How pages word modes, weights and fields: schemas/documentation.json and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files

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
    hold no examples.
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
    meanings: tuple[Meaning, ...]

    def fields_described(self, comment: str) -> frozenset[str]:
        """Give the fields that a comment can be about, by the longest phrase in it; none where no phrase is known."""
        words = _words(comment)
        found = [meaning for meaning in self.meanings if meaning.phrase in words]
        return max(found, key=lambda meaning: len(meaning.phrase)).fields if found else frozenset()

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


def _words(text: str) -> str:
    """Give the words of a text in lower case, one blank between them."""
    return _BETWEEN_WORDS.sub(" ", text.lower()).strip()
