"""Which page this is: the address it stands at, the product it is about and the day it was captured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import unescape

from wireshape.inputs import dates
from wireshape.pages.vocabulary import Vocabulary

_BEGINNING = 20_000
"""Characters in which a page says where it stands: the head of HTML, the front matter of Markdown."""
_LINK = re.compile(r"<(?:link|meta)\b[^>]{0,2000}>", re.IGNORECASE)
_IS_ADDRESS = re.compile(r"""(?:rel|property)\s*=\s*["']?(?:canonical|og:url)\b""", re.IGNORECASE)
_IN_TAG = re.compile(r"""(?:href|content)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_SAVED = re.compile(r"<!--\s*saved from url=(?:\(\d+\))?(\S+)", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\n---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(
    r"""^(?:url|slug|permalink|canonical(?:_url)?|source(?:_url)?):\s*["']?(\S+?)["']?\s*$""", re.MULTILINE
)
_SOURCE_LINE = re.compile(r"\A\s*(?:>\s*)?(?:source|url|来源)\s*[:\uff1a]\s*<?(https?://[^\s>]+)", re.IGNORECASE)
_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12][0-9]|3[01]))?(?![0-9])")
_WORD = re.compile(r"[^\W_]+")
_ARCHIVED = re.compile(r"\bweb/(20[0-9]{12})[a-z_]*/")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageIdentity:
    """What a page or the name of its file says of it; None where neither does. day may be the first of a month."""

    address: str | None = None
    product: str | None = None
    day: date | None = None


def of(text: str, name: str, vocabulary: Vocabulary) -> PageIdentity:
    """Read the address a page gives, and product and day from it, else from the name of the file."""
    address = _address(text[:_BEGINNING])
    places = [each for each in (address, name) if each]
    products = (_product(each, vocabulary) for each in places)
    return PageIdentity(
        address=address,
        product=next((each for each in products if each), None),
        day=next((each for each in (_day(name), _archived(address or "")) if each), None),
    )


def _address(head: str) -> str | None:
    for tag in _LINK.finditer(head):
        found = _IN_TAG.search(tag[0]) if _IS_ADDRESS.search(tag[0]) else None
        if found:
            return unescape(found[1])
    matter = _FRONT_MATTER.search(head)
    found = _SAVED.search(head) or (_FIELD.search(matter[1]) if matter else None) or _SOURCE_LINE.search(head)
    return found[1] if found else None


def _product(place: str, vocabulary: Vocabulary) -> str | None:
    """Name the product that the words of an address or a path name, if it is one alone."""
    words = _words(place)
    named = vocabulary.product_names.items()
    found = [product for product, names in named if any(_words(each) in words for each in names)]
    return found[0] if len(found) == 1 else None


def _words(place: str) -> str:
    return "/".join(["", *_WORD.findall(place.lower()), ""])


def _day(name: str) -> date | None:
    found = _DAY.search(name.replace("\\", "/").rsplit("/", 1)[-1]) or _DAY.search(name)
    return dates.named("-".join(part for part in found.groups() if part)) if found else None


def _archived(address: str) -> date | None:
    found = _ARCHIVED.search(address)
    return dates.named(f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:8]}") if found else None
