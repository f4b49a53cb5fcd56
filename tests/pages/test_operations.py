"""Which operation the parts of a page document, by how the page names it."""

from __future__ import annotations

import pytest

from wireshape.catalog import endpoints
from wireshape.pages import sections


def _operations(text: str) -> list[str]:
    return [section.operation for section in sections.read(text.encode(), "page.md", endpoints.load()).sections]


LABELS = [
    "- Endpoint: `GET /fapi/v1/{}`  ",
    "**Endpoint**: `GET /fapi/v1/{}`",
    "* **Endpoint:** GET /fapi/v1/{}",
    "接口\uff1aGET /fapi/v1/{}",
    "GET `/fapi/v1/{}`",
]


@pytest.mark.parametrize("label", LABELS)
def test_a_label_names_an_operation_beside_lists_of_others(label: str) -> None:
    part = f'## Part\n\n{label}\n\n```json\n{{{{"a": 1}}}}\n```\n\n'
    listed = "## Others\n\n- `POST /fapi/v1/algoOrder` places\n- `GET /fapi/v1/algoOrders` lists\n\n"
    assert _operations(f"# Reference\n\n{part.format('one')}{listed}{part.format('two')}") == [
        "GET /fapi/v1/one",
        "GET /fapi/v1/two",
    ]


def test_a_sentence_names_none_beside_a_line_of_its_own() -> None:
    page = '# Order\n\nGET `/fapi/v1/order`\n\nNote: GET /fapi/v1/orders lists them.\n\n```json\n{"a": 1}\n```\n'
    assert _operations(page) == ["GET /fapi/v1/order"]


@pytest.mark.parametrize("path", ["orders/{orderId}", "orders/{order-id}/fills", "orders/:id", "orders/:id/{n}"])
def test_what_stands_for_a_part_of_a_path_belongs_to_it(path: str) -> None:
    parts = [f"# Part\n\nGET `/api/v1/{each}`\n\n```json\n[]\n```\n" for each in ("orders", path)]
    page = "\n".join(parts)
    assert _operations(page) == ["GET /api/v1/orders", f"GET /api/v1/{path}"]
