"""Writes drafts as the files that a contributor would add, into a folder of their own, once they are proved."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from wireshape import atomic_write
from wireshape.catalog import contracts, endpoints, environments
from wireshape.catalog.endpoints import Catalog
from wireshape.check import engines
from wireshape.draft import decisions, operation
from wireshape.draft.forms import COMMON
from wireshape.draft.inference import scalars
from wireshape.draft.run import FRAME_ID, Draft, DraftContract, PageAnswer, folder
from wireshape.errors import ContractError, OutputError, UsageError
from wireshape.findings import redaction
from wireshape.inputs.cassette import WS
from wireshape.model import Origin
from wireshape.record import cassette_writer
from wireshape.record.cassette_writer import RecordedCall

NOTES = "DRAFT.md"
_CATALOG = "catalog.json"
_END_OF_ROWS = re.compile(r"\s*\]\s*\}\s*\Z")
_MOST_CASES = 12


def write(into: Path, drafts: Sequence[Draft], catalog: Catalog, inputs: Collection[Path]) -> list[str]:
    """Write all files of some drafts, and give their names; OutputError where that fails.

    UsageError where one is there and says something else.

    Nothing is written where the catalogue would not load with them, or a contract would not take its own examples.
    """
    files = dict(_files(drafts, catalog))
    _prove(files, drafts, catalog)
    try:
        for name, content in files.items():
            atomic_write.require_apart(into / name, inputs)
            _require_free(into / name, content)
        for name, content in files.items():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            atomic_write.write(into / name, content)
    except OSError as error:
        raise OutputError(f"cannot write {into}: {error.strerror}") from None
    return list(files)


def _require_free(file: Path, content: bytes) -> None:
    """Raise UsageError where a file says something else already: what a person decided in it would be lost."""
    if file.exists() and file.read_bytes() != content:
        raise UsageError(f"cannot write {file}: it is there and says something else; name a folder without it")


def _files(drafts: Sequence[Draft], catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    yield NOTES, decisions.text(drafts).encode()
    yield f"schemas/{_CATALOG}", _catalog(drafts, catalog).encode()
    # Contracts refer to it, so that any validator can read them where they lie.
    yield f"schemas/{COMMON}", (catalog.schemas / COMMON).read_bytes()
    for each in drafts:
        for contract in each.contracts:
            yield f"schemas/{folder(each.endpoint)}/{contract.mode}.schema.json", _json(contract.schema)
        groups = []
        for contract in _recorded(each):
            name = f"{folder(each.endpoint)}/{_named_mode(contract) or 'any-mode'}.documentation.yaml"
            yield f"cassettes/{name}", _cassette(each, contract, catalog)
            groups.append(_cases(each, contract, name))
        yield f"tests/cases/contracts/{each.endpoint.id}.json", _json(groups)


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _catalog(drafts: Iterable[Draft], catalog: Catalog) -> str:
    """Give the catalogue with the proposed rows behind its own."""
    text = (catalog.schemas / _CATALOG).read_text("utf-8")
    end = _END_OF_ROWS.search(text)
    if end is None:
        raise ContractError(f"{_CATALOG} does not end with its endpoints")
    rows = (operation.row(each.endpoint).items() for each in drafts)
    written = [",\n".join(f'      "{name}": {json.dumps(value)}' for name, value in row) for row in rows]
    return text[: end.start()] + "".join(f",\n    {{\n{row}\n    }}" for row in written) + text[end.start() :]


def _recorded(draft: Draft) -> Iterator[DraftContract]:
    """Yield the contracts whose examples are recorded: one for each set of examples."""
    known: set[tuple[int, ...]] = set()
    for contract in draft.contracts:
        key = tuple(id(answer) for answer in contract.answers)
        if contract.of_mode and key not in known:
            known.add(key)
            yield contract


def _cassette(draft: Draft, contract: DraftContract, catalog: Catalog) -> bytes:
    names = dict.fromkeys(Path(answer.page.name).name for answer in contract.answers)
    origin = Origin(kind="documentation", citation=redaction.name(", ".join(names)))
    calls = [_call(draft, answer, catalog) for answer in contract.answers]
    whole = _named_mode(contract) == str(contract.mode)
    return cassette_writer.text(calls, origin, contract.mode if whole else None).encode()


def _named_mode(contract: DraftContract) -> str:
    """Give what the headings of all examples name of the mode."""
    mode, headings = contract.mode, [answer.page_example for answer in contract.answers]
    margin = mode.margin if all(each.margin for each in headings) else None
    position = mode.position if all(each.position for each in headings) else None
    return ".".join(part for part in (margin, position) if part)


def _call(draft: Draft, answer: PageAnswer, catalog: Catalog) -> RecordedCall:
    sent, payload = draft.endpoint.operation, draft.endpoint.payload
    hosts = environments.load(catalog.schemas)["production"].hosts
    url = hosts[draft.endpoint.product][draft.endpoint.transport] + sent.path
    body = answer.body(payload)
    if payload is None:
        return RecordedCall(method=sent.method, url=url, answer=body)
    frame_id = json.loads(body).get("id", FRAME_ID)
    request = orjson.dumps({"id": frame_id, "method": sent.method, "params": {}})
    return RecordedCall(method=WS, url=url, body=request, answer=body, status=101, reason="Switching Protocols")


def _cases(draft: Draft, contract: DraftContract, recording: str) -> dict[str, Any]:
    """Give cases of what the contract takes and refuses: a required value that is gone, and one of another type."""
    payload = draft.endpoint.payload
    inside = contract.schema["properties"][payload] if payload else contract.schema
    found = [f"{payload}{'' if path.startswith('[') else '.'}{path}" if payload else path for path in scalars(inside)]
    tests: list[dict[str, Any]] = [{"description": "as the page has it", "valid": True}]
    value = json.loads(contract.answers[0].body(payload))
    for path in found[:_MOST_CASES]:
        if _has(value, path):
            tests.append({"description": f"no {path}", "edits": [{"remove": path}], "valid": False})
            tests.append({"description": f"{path} as a list", "edits": [{"set": path, "to": []}], "valid": False})
    return {"description": f"{draft.endpoint.id}, {contract.mode}", "recording": recording, "tests": tests}


def _has(value: Any, path: str) -> bool:
    """Tell whether a body has the first row at each array of a path."""
    for step in re.findall(r"[^.\[\]]+|\[0\]", path):
        try:
            value = value[0 if step == "[0]" else step]
        except (LookupError, TypeError):
            return False
    return True


def _prove(files: dict[str, bytes], drafts: Sequence[Draft], catalog: Catalog) -> None:
    """Raise ContractError unless the catalogue loads with the drafts, and each contract takes its own examples."""
    with TemporaryDirectory() as temporary:
        schemas = Path(temporary) / "schemas"
        shutil.copytree(catalog.schemas, schemas)
        for name, content in files.items():
            if name.startswith("schemas/"):
                file = Path(temporary) / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        proposed = endpoints.load(schemas)
        for draft in drafts:
            endpoint = proposed.get(draft.endpoint.id)
            for each in draft.contracts:
                contract = contracts.load(proposed, endpoint, each.mode)
                for answer in each.answers:
                    if failures := engines.fast(contract, json.loads(answer.body(endpoint.payload))):
                        place = answer.place(failures[0].path)
                        raise ContractError(f"the draft of {endpoint.id} does not take its own example: {place}")
