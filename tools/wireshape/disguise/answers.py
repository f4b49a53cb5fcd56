"""Replaces what an answer says of an account by something made up of the same form, so that it can be published.

README.md beside this file says who may read a recording, what they can try, and what is promised.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from wireshape import resources
from wireshape.catalog import contradictions
from wireshape.catalog.contradictions import Known
from wireshape.disguise import members, reading, relations, rows
from wireshape.disguise.draws import Draws
from wireshape.disguise.privacy import Privacy
from wireshape.disguise.reading import Reading
from wireshape.disguise.replacement import Replacement
from wireshape.disguise.system import Solution, System
from wireshape.errors import InputError
from wireshape.jsontext import parser
from wireshape.jsontext.scalars import replaced
from wireshape.model import Endpoint, InstancePath, Interaction, Item, Problem, Reason


class BrokenInvariant(NamedTuple):
    """An invariant that does not hold: in which mode, which, and where."""

    mode: str
    invariant: str
    path: InstancePath


class Disguise:
    """One run over one account: what stands in a place twice becomes the same in every answer.

    A seed makes it repeatable; it is as secret as the account.
    """

    def __init__(
        self, seed: bytes | None = None, *, privacy: Privacy = Privacy.ACCOUNT, schemas: Path = resources.SCHEMAS
    ) -> None:
        self.privacy = privacy
        self._schemas = schemas
        self._members = members.load(schemas)
        self._draws = Draws(seed if seed is not None else secrets.token_bytes(32))
        self._replacement = Replacement(self._draws, self._members, privacy)
        self._system = System(self._draws, self._members)

    def __call__(self, endpoint: Endpoint, body: bytes) -> bytes:
        """Give the answer with its amounts and all else that its level names replaced; text that is no JSON is masked.

        InputError where no other amounts fit the answer.
        """
        try:
            value = parser.parse(body).value
        except parser.BodyError:
            return self._unreadable(body.decode("utf-8", "replace"))
        text = body.decode()
        if self.privacy is Privacy.ACCOUNT:
            text = rows.shuffled(text, endpoint.payload, self._members.row_titles, self._rank)
            value = _parsed(text)
        read = reading.read(endpoint, text, value, self._members)
        self._replacement.meet(read)
        others = [member for member in read.members if member.amount is None]
        tokens = {member.leaf.start: (member.leaf.end, self._replacement.token(member)) for member in others}
        before = self._broken(endpoint, value)
        tied = relations.gather(self._schemas, self._members, read.payload, read.amounts())
        for solution in self._system.solutions(read, tied):
            result = replaced(text, tokens | _amount_tokens(read, solution))
            if self._is_faithful(endpoint, result, before):
                self._system.remember(read, solution)
                return result.encode()
        raise InputError("no other amounts fit the sums and bounds of this answer")

    def _unreadable(self, text: str) -> bytes:
        """Give a text that is no JSON with other names and numbers, such that it still is none."""
        for other in self._replacement.unreadable(text):
            try:
                parser.parse(other.encode())
            except parser.BodyError:
                return other.encode()
        raise InputError("this text is no JSON because of a number, and would be with any other")

    def _rank(self, name: str) -> int:
        return self._draws.below(1 << 256, "row", name)

    def _is_faithful(self, endpoint: Endpoint, text: str, before: set[BrokenInvariant]) -> bool:
        """Tell whether the same invariants are broken in the same places; a text that is no JSON is no answer."""
        try:
            return self._broken(endpoint, _parsed(text)) == before
        except orjson.JSONDecodeError:
            return False

    def _broken(self, endpoint: Endpoint, value: Any) -> set[BrokenInvariant]:
        payload, _ = reading.payload_of(endpoint, value)
        return {
            BrokenInvariant(str(mode), found.invariant.id, found.path)
            for mode in endpoint.modes
            for found in contradictions.find(self._schemas, endpoint, mode, payload, Known(disguised=True))
        }


def _amount_tokens(read: Reading, solution: Solution) -> dict[int, tuple[int, str]]:
    tokens: dict[int, tuple[int, str]] = {}
    for member in read.members:
        if member.path in solution:
            text = str(solution[member.path])
            tokens[member.leaf.start] = (member.leaf.end, f'"{text}"' if member.leaf.is_string else text)
    return tokens


def _parsed(text: str) -> Any:
    return orjson.loads(text.removeprefix("\ufeff"))


def disguised(items: Iterable[Item]) -> Iterator[Item]:
    """Disguise the bodies of one run and pass on what has none; a Problem where that cannot be done."""
    disguise = Disguise()
    for item in items:
        if not isinstance(item, Interaction):
            yield item
            continue
        try:
            yield replace(item, body=disguise(item.endpoint, item.body), request_id=None, disguised=True)
        except InputError as error:
            yield Problem(location=item.location, reason=f"amounts: {error}", code=Reason.AMOUNTS)
