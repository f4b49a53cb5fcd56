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

from wireshape import resources
from wireshape.audit import run
from wireshape.catalog import contracts, endpoints
from wireshape.check import engines
from wireshape.check.run import check
from wireshape.diff import witness
from wireshape.diff.changes import compare
from wireshape.diff.compare import pair
from wireshape.diff.shape import of_bodies
from wireshape.inputs import files, read
from wireshape.inputs.context import Context
from wireshape.jsontext import parser
from wireshape.model import Interaction
from wireshape.pages import sections

PAGES = Path(__file__).parents[1] / "tests" / "specimens" / "pages"
RECORDING = resources.CASSETTES / "usdm/rest/v2/account/single-asset.one-way.all-symbols.loopback.yaml"


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


def documented(catalog: endpoints.Catalog, size: int) -> Callable[[], Any]:
    """Give a function that audits a page which has as many sections as fit into so many bytes."""
    section = (PAGES / "fenced.en.md").read_bytes()
    raw = (section + b"\n") * (size // len(section))
    return lambda: run.audit([sections.read(raw, "page", catalog)], catalog)


def main() -> None:
    """Print one ratio per line."""
    catalog = endpoints.load()
    (item,) = read.items([files.Input(path=RECORDING, name="700 symbols")], Context(catalog=catalog))
    assert isinstance(item, Interaction)  # noqa: S101 - the bundled recording
    mode = item.mode or item.endpoint.modes[0]
    contract = contracts.load(catalog, item.endpoint, mode)
    later = moved(item.body)
    value, other = orjson.loads(item.body), orjson.loads(later)
    parse = best(lambda: orjson.loads(item.body), 50)
    two = best(lambda: (orjson.loads(item.body), orjson.loads(later)), 50)
    base = witness.observed(catalog, "base", [item])
    rows = {
        "strict parse / parse": best(lambda: parser.parse(item.body), 30) / parse,
        "fast engine / parse": best(lambda: engines.fast(contract, value), 30) / parse,
        "reference engine / parse": best(lambda: engines.reference(contract, value), 2) / parse,
        "check of one answer / parse": best(lambda: check([item], catalog), 20) / parse,
        "diff of two answers / parsing both": best(
            lambda: compare(of_bodies("base", [value]), of_bodies("current", [other])), 30
        )
        / two,
        "diff of two answers, strict parsing and table included / parsing both": best(
            lambda: pair(
                catalog,
                witness.observed(catalog, "base", [item]),
                witness.observed(catalog, "current", [replace(item, body=later)]),
            ),
            20,
        )
        / two,
        "diff against the contract / parse": best(
            lambda: pair(catalog, witness.of_contract(catalog, item.endpoint, [mode], "contract"), base), 20
        )
        / parse,
    }
    imported = best(process("-c", "import jsonschema"), 10)
    rows["bundled check, whole process / import jsonschema"] = (
        best(process("-m", "wireshape", "check", "--bundled"), 10) / imported
    )
    rows["--help, whole process / import jsonschema"] = best(process("-m", "wireshape", "--help"), 10) / imported
    pages = [str(file) for file in sorted(file for file in PAGES.iterdir() if file.suffix != ".json")[:5]]
    rows["audit of five pages, whole process / import jsonschema"] = best(audited(*pages), 10) / imported
    half, whole = (documented(catalog, size) for size in (500_000, 1_000_000))
    rows["audit of a page of 1 MB / of half a MB"] = best(whole, 5) / best(half, 5)
    for name, ratio in rows.items():
        sys.stdout.write(f"{ratio:8.2f}  {name}\n")


if __name__ == "__main__":
    main()
