"""What a person has to decide before a draft is used, as Markdown beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wireshape.draft.inference import FieldProposal
from wireshape.draft.run import Draft
from wireshape.findings import redaction
from wireshape.reports import markdown


def text(drafts: Sequence[Draft]) -> str:
    """Say of each draft what it proposes of every field, what that rests on, and what is to be decided."""
    intro = (
        "Nothing here is used until you copy it over a checkout of wireshape. Decide first: the examples of a page "
        "show what can be there, and neither what else can be, nor what is always there."
    )
    parts = ["# Draft", intro, *(part for each in drafts for part in _draft(each))]
    return "\n\n".join(parts) + "\n"


def undecided(draft: Draft) -> int:
    """Count what there is to decide of a draft."""
    return len(draft.proposed.decide) + sum(1 for each in _fields(draft) if each.proposal.decide)


def _draft(draft: Draft) -> Iterator[str]:
    endpoint = draft.endpoint
    yield f"## {endpoint.id}"
    yield f"`{endpoint.operation.method} {endpoint.operation.path}`, weight {endpoint.weight}."
    yield "To decide of its row in `schemas/catalog.json`:"
    yield "\n".join(f"- {redaction.text(each)}" for each in draft.proposed.decide)
    without = [str(each.mode) for each in draft.contracts if not each.of_mode]
    if without:
        yield f"No example is of these modes, so their contracts rest on those of others: {', '.join(without)}."
    rows = [(*_row(each.proposal), ", ".join(each.modes)) for each in _fields(draft)]
    yield markdown.table(("field", "proposal", "rests on", "to decide", "modes"), rows)


def _row(field: FieldProposal) -> tuple[str, ...]:
    said = field.proposal if field.required else f"{field.proposal}, optional"
    return redaction.text(field.path), said, redaction.text(field.rests_on), redaction.text(field.decide or "")


class _Field:
    """A proposal, and the modes whose contracts have it."""

    def __init__(self, proposal: FieldProposal) -> None:
        self.proposal = proposal
        self.modes: list[str] = []


def _fields(draft: Draft) -> list[_Field]:
    found: dict[FieldProposal, _Field] = {}
    for contract in draft.contracts:
        for proposal in contract.fields:
            found.setdefault(proposal, _Field(proposal)).modes.append(str(contract.mode))
    every = {str(contract.mode) for contract in draft.contracts}
    for field in found.values():
        field.modes = ["all"] if set(field.modes) == every else field.modes
    return list(found.values())
