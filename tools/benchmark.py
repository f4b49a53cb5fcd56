"""Measures what wireshape costs, as ratios within one run: `python tools/benchmark.py`.

A parse is one by orjson of the 700-symbol recording; the process ratios are against importing jsonschema.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from wireshape import audit, catalog, contracts, data, engine, sources, wirejson, witness
from wireshape.check import check
from wireshape.comparison import pair
from wireshape.docs import pages
from wireshape.drift import compare
from wireshape.model import Interaction
from wireshape.shape import of_bodies
from wireshape.sources.context import Context

PAGES = Path(__file__).parents[1] / "tests" / "cases" / "pages"
RECORDING = data.CASSETTES / "usdm/rest/v2/account/single-asset.one-way.all-symbols.loopback.yaml"


def best(function: Callable[[], Any], times: int) -> float:
    """Give the shortest of several runs, in seconds."""
    shortest = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def process(*command: str) -> Callable[[], Any]:
    """Give a function that runs a Python process to its end."""
    return lambda: subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def moved(body: bytes) -> bytes:
    """Give the same answer with the amounts of every tenth position changed."""
    value = orjson.loads(body)
    source = random.Random(700)  # noqa: S311 - made-up amounts
    for row in value["positions"][::10]:
        row["positionAmt"], row["notional"] = f"{source.random():.3f}", f"{source.random() * 1000:.8f}"
    return orjson.dumps(value)


def audited(*pages: str) -> Callable[[], Any]:
    """Give a function that audits pages in a process of its own, whatever is found in them."""
    command = [sys.executable, "-m", "wireshape", "audit", *pages]
    return lambda: subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603


def documented(known: catalog.Catalog, size: int) -> Callable[[], Any]:
    """Give a function that audits a page which has as many sections as fit into so many bytes."""
    section = (PAGES / "fenced.en.md").read_bytes()
    raw = (section + b"\n") * (size // len(section))
    return lambda: audit.audit([pages.read(raw, "page", known)], known)


def main() -> None:
    """Print one ratio per line."""
    known = catalog.load()
    (item,) = sources.collect([sources.Input(path=RECORDING, name="700 symbols")], Context(catalog=known))
    assert isinstance(item, Interaction)  # noqa: S101 - the bundled recording
    mode = item.mode or item.endpoint.modes[0]
    contract = contracts.load(known, item.endpoint, mode)
    later = moved(item.body)
    value, other = orjson.loads(item.body), orjson.loads(later)
    parse = best(lambda: orjson.loads(item.body), 50)
    two = best(lambda: (orjson.loads(item.body), orjson.loads(later)), 50)
    base = witness.observed("base", [item])
    rows = {
        "strict parse / parse": best(lambda: wirejson.parse(item.body), 30) / parse,
        "fast engine / parse": best(lambda: engine.fast(contract, value), 30) / parse,
        "reference engine / parse": best(lambda: engine.reference(contract, value), 2) / parse,
        "check of one answer / parse": best(lambda: check([item], known), 20) / parse,
        "diff of two answers / parsing both": best(
            lambda: compare(of_bodies("base", [value]), of_bodies("current", [other])), 30
        )
        / two,
        "diff of two answers, strict parsing and table included / parsing both": best(
            lambda: pair(
                known, witness.observed("base", [item]), witness.observed("current", [replace(item, body=later)])
            ),
            20,
        )
        / two,
        "diff against the contract / parse": best(
            lambda: pair(known, witness.of_contract(known, item.endpoint, [mode], "contract"), base), 20
        )
        / parse,
    }
    imported = best(process("-c", "import jsonschema"), 10)
    rows["bundled check, whole process / import jsonschema"] = best(process("-m", "wireshape", "check"), 10) / imported
    rows["--help, whole process / import jsonschema"] = best(process("-m", "wireshape", "--help"), 10) / imported
    files = [str(file) for file in sorted(PAGES.iterdir())[:5]]
    rows["audit of five pages, whole process / import jsonschema"] = best(audited(*files), 10) / imported
    half, whole = (documented(known, size) for size in (500_000, 1_000_000))
    rows["audit of a page of 1 MB / of half a MB"] = best(whole, 5) / best(half, 5)
    for name, ratio in rows.items():
        sys.stdout.write(f"{ratio:8.2f}  {name}\n")


if __name__ == "__main__":
    main()
