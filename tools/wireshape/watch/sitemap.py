"""The pages that a sitemap lists, of its own host alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from wireshape.errors import InputError
from wireshape.watch import addresses, manners
from wireshape.watch.fetch import Fetcher, Wanted

_ROOT = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)\b")
_ADDRESS = re.compile(
    r"<(?:(?:sm|sitemap|s|ns[0-9])\:)?loc\b[^<>]{0,200}>\s*(?:<!\[CDATA\[\s*)?([^<>\]\s]{1,4000})\s*(?:\]\]>\s*)?</"
)
"""The address of a page or of a sitemap; pictures and films of a page have theirs under another prefix."""
_INDEX = "sitemapindex"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages of its host, and how many are of others."""

    pages: tuple[str, ...]
    elsewhere: int


def read(address: str, fetcher: Fetcher) -> Sitemap:
    """Read a sitemap and those that it names; InputError where one cannot be read, so that no page seems gone."""
    limits = manners.load()
    waiting, done, pages = [address], set[str](), dict[str, None]()
    elsewhere = 0
    while waiting:
        if len(done) >= limits.sitemaps:
            raise InputError(f"the sitemap names more than {limits.sitemaps} others, the most that are read")
        current = waiting.pop(0)
        done.add(current)
        root, found = _listed(current, fetcher)
        own = [each for each in found if addresses.is_address(each) and addresses.host(each) == addresses.host(address)]
        elsewhere += len(found) - len(own)
        if root == _INDEX:
            waiting += [each for each in own if each not in done and each not in waiting]
        else:
            pages |= dict.fromkeys(own)
        if len(pages) > limits.sitemap_pages:
            raise InputError(f"the sitemap lists more than {limits.sitemap_pages:,} pages; name the part to watch")
    if not pages:
        raise InputError("the sitemap lists no page of its host")
    return Sitemap(pages=tuple(pages), elsewhere=elsewhere)


def _listed(address: str, fetcher: Fetcher) -> tuple[str, list[str]]:
    """Give what a sitemap is, and the addresses in it."""
    limits = manners.load()
    types = limits.sitemap_types | limits.page_types
    fetched = fetcher.fetch(Wanted(address=address, types=types, most=limits.sitemap_bytes))
    text = (fetched.content or b"").decode("utf-8-sig", "replace")
    root = _ROOT.search(text[:5000])
    if not root:
        raise InputError("no sitemap: it has neither urlset nor sitemapindex")
    return root[1], [unescape(found[1]) for found in _ADDRESS.finditer(text)]
