"""What a page says beside its examples: tables in any markup, rate limits, and notes with a day."""

from __future__ import annotations

import pytest

from wireshape.catalog import endpoints
from wireshape.pages import sections
from wireshape.pages.statements import Statements

EXAMPLE = '{"orderId": 7, "side": "BUY", "price": "1"}'
MARKDOWN = f"# Order\n\nPOST `/fapi/v9/order`\n\n{{}}\n\n## Response\n\n```json\n{EXAMPLE}\n```\n"
HTML = f"<h1>Order</h1><p>POST <code>/fapi/v9/order</code></p>{{}}<h2>Response</h2><pre>{EXAMPLE}</pre>"
TWO = [("symbol", "string", True, "name"), ("limit", "integer", False, "")]


def _read(text: str, page: str = MARKDOWN) -> Statements:
    (section,) = sections.read(page.replace("{}", text, 1).encode(), "page", endpoints.load()).sections
    return section.statements


TABLES = {
    "between pipes": "| Name | Type | Mandatory | Description |\n| :-- | --- | --: | --- |\n"
    "| symbol | STRING | YES | name |\n| limit | INT | NO | |\n",
    "without pipes at the ends": "Name| Type| Mandatory| Description  \n---|---|---|---  \n"
    "symbol| STRING| YES| name  \nlimit| INT| NO|   \n",
    "in Chinese": "| 名称 | 类型 | 是否必需 | 描述 |\n|--|--|--|--|\n"
    "| symbol | STRING | 是 | name |\n| limit | INT | 否 | |\n",
    "columns in another order": "| Parameter | Required | Type | Comments |\n|--|--|--|--|\n"
    "| **symbol** | true | string | [name](https://exchange.example/enums) |\n| `limit` | false | integer | |\n",
    "in a quotation": "> | Name | Type | Mandatory | Description |\n> | -- | -- | -- | -- |\n"
    "> | symbol | STRING | YES | name |\n> | limit | INT | NO | |\n",
    "HTML in Markdown": "<table>\n<tr><th>Name</th><th>Type</th><th>Mandatory</th><th>Description</th></tr>\n"
    "<tr><td><code>symbol</code></td><td>STRING</td><td>YES</td><td>name</td></tr>\n"
    "<tr><td>limit</td><td>INT</td><td>NO</td><td></td></tr>\n</table>\n",
    "pasted with tabs": "Name\tType\tMandatory\tDescription\nsymbol\tSTRING\tYES\tname\nlimit\tINT\tNO\t\n",
    "pasted with blanks": "Name   Type    Mandatory  Description\nsymbol STRING  YES        name\nlimit  INT     NO\n",
    "pasted without anything between": "NameTypeMandatoryDescription\nsymbolSTRINGYESname\nlimitINTNO\n",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_is_read_in_any_markup(table: str) -> None:
    rows = _read(f"Parameters of the request:\n\n{table}").rows
    assert [(row.name, row.type, row.mandatory, row.description) for row in rows] == TWO


def test_a_table_of_html_is_read_whatever_is_not_closed() -> None:
    table = (
        "<table><thead><tr><th>Name<th>Type<th>Mandatory<th>Description</tr></thead><tbody>"
        "<tr><td><code>symbol</code><td>STRING<td>YES<td>name<tr><td>limit<td>INT<td>NO<td></table>"
    )
    rows = _read(table, HTML).rows
    assert [(row.name, row.type, row.mandatory, row.description) for row in rows] == TWO


def test_of_what_several_rows_share_none_of_them_is_said() -> None:
    table = (
        "<table><tr><th>Name</th><th>Type</th><th>Mandatory</th><th>Description</th></tr>"
        '<tr><td>symbol</td><td>STRING</td><td rowspan="2">YES</td><td>one</td></tr>'
        "<tr><td>symbols</td><td>ARRAY of STRING</td><td>several</td></tr>"
        "<tr><td>type</td><td>ENUM</td><td>NO</td><td></td></tr></table>"
    )
    rows = _read(table, HTML).rows
    assert [(row.name, row.type, row.mandatory, row.description) for row in rows] == [
        ("symbol", "string", None, "one"),
        ("symbols", "array", None, "several"),
        ("type", "scalar", False, ""),
    ]


def test_a_cell_goes_on_over_lines() -> None:
    table = (
        "| Name | Type | Mandatory | Description |\n|--|--|--|--|\n"
        "| kind | ENUM | YES | one of  \n`A`  \n`B` |\n| force | ENUM | NO | how long\n\n-   `C`: long\n-   `D`\n\n |\n"
        "| last | INT | NO | a \\| b<br>c |\n\n| of | another |\n"
    )
    rows = _read(table).rows
    assert [(row.name, row.description) for row in rows] == [
        ("kind", "one of A B"),
        ("force", "how long - C: long - D"),
        ("last", "a | b c"),
    ]


def test_a_field_inside_of_another_is_not_asked_for() -> None:
    table = "| Parameter | Type | Required |\n|--|--|--|\n| list | Array | Yes |\n| \\> symbol | String | Yes |\n"
    rows = _read(table).rows
    assert [(row.name, row.type, row.mandatory) for row in rows] == [
        ("list", "array", True),
        ("symbol", "string", None),
    ]


def test_the_heading_tells_parameters_from_fields() -> None:
    table = "| Field | Type | Description |\n|--|--|--|\n| side | STRING | |\n"
    assert [row.kind for row in _read(f"## Response Fields\n\n{table}").rows] == ["fields"]
    assert [row.kind for row in _read(f"## Request Parameters\n\n{table}").rows] == ["parameters"]
    assert _read(f"## Limits\n\n{table}").rows == ()


def test_errors_are_told_by_their_column() -> None:
    rows = _read("| Error code | Message |\n|--|--|\n| -1021 | too late |\n| other | none |\n").rows
    assert [(row.kind, row.name, row.description) for row in rows] == [("errors", "-1021", "too late")]


def test_code_holds_no_table() -> None:
    assert _read("```\n| Name | Type | Mandatory |\n|--|--|--|\n| symbol | STRING | YES |\n```\n").rows == ()


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("Rate Limit: 10 requests per 2 seconds", "10 per 2 second"),
        ("The limit is 1,200/min.", "1200 per 1 minute"),
        ("限频 20次/秒", "20 per 1 second"),
        ("1 on 10s order rate limit(X-MBX-ORDER-COUNT-10S)", None),
        ("The version is 1.2/3.", None),
    ],
)
def test_a_rate_limit_is_told_in_one_way(sentence: str, limit: str | None) -> None:
    assert [each.words for each in _read(sentence).limits] == ([limit] if limit else [])


@pytest.mark.parametrize(
    ("sentence", "is_note"),
    [
        ("From 2026-06-24 on, one mode.", True),
        ("2024年9月3日起生效", True),
        ("Last updated on 2026-02-02", False),
        ("Version 2026-99-99", False),
        ("The file 2024-01-02-03.log", False),
    ],
)
def test_a_note_names_a_day(sentence: str, is_note: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert bool(_read(sentence).notes) is is_note
