"""Faults put into an answer at random: malformed values, broken sums and bounds, missing and repeated rows."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

VALUES: tuple[Any, ...] = (
    "", "0", "0.00000000", "-0.00", "1,234.5", "1.234,50", " 12.5", "12.5 ", "1_000.0", "+5.0", "05.5", ".5", "5.",
    "NaN", "Infinity", "1e5", "2.8E-4", "12.5E3", "5.0E8", "1E101", "1E999999999", "9223372036854775807",
    "0.00000001", "5000.00000000", "2490.8759520000003", "\uff11\uff12\uff13.\uff15", "two", "0x1F", 5000, 12.5, -3, 0,
    1e300, None, True, [], {}, ["1.5"], {"value": "1.5"}, 1760000000123, 1760000000, "1760000000123", -1, "btcusdt",
    "BTC/USDT:USDT", "币安人生USDT", "USDT", "BTCUSDT_20261225", 10**400, "7" * 120,
)  # fmt: skip


def faulty(value: Any, payload: str | None, drawn: random.Random) -> bytes:
    """Give an answer with one to three faults, as its bytes."""
    value = copy.deepcopy(value)
    for _ in range(drawn.randint(1, 3)):
        drawn.choice(_FAULTS)(value[payload] if payload else value, drawn)
    text = json.dumps(value, ensure_ascii=False)
    if drawn.random() < 0.1:
        text = text.replace('"walletBalance": "', '"walletBalance": "3.50000000", "walletBalance": "', 1)
    if drawn.random() < 0.05:
        text = "\ufeff" + text
    return text.encode("utf-8", "surrogatepass")


def _object(payload: Json, drawn: random.Random) -> Json:
    rows = [row for name in ("assets", "positions") for row in payload.get(name) or () if isinstance(row, dict) and row]
    return drawn.choice([payload, *rows])


def _replace(payload: Json, drawn: random.Random) -> None:
    target = _object(payload, drawn)
    names = [name for name in target if name not in {"assets", "positions"}]
    if names:
        target[drawn.choice(names)] = copy.deepcopy(drawn.choice(VALUES))


def _shift(payload: Json, drawn: random.Random) -> None:
    """Move an amount by a few units, so that a sum is off by no more than rounding, or by a little more."""
    target = _object(payload, drawn)
    names = [name for name, value in target.items() if isinstance(value, str) and value.replace(".", "").isdigit()]
    if names:
        name = drawn.choice(names)
        target[name] = f"{Decimal(target[name]) + Decimal(drawn.choice([-5, -3, -2, -1, 1, 2, 3, 4])) / 10**8:.8f}"


def _remove(payload: Json, drawn: random.Random) -> None:
    target = _object(payload, drawn)
    names = [name for name in target if name not in {"assets", "positions"}]
    if names:
        del target[drawn.choice(names)]


def _add(payload: Json, drawn: random.Random) -> None:
    _object(payload, drawn)[drawn.choice(["bonus", "since", "owner"])] = copy.deepcopy(drawn.choice(VALUES))


def _swap(payload: Json, drawn: random.Random) -> None:
    """Swap two values of an object: bounds and sums break."""
    target = _object(payload, drawn)
    names = [name for name, value in target.items() if isinstance(value, str)]
    if len(names) > 1:
        one, other = drawn.sample(names, 2)
        target[one], target[other] = target[other], target[one]


def _row(payload: Json, drawn: random.Random) -> None:
    """Repeat a row, drop one, or put something else in its place."""
    rows = payload.get(drawn.choice(["assets", "positions"]))
    if isinstance(rows, list) and rows:
        index = drawn.randrange(len(rows))
        kind = drawn.randrange(3)
        if kind == 0:
            rows.insert(drawn.randrange(len(rows) + 1), copy.deepcopy(rows[index]))
        elif kind == 1:
            del rows[index]
        else:
            rows[index] = copy.deepcopy(drawn.choice(VALUES))


def _array(payload: Json, drawn: random.Random) -> None:
    payload[drawn.choice(["assets", "positions"])] = copy.deepcopy(drawn.choice([[], {}, None, "12.5", [[]]]))


_FAULTS: tuple[Callable[[Json, random.Random], None], ...] = (
    _replace, _replace, _replace, _replace, _shift, _shift, _remove, _add, _swap, _swap, _row, _row, _array,
)  # fmt: skip
