"""Gives other tokens for what is no amount: names, times, tiers, identities, and what stands in unknown members."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from wireshape.disguise import amounts, reading, texts
from wireshape.disguise.amounts import Notation
from wireshape.disguise.draws import Draws
from wireshape.disguise.members import Members, Role
from wireshape.disguise.names import Names
from wireshape.disguise.privacy import Privacy
from wireshape.disguise.reading import Member, Reading
from wireshape.disguise.times import Times
from wireshape.findings import redaction

_WHOLE = re.compile(r"-?[0-9]+")
_FLAGS = {"-1", "0", "1"}
"""Numbers that stand for something else than themselves."""
_OF_ACCOUNT = {Role.ASSET, Role.SYMBOL, Role.TIER, Role.TIME}


class Replacement:
    """The tokens of one run."""

    def __init__(self, draws: Draws, members: Members, privacy: Privacy) -> None:
        self._draws = draws
        self._members = members
        self._names = Names(draws, members.public)
        self._times = Times(draws)
        self._texts: dict[Role | None, Callable[[Member], str]] = {
            None: self._unknown,
            Role.AMOUNT: self._malformed,
            Role.TIER: self._tier,
            Role.TIME: lambda member: self._times.get(member.leaf.text) or self._number(member.leaf.text),
            Role.IDENTITY: self._identity,
            Role.ASSET: lambda member: self._name(member, self._names.asset),
            Role.SYMBOL: lambda member: self._name(member, self._names.symbol),
            Role.TEXT: self._message,
            Role.CONSTANT: self._constant,
            Role.KEPT: self._masked,
        }
        self._hides_account = privacy is Privacy.ACCOUNT
        if not self._hides_account:
            self._texts |= dict.fromkeys(_OF_ACCOUNT, self._masked)

    def meet(self, read: Reading) -> None:
        """Take names and times of an answer together: words may speak of a name that stands below them.

        InputError where there is no room between the times.
        """
        times: set[str] = set()
        for member in read.members:
            role = self._role(member)
            if role is Role.TIME or (role is None and not member.leaf.is_string):
                times.add(member.leaf.text)
            elif role in {Role.ASSET, Role.SYMBOL}:
                self._texts[role](member)
        self._times.meet(times)

    def unreadable(self, text: str) -> Iterator[str]:
        """Give a text that is no JSON with other names and numbers, then with numbers of as many digits."""
        masked = texts.masked_lines(text)
        if self._hides_account:
            masked = self._names.words(masked, public=True)
        yield texts.other_numbers(masked, self._draws)
        yield texts.other_digits(masked, self._draws)

    def token(self, member: Member) -> str:
        """Give the token for what is no amount."""
        text = self._texts[self._role(member)](member)
        if text == member.leaf.text:
            return member.leaf.token
        return json.dumps(text, ensure_ascii=False) if member.leaf.is_string else text

    def _role(self, member: Member) -> Role | None:
        return self._members.roles.get(member.leaf.name)

    def _malformed(self, member: Member) -> str:
        """Give another malformed amount; where with more or fewer digits it would be none, with as many."""
        text = member.leaf.text
        other = texts.other_numbers(text, self._draws)
        keeps = texts.has_exponent(text) or not member.leaf.is_string or amounts.parse(other)
        return texts.other_digits(text, self._draws) if keeps else other

    @staticmethod
    def _masked(member: Member) -> str:
        return texts.masked(member.leaf.text, unknown=False) if member.leaf.is_string else member.leaf.text

    def _message(self, member: Member) -> str:
        """Keep the words everybody gets; other words may hold amounts, times and limits of the account."""
        text = self._masked(member)
        return text if text in self._members.messages else self._words(text)

    def _words(self, text: str) -> str:
        return texts.other_numbers(self._names.words(text) if self._hides_account else text, self._draws)

    def _constant(self, member: Member) -> str:
        constant = self._members.constants[member.leaf.name]
        if member.leaf.is_string:
            return constant.string
        return constant.number if _WHOLE.fullmatch(member.leaf.text) else self._malformed(member)

    def _identity(self, member: Member) -> str:
        text = member.leaf.text
        return redaction.MASK if member.leaf.is_string and text and text not in _FLAGS else self._number(text)

    def _name(self, member: Member, other: Callable[[str], str]) -> str:
        return other(member.leaf.text) if member.leaf.is_string else self._number(member.leaf.text)

    def _unknown(self, member: Member) -> str:
        text = member.leaf.text
        if reading.is_flag(text):
            return text
        if member.leaf.is_string:
            masked = texts.masked(text, unknown=True)
            # What is named nowhere may speak of amounts in words.
            return self._words(masked) if masked == text else masked
        return self._times.get(text) or self._number(text)

    def _number(self, text: str) -> str:
        return text if text in _FLAGS else texts.other_digits(text, self._draws)

    def _tier(self, member: Member) -> str:
        """Draw another of the public values, in the same notation; what can be none of them stays."""
        leaf, tier = member.leaf, self._members.tiers[member.leaf.name]
        amount = amounts.parse(leaf.text)
        if amount is None:
            return texts.other_digits(leaf.text, self._draws)
        is_unset = not amount.size and 0 not in tier.values
        if is_unset or amount.size > tier.largest or amount.notation.exponent < 0:
            return leaf.text
        others = _written(tier.values, amount.notation)
        return self._draws.pick(others, "tier", leaf.name, member.row, leaf.text) if others else leaf.text


@lru_cache
def _written(values: tuple[int, ...], notation: Notation) -> tuple[str, ...]:
    """Write values in a notation, each with an exponent of its own where it has one, but those with too many digits."""
    written = []
    for value in values:
        its = replace(notation, exponent=len(str(value)) - 1) if notation.exponent else notation
        if not value % its.unit:
            written.append(its.write(Fraction(value)))
    return tuple(written)
