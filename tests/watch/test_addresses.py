"""Addresses with secrets, addresses that are none, and sitemaps."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from docserver import Answer, Docs
from watching import page, records, rules, watch

HTML = {"Content-Type": "text/html"}


SECRETS = [
    "http://user:hunter22@{host}/account",
    "http://{host}/account?token=hunter22",
    "http://{host}/account?page=2&apiKey=hunter22",
    "http://{host}/account?sig=hunter22#hunter22",
    "http://{host}/account?x=hunter22a8d483eae0ef9f30c2bad517",
]


@pytest.mark.parametrize("written", SECRETS)
@pytest.mark.parametrize("works", [True, False])
def test_secrets_of_an_address_are_neither_printed_nor_kept(
    docs: Docs, store: Path, written: str, *, works: bool
) -> None:
    docs.put("/account", Answer(body=page().encode(), headers=HTML) if works else Answer(status=404))
    url = written.format(host=docs.address.removeprefix("http://"))
    run = watch(store, url, "--format", "json")
    again = watch(store, url)
    for text in (*run.lines, *again.lines, *(file.read_text("utf-8") for file in store.rglob("*") if file.is_file())):
        assert "hunter22" not in text
    assert again.code == (0 if works else 3)
    if works:
        forgotten = watch(store)
        assert forgotten.code == 3
        assert "the secret in its address is not kept" in forgotten.lines[0]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://example.org/a", "only http and https are asked, and not ftp"),
        ("file:///etc/passwd", "only http and https are asked, and not file"),
        ("http://", "not an address"),
        ("http://exam ple.org/", "not an address"),
        ("http://example.org:x/", "not an address"),
        ("http://[::1/", "not an address"),
    ],
)
def test_addresses_that_are_none(store: Path, address: str, said: str) -> None:
    refused = watch(store, address)
    assert refused.code == 3
    assert refused.lines == [f"wireshape: {said}"] or said in refused.lines[0]


def test_a_page_without_examples_is_kept_and_not_green(docs: Docs, store: Path) -> None:
    url = docs.page("/about", "<html><p>About us</p></html>")
    for _ in range(2):
        run = watch(store, url)
        assert run.code == 4
        assert "it has no operation with an example" in run.lines[0]
    docs.page("/about", page())
    assert watch(store).code == 1
    assert rules(store) == ["page-operation-added"]


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{a}</loc><image:image><image:loc>{a}.png</image:loc></image:image></url>
<url><lastmod>2026-01-01</lastmod><loc><![CDATA[ {b} ]]></loc></url><url><loc>https://elsewhere.example/c</loc></url>
</urlset>"""


@pytest.mark.parametrize("packed", [True, False])
def test_a_sitemap_lists_the_pages_of_its_host(docs: Docs, store: Path, *, packed: bool) -> None:
    a, b = docs.page("/docs/a", page()), docs.page("/docs/b", page("GET /api/v1/b"))
    text = SITEMAP.format(a=a, b=b).encode()
    name = "/pages.xml.gz" if packed else "/pages.xml"
    listed = docs.put(name, Answer(body=gzip.compress(text) if packed else text, headers={"Content-Type": "text/xml"}))
    index = f"<sitemapindex><sitemap><loc>{listed}</loc></sitemap></sitemapindex>"
    url = docs.put("/sitemap.xml", Answer(body=index.encode(), headers={"Content-Type": "application/xml"}))
    first = watch(store, url)
    assert first.code == 0
    assert first.lines[0].endswith("1 addresses in it are of other hosts, and left out")
    assert first.last == "first capture of 2 pages"
    assert watch(store).last.startswith("nothing new: 2 pages, 2 unchanged")
    docs.put(name, Answer(body=text.replace(b.encode(), docs.page("/docs/moved", page("GET /api/v1/b")).encode())))
    moved = watch(store)
    assert moved.code == 1
    assert [each["rule"] for each in records(store, "events.jsonl")] == ["page-moved"]
    docs.put("/sitemap.xml", Answer(status=500))
    assert watch(store).code == 3
    docs.put("/sitemap.xml", Answer(body=b"<urlset></urlset>"))
    assert "lists no page of its host" in watch(store).lines[0]
    assert rules(store) == ["page-moved"]


def test_the_pages_of_a_sitemap_can_be_narrowed(docs: Docs, store: Path) -> None:
    a, b = docs.page("/docs/a", page()), docs.page("/blog/b", page("GET /api/v1/b"))
    url = docs.put("/map", Answer(body=SITEMAP.format(a=a, b=b).encode(), headers={"Content-Type": "text/xml"}))
    assert watch(store, "--sitemap", url, "--match", "*/docs/*").last == "first capture of 1 page"
    assert watch(store).last.startswith("nothing new: 1 page, 1 unchanged")
