"""A place in a text that is nearly JSON, and how blanks, strings, numbers and words are read from there."""

from __future__ import annotations

from typing import Any

from wireshape.findings import redaction
from wireshape.lenientjson import tokens
from wireshape.lenientjson.tokens import Defect
from wireshape.model import InstancePath

MISSING_COMMA = "example-missing-comma"
TRAILING_COMMA = "example-trailing-comma"
SWALLOWED = "example-swallowed-field"
REPEATED = "example-repeated-in-comment"
ODD_WHITESPACE = "example-odd-whitespace"
DUPLICATE = "example-duplicate-key"
UNCLOSED = "example-unclosed"
FOREIGN = "example-foreign-literal"


class Cursor:
    """Reads the parts of an example one after the other, and keeps what had to be mended in them."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.at = start
        self.end = end
        self.owner: InstancePath = ()
        self.places: dict[InstancePath, int] = {}
        self.defects: list[Defect] = []
        self.junked = 0

    def char(self) -> str:
        """Give the next character, a full-width mark as the one that JSON has; nothing at the end."""
        char = self.text[self.at] if self.at < self.end else ""
        return tokens.FULL_WIDTH.get(char, char)

    def defect(self, rule: str, path: InstancePath, at: int, said: str) -> None:
        """Note what had to be mended."""
        self.defects.append(Defect(rule=rule, path=path, at=at, detail=said))

    def take(self, path: InstancePath) -> None:
        """Pass one mark of the structure, which may be a full-width one."""
        if self.text[self.at] in tokens.FULL_WIDTH:
            self.defect(FOREIGN, path, self.at, f"{self.text[self.at]} is no mark of JSON, {self.char()} is meant")
        self.at += 1

    def blanks(self) -> None:
        """Pass over blanks, of any kind."""
        stop = tokens.gap(self.text, self.at, self.end)
        if not tokens.is_plain(self.text, self.at, stop):
            for odd in tokens.odd_lines(self.text, self.at, stop):
                said = f"U+{ord(self.text[odd]):04X} is a blank that no JSON parser passes over"
                self.defect(ODD_WHITESPACE, self.owner, odd, said)
        self.at = stop

    def key(self, path: InstancePath) -> str | None:
        """Read the key of a member; None where there is none, and something else was passed over."""
        at = self.at
        if proper := tokens.PROPER_KEY.match(self.text, at, self.end):
            return self.string(path, proper.end())
        opened = tokens.OPEN_KEY.match(self.text, at, self.end) or tokens.SHUT_KEY.match(self.text, at, self.end)
        if opened:
            self.at = opened.end()
            self.defect(UNCLOSED, (*path, opened["key"]), at, "the key lacks one of its quotes")
            return opened["key"]
        if self.text[at] in tokens.QUOTES:
            return self.string(path)
        if bare := tokens.BARE_KEY.match(self.text, at, self.end):
            self.at = bare.end()
            self.defect(FOREIGN, (*path, bare[0]), at, "the key has no quotes")
            return bare[0]
        self.junk(path)
        return None

    def junk(self, path: InstancePath) -> None:
        """Pass over what has no place in JSON."""
        word = tokens.WORD.match(self.text, self.at, self.end)
        stop = word.end() if word else self.at + 1
        self.junked += 1
        self.defect(FOREIGN, path, self.at, f"{self.text[self.at : min(stop, self.at + 40)]} has no place here")
        self.at = stop

    def string(self, path: InstancePath, known_end: int | None = None) -> str:
        """Read a string with any quotes, or one that is never closed."""
        at = self.at
        quote = self.text[at]
        stop, closed = (
            (known_end, True) if known_end else tokens.string_end(self.text, at, self.end, tokens.QUOTES[quote])
        )
        value, plain = tokens.string_value(self.text[at + 1 : stop - closed])
        self.at = stop
        if not closed:
            self.defect(UNCLOSED, path, at, "the string is not closed by a quote")
        if quote != '"' or (closed and self.text[stop - 1] != quote):
            self.defect(FOREIGN, path, at, f"{quote}{self.text[stop - 1]} are no quotes of JSON")
        elif not plain and tokens.holds_control(value):
            self.defect(ODD_WHITESPACE, path, at, "a tab or another control character inside a string")
        elif not plain:
            self.defect(FOREIGN, path, at, "a quote or an escape that JSON does not know")
        return value

    def scalar(self, path: InstancePath) -> Any:
        """Read a number, a literal, or a word that should have been one of them."""
        at = self.at
        if match := tokens.NUMBER.match(self.text, at, self.end):
            number = tokens.number(match[0])
            if number is not None:
                self.at = match.end()
                return number
        word = tokens.WORD.match(self.text, at, self.end)
        found = word[0] if word else self.text[at]
        self.at = at + len(found)
        if found in tokens.LITERALS:
            return tokens.LITERALS[found]
        # A word that should have been a string may be a secret, which only the name of its field tells.
        shown = (
            redaction.MASK if any(redaction.is_secret_field(step) for step in path if isinstance(step, str)) else found
        )
        self.defect(FOREIGN, path, at, f"{shown[:40]} is no value of JSON")
        if found in tokens.FOREIGN or tokens.ELLIPSIS.fullmatch(found):
            return tokens.FOREIGN.get(found)
        return found
