"""A cursor in a text that is nearly JSON: reads whitespace, keys, strings and scalars, and collects their defects."""

from __future__ import annotations

from collections import Counter
from typing import Any

from wireshape.errors import InputError
from wireshape.findings import redaction
from wireshape.lenientjson import strings, tokens
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.model import InstancePath

MAX_DEFECTS = 20_000
"""Defects of one kind in an example that is still read."""
MAX_LISTED = 100
"""Defects of one kind that are listed one by one."""
_MORE = f"there are more than {MAX_LISTED} defects of this kind; what follows is mended, and not listed"
_MAX_QUOTED = 40
"""Characters of an unexpected word that a defect quotes."""


class Cursor:
    """Reads an example token by token.

    offset is that of the next character; current_path is the path that whitespace and comments there belong to;
    value_offsets says where the value of each path begins; unexpected_tokens counts what was skipped, bare_words the
    values that are words without quotes.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.offset = start
        self.end = end
        self.current_path: InstancePath = ()
        self.value_offsets: dict[InstancePath, int] = {}
        self.defects: list[Defect] = []
        self.unexpected_tokens = 0
        self.bare_words = 0
        self._counts: Counter[DefectRule] = Counter()

    def peek(self) -> str:
        """Give the next character, the one of JSON for full-width punctuation, and nothing at the end."""
        char = self.text[self.offset] if self.offset < self.end else ""
        return tokens.FULL_WIDTH_PUNCTUATION.get(char, char)

    def add_defect(self, rule: DefectRule, path: InstancePath, offset: int, detail: str = "") -> None:
        """Collect a defect."""
        self._counts[rule] += 1
        if self._counts[rule] <= MAX_LISTED:
            self.defects.append(Defect(rule=rule, path=path, offset=offset, detail=detail))
        elif self._counts[rule] == MAX_LISTED + 1:
            self.defects.append(Defect(rule=rule, path=path, offset=offset, detail=_MORE))
        elif self._counts[rule] > MAX_DEFECTS:
            raise InputError(f"an example has more than {MAX_DEFECTS:,} defects of one kind: it is no JSON")

    def skip_punctuation(self, path: InstancePath) -> None:
        """Skip a bracket, comma or colon, which may be a full-width one."""
        char = self.text[self.offset]
        if char in tokens.FULL_WIDTH_PUNCTUATION:
            self.add_defect(
                DefectRule.FOREIGN_LITERAL, path, self.offset, f"full-width {char} instead of {self.peek()}"
            )
        self.offset += 1

    def skip_whitespace(self) -> None:
        """Skip whitespace of any kind."""
        stop = tokens.whitespace_end(self.text, self.offset, self.end)
        if not tokens.is_json_whitespace(self.text, self.offset, stop):
            for offset in tokens.non_json_whitespace(self.text, self.offset, stop):
                detail = f"U+{ord(self.text[offset]):04X} is not JSON whitespace"
                self.add_defect(DefectRule.ODD_WHITESPACE, self.current_path, offset, detail)
        self.offset = stop

    def key(self, path: InstancePath) -> str | None:
        """Read the key of a member of the object at a path; None where there is none, and a token was skipped."""
        start = self.offset
        if quoted := tokens.QUOTED_KEY.match(self.text, start, self.end):
            return self._string_until(path, quoted.end(), closed=True)
        mixed = tokens.KEY_IN_MIXED_QUOTES.match(self.text, start, self.end)
        if mixed and mixed["closing"] != tokens.QUOTES[mixed["opening"]]:
            return self._string_until((*path, str(mixed["key"])), mixed.end(), closed=True)
        half_quoted = tokens.KEY_WITHOUT_CLOSING_QUOTE.match(
            self.text, start, self.end
        ) or tokens.KEY_WITHOUT_OPENING_QUOTE.match(self.text, start, self.end)
        if half_quoted:
            self.offset = half_quoted.end()
            key: str = half_quoted["key"]
            self.add_defect(DefectRule.UNCLOSED, (*path, key), start, "the key has only one of its two quotes")
            return key
        if self.text[start] in tokens.QUOTES:
            return self.string(path)
        if unquoted := tokens.UNQUOTED_KEY.match(self.text, start, self.end):
            self.offset = unquoted.end()
            self.add_defect(DefectRule.FOREIGN_LITERAL, (*path, unquoted[0]), start, "the key has no quotes")
            return unquoted[0]
        self._skip_unexpected(path)
        return None

    def _skip_unexpected(self, path: InstancePath) -> None:
        """Skip a token where a key should be."""
        start, token = self.offset, self._word()
        self.unexpected_tokens += 1
        self.offset += len(token)
        self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, f"{token[:_MAX_QUOTED]} is not a JSON key")

    def _word(self) -> str:
        match = tokens.WORD.match(self.text, self.offset, self.end)
        return strings.without_half_pairs(match[0] if match else self.text[self.offset])

    def string(self, path: InstancePath) -> str:
        """Read a string in any quotes, or one that is never closed."""
        if plain := strings.PLAIN_STRING.match(self.text, self.offset, self.end):
            self.offset = plain.end()
            return str(plain["text"])
        closing = tokens.QUOTES[self.text[self.offset]]
        found = strings.string_end(self.text, self.offset, self.end, closing)
        return self._string_until(path, found.offset, closed=found.closed)

    def _string_until(self, path: InstancePath, stop: int, *, closed: bool) -> str:
        start, self.offset = self.offset, stop
        token = self.text[start + 1 : stop - closed]
        exact = strings.decode(token)
        value = strings.decode_leniently(token) if exact is None else exact
        first, last = self.text[start], self.text[stop - 1]
        if not closed:
            self.add_defect(DefectRule.UNCLOSED, path, start, "the string has no closing quote")
        if first != '"' or (closed and last != first):
            quotes = f"{first}...{last if closed else tokens.QUOTES[first]}"
            detail = f'the string is quoted as {quotes} instead of "..."'
            self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, detail)
        elif exact is None and strings.has_control_character(value):
            detail = "the string has a tab or another control character that is not escaped"
            self.add_defect(DefectRule.ODD_WHITESPACE, path, start, detail)
        elif exact is None:
            detail = "the string has an unescaped quote or an escape that JSON does not have"
            self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, detail)
        return value

    def scalar(self, path: InstancePath) -> Any:
        """Read a number, a literal, or a word that should have been one of them."""
        start = self.offset
        if match := tokens.NUMBER.match(self.text, start, self.end):
            number = tokens.number(match[0])
            if number is not None:
                self.offset = match.end()
                return number
        word = self._word()
        self.offset += len(word)
        if word in tokens.LITERALS:
            return tokens.LITERALS[word]
        # A word that should have been a string may be a secret, which only the name of its field tells.
        is_secret = any(redaction.is_secret_field(step) for step in path if isinstance(step, str))
        shown = redaction.MASK if is_secret else word[:_MAX_QUOTED]
        self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, f"{shown} is not a JSON value")
        if word in tokens.FOREIGN_LITERALS or tokens.ELLIPSIS.fullmatch(word):
            return tokens.FOREIGN_LITERALS.get(word)
        self.bare_words += 1
        return word
