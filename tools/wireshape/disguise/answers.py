"""Replaces what an answer says of an account by something made up of the same form, so that it can be published.

Amounts of a kind are multiplied by one secret factor, drawn anew for each run: then everything that adds up, and every
order, stays true, also where no rule here knows of it. What ties amounts to something public has factors of its own, or
the balances could be computed from it: prices one, sizes and maintenance margins one for each amount. Proportions
between balances remain: who knows one balance of the account to the last digit knows all of them, and so may who can
guess that several are round.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from wireshape import resources
from wireshape.catalog import contradictions, invariant_equations
from wireshape.disguise import amounts, solver
from wireshape.disguise.amounts import Amount, Key
from wireshape.disguise.solver import Task
from wireshape.errors import InputError
from wireshape.findings import redaction
from wireshape.jsontext import parser
from wireshape.jsontext.scalars import Scalar, leaves, replaced
from wireshape.model import Endpoint, InstancePath, Interaction, Item, Problem, Reason

_EXACT = Context(prec=40)
# Above 4, amounts one unit apart stay in order, however they are rounded and whatever a relation settles.
_LEAST, _MOST, _BELOW = Decimal(16), Decimal(256), Decimal(4)
_ATTEMPTS = 8
_WHOLE = re.compile(r"-?[0-9]+")
_SMALL = 2
_LONG = 9
_IDENTIFIER = re.compile(r"(?=.*[0-9])\S{6,}|\S*@\S*")
_TIMES = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}
_FIRST, _MADE_UP, _LAST = 1_500_000_000, 1_600_000_000, 1_760_000_000


@cache
def _rows(schemas: Path) -> dict[str, Any]:
    rows: dict[str, Any] = orjson.loads((schemas / "disguise.json").read_bytes())
    return rows


class Disguise:
    """One run: the same amount becomes the same amount in every answer of it. seed makes it repeatable.

    A seed is as secret as the balances.
    """

    def __init__(self, seed: bytes | None = None, schemas: Path = resources.SCHEMAS) -> None:
        self._seed = seed if seed is not None else secrets.token_bytes(32)
        self._schemas = schemas
        self._rows = _rows(schemas)
        self._kinds: dict[str, str] = {name: row["kind"] for row in self._rows["amounts"] for name in row["members"]}
        self._any: str = self._rows["amounts"][0]["kind"]
        self._known: dict[Key, Fraction] = {}
        self._factors: dict[Key, Fraction] = {}

    def __call__(self, endpoint: Endpoint, body: bytes) -> bytes:
        """Give the answer with its amounts, times and identities replaced; what is no JSON is masked as text.

        InputError where the relations of a contrived account leave no other amounts.
        """
        try:
            value = parser.parse(body).value
        except parser.BodyError:
            return self._masked(body.decode("utf-8", "replace")).encode()
        text = body.decode()
        found = list(leaves(text))
        kinds = {leaf.start: kind for leaf in found if (kind := self._kind(leaf))}
        read = {leaf.start: amount for leaf in found if leaf.start in kinds and (amount := amounts.parse(leaf.text))}
        tokens = {leaf.start: (leaf.end, self._other(leaf)) for leaf in found if leaf.start not in read}
        task = self._task(endpoint, value, [leaf for leaf in found if leaf.start in read], kinds, read)
        sizes = {(kinds[start], amount.size) for start, amount in read.items() if amount.size}
        for attempt in range(_ATTEMPTS):
            solved = solver.solve(task, self._known, self._factor, partial(self._nudge, attempt=attempt))
            for leaf in found:
                if leaf.start in read:
                    token = self._written(kinds[leaf.start], read[leaf.start], solved)
                    tokens[leaf.start] = (leaf.end, f'"{token}"' if leaf.is_string else token)
            result = replaced(text, tokens)
            if self._faithful(endpoint, value, orjson.loads(result.removeprefix("\ufeff")), sizes, solved):
                self._known = solved | self._known
                return result.encode()
        raise InputError("they cannot be disguised so that what adds up still does; --keep-amounts keeps them")

    def _kind(self, leaf: Scalar) -> str | None:
        """Give the kind of an amount, None for anything else; what is named nowhere is an amount if written as one."""
        if leaf.name in self._kinds:
            return self._kinds[leaf.name]
        if self._named(leaf.name) or amounts.parse(leaf.text) is None:
            return None
        whole = _WHOLE.fullmatch(leaf.text)
        return None if whole and (not leaf.is_string or len(leaf.text) >= _LONG) else self._any

    def _named(self, name: str) -> str | None:
        groups = ("kept", "texts", "times", "identities", "constants")
        return next((group for group in groups if name in self._rows[group]), None)

    def _task(
        self, endpoint: Endpoint, value: Any, found: list[Scalar], kinds: dict[int, str], read: dict[int, Amount]
    ) -> Task:
        payload, under = _payload(endpoint, value)
        placed: dict[InstancePath, tuple[str, Amount]] = {}
        for leaf in found:
            path = leaf.path[len(under) :] if leaf.path[: len(under)] == under else ("", *leaf.path)
            if path in placed:  # of a key that comes twice, readers take the last
                placed[(*path, leaf.start)] = placed[path]
            placed[path] = (kinds[leaf.start], read[leaf.start])
        return Task(
            amounts=placed,
            equations=tuple(invariant_equations.equations(self._schemas, payload)),
            bounds=tuple(invariant_equations.bounds(self._schemas, payload)),
        )

    def _faithful(
        self, endpoint: Endpoint, before: Any, after: Any, sizes: set[Key], solved: dict[Key, Fraction]
    ) -> bool:
        """Tell whether what held still holds, what did not still does not, and no amount is one there was."""
        originals = {size for _, size in sizes if amounts.is_identifying(size)}
        if originals & {solved[key] for key in sizes}:
            return False
        return self._broken(endpoint, before) == self._broken(endpoint, after)

    def _broken(self, endpoint: Endpoint, value: Any) -> set[tuple[str, str, InstancePath]]:
        payload, _ = _payload(endpoint, value)
        return {
            (str(mode), found.invariant.id, found.path)
            for mode in endpoint.modes
            for found in contradictions.find(self._schemas, endpoint, mode, payload)
        }

    def _written(self, kind: str, amount: Amount, solved: dict[Key, Fraction]) -> str:
        key = (kind, amount.size)
        return amount.moved(self._factor(key)).write(solved[key]) if amount.size else amount.write(amount.size)

    def _factor(self, key: Key) -> Fraction:
        kind, _ = key
        row = next(row for row in self._rows["amounts"] if row["kind"] == kind)
        how, _, below = row["factor"].partition(" below ")
        place = key if how == "each" else (kind, Fraction(0))
        if place not in self._factors:
            least, most = _LEAST, _MOST
            if below:
                most = _decimal(self._factor((below, Fraction(0))))
                least = most / _BELOW
            share = _decimal(self._draw(kind, str(place[1])))
            self._factors[place] = Fraction(least * _EXACT.power(_EXACT.divide(most, least), share))
        return self._factors[place]

    def _draw(self, *words: str) -> Fraction:
        """Draw a number from 0 to below 1, always the same for the same words."""
        drawn = blake2b("\0".join(words).encode("utf-8", "surrogatepass"), key=self._seed[:64], digest_size=32)
        return Fraction(int.from_bytes(drawn.digest()), 1 << 256)

    def _nudge(self, key: Key, attempt: int) -> int:
        return int(self._draw("nudge", *map(str, key), str(attempt)) * 4 * attempt)

    def _other(self, leaf: Scalar) -> str:
        """Give the token for what is no amount."""
        group = "kinds" if leaf.name in self._kinds else self._named(leaf.name)
        text = leaf.text
        if group == "constants":
            made_up: str = self._rows[group][leaf.name]["string" if leaf.is_string else "number"]
            text = made_up
        elif group == "kinds":
            text = self._scrambled(text)
        elif group == "identities":
            text = redaction.MASK if leaf.is_string and text else self._number(text)
        elif group == "times":
            text = self._time(text)
        elif leaf.is_string:
            masked = _masked(text, unknown=group is None)
            # What is named nowhere may speak of amounts in words.
            text = self._scrambled(masked) if group is None and masked == text else masked
        elif group is None and _WHOLE.fullmatch(text) and len(text.lstrip("-")) > _SMALL:
            text = self._time(text)
        if text == leaf.text:
            return leaf.token
        return json.dumps(text, ensure_ascii=False) if leaf.is_string else text

    def _time(self, text: str) -> str:
        """Give a made-up time in the unit of a time; 0 and what is no whole number of such a length has none."""
        unit = _TIMES.get(len(text)) if _WHOLE.fullmatch(text) and text[0] not in "-0" else None
        if unit is None:
            return self._number(text)
        first, last = (_MADE_UP, _LAST) if int(text) >= _FIRST * unit else (10**9, _FIRST)
        return str(int((first + self._draw("time", text) * (last - first)) * unit))

    def _number(self, text: str) -> str:
        """Give a made-up number as long; -1, 0 and 1 stand for something else than themselves."""
        if text in {"-1", "0", "1"} or not _WHOLE.fullmatch(text):
            return text if not any(map(str.isdigit, text)) or text in {"-1", "0", "1"} else self._scrambled(text)
        made_up = self._scrambled(text)
        sign = "-" if text.startswith("-") else ""
        return f"{sign}1{made_up[len(sign) + 1 :]}"

    def _scrambled(self, text: str) -> str:
        """Replace every digit but 0 by another that is no 0: what was malformed stays so."""
        return "".join(
            str(1 + int(self._draw("digit", text, str(index)) * 9)) if each in "123456789" else each
            for index, each in enumerate(text)
        )

    def _masked(self, text: str) -> str:
        """Mask what is no JSON, and replace every digit in it: nothing says which of them are amounts."""
        return self._scrambled("\n".join(redaction.text(line) for line in text.split("\n")))


def _payload(endpoint: Endpoint, value: Any) -> tuple[Any, InstancePath]:
    """Give the payload of an answer, and the path it stands under."""
    if endpoint.payload and isinstance(value, dict) and endpoint.payload in value:
        return value[endpoint.payload], (endpoint.payload,)
    return value, ()


def _masked(text: str, *, unknown: bool) -> str:
    """Mask keys and addresses, and in a member named nowhere whatever looks like an identifier."""
    if unknown and _IDENTIFIER.fullmatch(text):
        return redaction.MASK
    masked = redaction.text(text)
    return masked if redaction.MASK in masked else text


def _decimal(number: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))


def disguised(items: Iterable[Item]) -> Iterator[Item]:
    """Disguise the bodies of one run and pass on what has none; a Problem where that cannot be done."""
    disguise = Disguise()
    for item in items:
        if not isinstance(item, Interaction):
            yield item
            continue
        try:
            yield replace(item, body=disguise(item.endpoint, item.body))
        except InputError as error:
            yield Problem(location=item.location, reason=f"amounts: {error}", code=Reason.AMOUNTS)
