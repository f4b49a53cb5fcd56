"""Keys of members: in quotes, in half of them or in none, and what stands between them and their values."""

from __future__ import annotations

import re

from wireshape.lenientjson import defects, tokens
from wireshape.lenientjson.cursor import MAX_QUOTED, Cursor
from wireshape.lenientjson.defects import DefectRule
from wireshape.model import InstancePath


class KeyReader(Cursor):
    """Reads the keys of members, and their colons."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self._colon_in_key = -1

    def skip_colon(self, path: InstancePath) -> bool:
        """Skip the colon of a member, or what stands instead of it, and tell whether there was one."""
        if self.offset == self._colon_in_key:
            self.offset += len(':"')
            return True
        if match := tokens.COLON_SIGN.match(self.text, self.offset, self.end):
            self._skip_for_colon(path, match[0])
            # An example in which each member has an arrow is written in another language.
            self.unexpected_tokens += 2 * bool(match["arrow"])
            return True
        if self.peek() != ":":
            return False
        self.skip_punctuation(path)
        if self.peek() == ":":
            repair = defects.removed(self.offset)
            self.add_defect(DefectRule.FOREIGN_LITERAL, path, self.offset, "the key has two colons", repair)
            self.offset += 1
        return True

    def skip_comma_for_colon(self, path: InstancePath) -> bool:
        """Skip a comma or semicolon in the place of the colon of a member, and tell whether there was one."""
        match = tokens.COMMA_FOR_COLON.match(self.text, self.offset, self.end)
        if match:
            self._skip_for_colon(path, match[0])
        return bool(match)

    def _skip_for_colon(self, path: InstancePath, sign: str) -> None:
        repair = defects.replaced(self.offset, ":", len(sign))
        self.add_defect(DefectRule.FOREIGN_LITERAL, path, self.offset, f"{sign} instead of :", repair)
        self.offset += len(sign)

    def key(self, path: InstancePath) -> str | None:
        """Read the key of a member of the object at a path; None where there is none, and a token was skipped."""
        start = self.offset
        if quoted := tokens.QUOTED_KEY.match(self.text, start, self.end):
            return self.string_until(path, quoted.end(), closed=True)
        mixed = tokens.KEY_IN_MIXED_QUOTES.match(self.text, start, self.end)
        if mixed and mixed["closing"] not in tokens.QUOTES[mixed["opening"]]:
            return self.string_until((*path, str(mixed["key"])), mixed.end(), closed=True)
        return self._half_quoted_key(path) or self._any_key(path)

    def _half_quoted_key(self, path: InstancePath) -> str | None:
        """Read a key that has one quote, or its colon inside of them; None where there is none of these."""
        start = self.offset
        if colon_inside := tokens.COLON_IN_KEY.match(self.text, start, self.end):
            return self._key_with_colon(path, colon_inside)
        half_quoted = tokens.KEY_WITHOUT_CLOSING_QUOTE.match(
            self.text, start, self.end
        ) or tokens.KEY_WITHOUT_OPENING_QUOTE.match(self.text, start, self.end)
        if half_quoted:
            return self._bare_key(path, half_quoted, DefectRule.UNCLOSED, "the key has only one of its two quotes")
        return None

    def _any_key(self, path: InstancePath) -> str | None:
        """Read a key in any quotes or in none; None where there is none, and a token was skipped."""
        start = self.offset
        written = tokens.WRITTEN_KEY.match(self.text, start, self.end)
        if written or self.text[start] in tokens.QUOTES:
            return self.string((*path, written["text"] or written["quoted"] or "") if written else path)
        if unquoted := tokens.UNQUOTED_KEY.match(self.text, start, self.end):
            return self._bare_key(path, unquoted, DefectRule.FOREIGN_LITERAL, "the key has no quotes")
        self._skip_unexpected(path)
        return None

    def _key_with_colon(self, path: InstancePath, match: re.Match[str]) -> str:
        """Read a key with its colon inside of the quotes, up to what is behind its text."""
        key: str = match["key"]
        self.offset = self._colon_in_key = match.start("end")
        repair = defects.replaced(self.offset, '":', len(match["end"]))
        detail = "the colon is inside of the quotes of the key"
        self.add_defect(DefectRule.FOREIGN_LITERAL, (*path, key), match.start(), detail, repair)
        return key

    def without_invisible(self, path: InstancePath, key: str, start: int) -> str:
        """Give a key that was read from an offset on without what nobody sees of it, where it is a field's name then.

        In words of other scripts, such characters have a meaning.
        """
        found = [] if key.isascii() else list(tokens.INVISIBLE.finditer(self.text, start, self.offset))
        seen = key.translate({ord(each[0]): None for each in found})
        if not found or not (seen.isascii() and seen.isidentifier()):
            return key
        repair = tuple(edit for each in found for edit in defects.removed(each.start()))
        detail = f"the key has U+{ord(found[0][0]):04X} in it, which nobody sees"
        self.add_defect(DefectRule.ODD_WHITESPACE, (*path, seen), start, detail, repair)
        return seen

    def _bare_key(self, path: InstancePath, match: re.Match[str], rule: DefectRule, detail: str) -> str:
        """Read a key that lacks quotes."""
        self.offset = match.end()
        key: str = match["key"]
        start, end = match.span("key")
        opening = self.as_quotes(start - 1) if start > match.start() else defects.inserted_before(start, '"')
        closing = defects.inserted_behind(end, '"') if end == match.end() else ()
        self.add_defect(rule, (*path, key), match.start(), detail, (*opening, *closing))
        return key

    def _skip_unexpected(self, path: InstancePath) -> None:
        """Skip a token where a key should be."""
        start, token = self.offset, self.word()
        self.unexpected_tokens += 1
        self.offset += len(token)
        self.add_defect(DefectRule.FOREIGN_LITERAL, path, start, f"{token[:MAX_QUOTED]} is not a JSON key")
