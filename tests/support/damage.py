"""A whole example, and the same with one place of it damaged."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

WHOLE = """{
  "id": 22542179,  // number of the order
  "pair": "BTCUSDT",
  "filter": {  // of prices
    "type": "PRICE_FILTER",  // see note 2
    "min": "0.10",
    "decimals": 2
  },
  "active": true,
  "rows": [
    {
      "side": "LONG",  // or SHORT, not both
      "amount": "0.010",  // in BTC
      "time": 1566818724722  // ms
    },
    {
      "side": "SHORT",
      "amount": "-0.020",
      "time": null
    }
  ],
  "limits": {
    "of": {
      "orders": 1200,
      "weight": 2400  // per minute
    }
  },
  "status": "NEW"  // last of all
}"""
_COMMENT = re.compile(r"  //.*$", re.MULTILINE)


class Damaged(NamedTuple):
    """A damaged example, the value it still means, and the lines on which a defect may be found."""

    text: str
    value: Any
    lines: set[int]


VALUE = json.loads(_COMMENT.sub("", WHOLE))


def damaged(case: dict[str, Any]) -> list[Damaged]:
    """Damage the first, the middle and the last place: the text, the value, and the lines it may be found on."""
    places = list(re.finditer(case["line"], WHOLE, re.MULTILINE))
    assert places
    found = []
    for match in {0: places[0], 1: places[len(places) // 2], 2: places[-1]}.values():
        text = WHOLE[: match.start()] + match.expand(case["becomes"]) + WHOLE[match.end() :]
        meant = (
            WHOLE[: match.start()] + match.expand(case["means"]) + WHOLE[match.end() :] if "means" in case else WHOLE
        )
        line = WHOLE.count("\n", 0, match.start()) + 1
        found.append(Damaged(text, json.loads(_COMMENT.sub("", meant)), {line} | _brackets(case, line)))
    return found


def _brackets(case: dict[str, Any], line: int) -> set[int]:
    """Give the other lines on which a bracket can be said to be missing: the one that opens, and those around."""
    if not case.get("bracket"):
        return set()
    lines = WHOLE.split("\n")
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    opening = (at for at in range(line - 1, 0, -1) if len(lines[at - 1]) - len(lines[at - 1].lstrip()) == indent)
    return {line - 1, line + 1, next(opening, 1), 1 if line == len(lines) - 1 else line}
