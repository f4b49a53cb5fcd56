"""A cursor in a text that is nearly JSON: reads whitespace, strings and scalars, and collects their defects."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from wireshape.errors import InputError
from wireshape.findings import redaction
from wireshape.lenientjson import defects, indentation, scalars, strings, tokens
from wireshape.lenientjson.defects import Defect, DefectRule, Edit, Repair, Unrepairable
from wireshape.model import InstancePath

MAX_DEFECTS = 20_000
"""Defects of one kind in an example that is still read."""
MAX_LISTED = 100
"""Defects of one kind that are listed one by one."""
_MORE = f"there are more than {MAX_LISTED} defects of this kind; what follows is mended, and not listed"
MAX_QUOTED = 40
"""Characters of an unexpected word that a defect quotes."""


class Cursor:
    """Reads an example token by token.

    margin is a line break with the blanks before the first line, which lines of a string have too; offset is that of
    the next character; current_path is the path that whitespace and comments there belong to;
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
        self.margin = f"\n{indentation.margin(text, start)}"

    def peek(self) -> str:
        """Give the next character, the one of JSON for full-width punctuation, and nothing at the end."""
        char = self.text[self.offset] if self.offset < self.end else ""
        return tokens.FOREIGN_PUNCTUATION.get(char, char)

    def add_defect(
        self, rule: DefectRule, path: InstancePath, offset: int, detail: str = "", repair: Repair = Unrepairable.UNKNOWN
    ) -> None:
        """Collect a defect."""
        self._counts[rule] += 1
        if self._counts[rule] <= MAX_LISTED + 1:
            said = detail if self._counts[rule] <= MAX_LISTED else _MORE
            defect = Defect(rule=rule, path=path, offset=offset, detail=said, repair=repair, found=self._counts.total())
            self.defects.append(defect)
        elif self._counts[rule] > MAX_DEFECTS:
            raise InputError(f"an example has more than {MAX_DEFECTS:,} defects of one kind: it is no JSON")

    def add_repair(self, edits: tuple[Edit, ...]) -> None:
        """Give the last defect more edits, unless it cannot be repaired."""
        last = self.defects[-1]
        if isinstance(last.repair, tuple):
            self.defects[-1] = replace(last, repair=(*last.repair, *edits))

    def skip_punctuation(self, path: InstancePath) -> None:
        """Skip a bracket, comma or colon, which may be a full-width one."""
        char = self.text[self.offset]
        if char in tokens.FOREIGN_PUNCTUATION:
            width = "" if char.isascii() else "full-width "
            detail, repair = f"{width}{char} instead of {self.peek()}", defects.replaced(self.offset, self.peek())
            self.add_defect(DefectRule.FOREIGN_LITERAL, path, self.offset, detail, repair)
        self.offset += 1

    def skip_whitespace(self) -> None:
        """Skip whitespace of any kind."""
        stop = tokens.whitespace_end(self.text, self.offset, self.end)
        if not tokens.is_json_whitespace(self.text, self.offset, stop):
            for found in tokens.non_json_whitespace(self.text, self.offset, stop):
                first = found[0][0] if len(found[0][0]) > 1 else f"U+{ord(found[0][0]):04X}"
                repair = tuple(edit for each in found for edit in _blank(each))
                detail = f"{first} is not JSON whitespace"
                self.add_defect(DefectRule.ODD_WHITESPACE, self.current_path, found[0].start(), detail, repair)
        self.offset = stop

    def word(self) -> str:
        """Give the word at the cursor, which is left where it is."""
        match = tokens.WORD.match(self.text, self.offset, self.end)
        return strings.without_half_pairs(match[0] if match else self.text[self.offset])

    def string(self, path: InstancePath) -> str:
        """Read a string in any quotes, or one that is never closed."""
        plain = strings.PLAIN_STRING.match(self.text, self.offset, self.end)
        if plain and not self.text.startswith('"', plain.end()):
            self.offset = plain.end()
            return str(plain["text"])
        if written := tokens.WRITTEN_STRING.match(self.text, self.offset, self.end):
            return self._written_string(path, written)
        if doubled := strings.IN_DOUBLED_QUOTES.match(self.text, self.offset, self.end):
            return self._doubled(path, doubled)
        closing = tokens.QUOTES[self.text[self.offset]]
        found = strings.string_end(self.text, self.offset, self.end, closing)
        return self.string_until(path, found.offset, closed=found.closed)

    def _written_string(self, path: InstancePath, match: re.Match[str]) -> str:
        """Read a string whose quotes are written as the source of a page has them."""
        self.offset = match.end()
        start, end = match.span("quoted" if match["apostrophes"] else "text")
        quotes = ((match.start(), start), (end, match.end()))
        repair = tuple(edit for first, last in quotes for edit in defects.replaced(first, '"', last - first))
        detail = f'quotes are written as {self.text[match.start() : start]} instead of "'
        self.add_defect(DefectRule.FOREIGN_LITERAL, path, match.start(), detail, repair)
        return strings.decode_leniently(self.text[start:end])

    def _doubled(self, path: InstancePath, match: re.Match[str]) -> str:
        start, self.offset = self.offset, match.end()
        opening = defects.removed(start) if len(match["opening"]) > 1 else ()
        closing = defects.removed(match.end() - 1) if len(match["closing"]) > 1 else ()
        detail = "the quotes of the string are doubled" if opening and closing else "a quote of the string is doubled"
        self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, detail, (*opening, *closing))
        return strings.decode_leniently(match["text"])

    def string_until(self, path: InstancePath, stop: int, *, closed: bool) -> str:
        """Read a string up to an offset, behind the quote that closes it where one does."""
        start, self.offset = self.offset, stop
        token = self.text[start + 1 : stop - closed]
        exact = strings.decode(token)
        value = strings.decode_leniently(token.replace(self.margin, "\n")) if exact is None else exact
        first, last = self.text[start], self.text[stop - 1]
        repair = strings.repair(token, start + 1, value, self.margin)
        if not closed:
            detail = "the string has no closing quote"
            self.add_defect(DefectRule.UNCLOSED, path, start, detail, defects.inserted_behind(stop, '"'))
        if first != '"' or (closed and last != first):
            quotes = f"{first}...{last if closed else tokens.QUOTES[first][0]}"
            detail = f'the string is quoted as {quotes} instead of "..."'
            if isinstance(repair, tuple):
                repair += self.as_quotes(start, *((stop - 1,) if closed else ()))
            self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, detail, repair)
        elif exact is None and strings.has_control_character(value):
            detail = "the string has a tab or another control character that is not escaped"
            self.add_defect(DefectRule.ODD_WHITESPACE, path, start, detail, repair)
        elif exact is None:
            detail = "the string has an unescaped quote or an escape that JSON does not have"
            self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, detail, repair)
        return value

    def as_quotes(self, *offsets: int) -> tuple[Edit, ...]:
        """Give the edits that make the characters at some offsets the quotes of JSON."""
        return tuple(edit for each in offsets if self.text[each] != '"' for edit in defects.replaced(each, '"'))

    def scalar(self, path: InstancePath) -> Any:
        """Read a number, a literal, or a word that should have been one of them."""
        start = self.offset
        found = scalars.read(self.text, start, self.end, in_member=bool(path) and isinstance(path[-1], str))
        self.offset = found.end
        if found.detail:
            # A word that should have been a string may be a secret, which only the name of its field tells.
            is_secret = any(redaction.is_secret_field(step) for step in path if isinstance(step, str))
            shown = redaction.MASK if is_secret else strings.without_half_pairs(self.text[start : found.end])
            detail = found.detail.replace(scalars.WORD, shown[:MAX_QUOTED])
            self.add_defect(found.rule, path, start, detail, found.repair)
        self.bare_words += found.is_word
        self.unexpected_tokens += 2 * (found.is_word and bool(tokens.ARROW.fullmatch(found.value)))
        return found.value


def _blank(match: re.Match[str]) -> tuple[Edit, ...]:
    """Make whitespace that JSON does not have a blank where it has a width, and nothing where it has none."""
    has_width = match[0].isspace() or match[0].startswith("&")
    return defects.replaced(match.start(), " " if has_width else "", len(match[0]))
