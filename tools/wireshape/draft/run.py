"""Drafts the contracts of the operations of some pages that have none, and holds the examples against them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.flatten import Schema
from wireshape.check.envelope import is_error
from wireshape.draft import operation
from wireshape.draft.forms import COMMON, Forms
from wireshape.draft.inference import FieldProposal, Inference, Sample
from wireshape.draft.operation import ProposedEndpoint
from wireshape.errors import InputError
from wireshape.model import Endpoint, Location, Mode, Problem
from wireshape.pages.json_text import to_json
from wireshape.pages.sections import Page, PageExample, Section

FRAME_ID = "draft-1"
"""The id of a frame that a page leaves out."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PageAnswer:
    """An example of an answer on a page, by the place it begins at."""

    page: Page
    page_example: PageExample

    @property
    def value(self) -> Any:
        """The answer as the page has it."""
        return self.page_example.example.value

    def body(self, payload: str | None) -> bytes:
        """Give the whole answer as JSON, in a frame where the page leaves it out."""
        text = to_json(self.value)
        if payload and not (isinstance(self.value, dict) and payload in self.value):
            text = f'{{"id": "{FRAME_ID}", "status": 200, "{payload}": {text}}}'
        return text.encode()

    def place(self, path: tuple[str | int, ...]) -> str:
        """Give where a path stands, as it is opened."""
        example = self.page_example.example
        at = self.page.position(example.value_offsets.get(path, example.start))
        return str(Location(file=self.page.name, line=at.line, column=at.column))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DraftContract:
    """A proposed contract of one mode, what it says of each field, and the examples it rests on.

    `of_mode` says whether one of them is of this mode by its heading; else it rests on those of others.
    """

    mode: Mode
    schema: Schema
    fields: tuple[FieldProposal, ...]
    answers: tuple[PageAnswer, ...]
    of_mode: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Draft:
    """What is proposed for one operation."""

    proposed: ProposedEndpoint
    contracts: tuple[DraftContract, ...]

    @property
    def endpoint(self) -> Endpoint:
        """The proposed endpoint."""
        return self.proposed.endpoint


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Drafts:
    """The drafts of some pages, and what could not be drafted."""

    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...]


def draft(pages: Sequence[Page], catalog: Catalog, product: str | None = None) -> Drafts:
    """Draft what the catalogue lacks; product is that of operations whose page names none."""
    drafts: list[Draft] = []
    problems = [_nameless(page) for page in pages if not any(each.operation for each in page.sections)]
    for name, sections in _unknown(pages).items():
        location = Location(file=sections[0][0].name)
        try:
            drafts.append(_draft(name, sections, catalog, product, [each.endpoint.id for each in drafts]))
        except InputError as error:
            problems.append(Problem(location=location, reason=str(error)))
    return Drafts(drafts=tuple(drafts), problems=tuple(problems))


def _nameless(page: Page) -> Problem:
    return Problem(location=Location(file=page.name), reason="the page names no operation")


def _unknown(pages: Iterable[Page]) -> dict[str, list[tuple[Page, Section]]]:
    """Give the sections about operations that are not in the catalogue, by operation."""
    found: dict[str, list[tuple[Page, Section]]] = {}
    for page in pages:
        for section in page.sections:
            if section.operation and not section.endpoints:
                found.setdefault(section.operation, []).append((page, section))
    return found


def _draft(
    name: str,
    sections: Sequence[tuple[Page, Section]],
    catalog: Catalog,
    product: str | None,
    drafted: Collection[str],
) -> Draft:
    named = next((section.product for _, section in sections if section.product), product)
    weight = next((section.weight for _, section in sections if section.weight is not None), None)
    proposed = operation.propose(name, named, weight, catalog, drafted)
    answers = [
        PageAnswer(page=page, page_example=each)
        for page, section in sections
        for each in section.examples
        if not each.request and not is_error(proposed.endpoint, each.example.value, catalog)
    ]
    if not answers:
        raise InputError(f"{name}: the page has no example of an answer")
    forms = Forms(catalog)
    return Draft(
        proposed=proposed,
        contracts=tuple(_contract(proposed.endpoint, mode, answers, forms) for mode in proposed.endpoint.modes),
    )


def _contract(endpoint: Endpoint, mode: Mode, answers: Sequence[PageAnswer], forms: Forms) -> DraftContract:
    fitting = [each for each in answers if _is_of(mode, each.page_example)]
    chosen = fitting or list(answers)
    inference = Inference(forms=forms, mode=mode)
    payload = inference.schema([_sample(each, endpoint.payload) for each in chosen])
    said = f"{endpoint.operation.method} {endpoint.operation.path}"
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://wireshape.invalid/schemas/{folder(endpoint)}/{mode}.schema.json",
        "title": f"{endpoint.id}, {mode}",
        "description": f"{said} of an account in mode {mode}.",
        "$comment": "A draft made from documentation: decide on each field before it is used.",
    }
    return DraftContract(
        mode=mode,
        schema=head | (_framed(payload, endpoint.payload) if endpoint.payload else payload),
        fields=tuple(inference.fields),
        answers=tuple(chosen),
        of_mode=bool(fitting),
    )


def folder(endpoint: Endpoint) -> str:
    """Give the folder of an endpoint's contracts and recordings: product, transport, version and name."""
    return "/".join(endpoint.id.split(".", 3))


def _framed(payload: Schema, name: str) -> Schema:
    """Put the schema of a payload into the frame that carries it."""
    frame = {"$ref": f"../../../../{COMMON}#/$defs/wsFrame"}
    return {"allOf": [frame], "required": [name], "properties": {"status": {"const": 200}, name: payload}}


def _is_of(mode: Mode, example: PageExample) -> bool:
    return example.margin in {None, mode.margin} and example.position in {None, mode.position}


def _sample(answer: PageAnswer, payload: str | None) -> Sample:
    """Give the payload of an answer; an example that leaves out its frame is one as it stands."""
    value: Any = answer.value
    at: tuple[str, ...] = ()
    if payload and isinstance(value, dict) and payload in value:
        value, at = value[payload], (payload,)
    partial_paths = frozenset(
        path[len(at) :] for path in answer.page_example.example.incomplete_paths if path[: len(at)] == at
    )
    return Sample(value=value, partial=partial_paths, place=partial(_place, answer, at))


def _place(answer: PageAnswer, at: tuple[str, ...], path: tuple[str | int, ...]) -> str:
    return answer.place((*at, *path))
