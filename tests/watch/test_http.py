"""Pages that are asked for over HTTP, with everything that can go wrong: no failure is a change, and none is green."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import pytest

import docserver
from docserver import Answer, Docs
from watching import page, records, watch
from wireshape import __version__

HTML = {"Content-Type": "text/html"}


def test_a_watch_that_ran_ran_again_and_ran_after_a_change_says_so_in_one_line_each(docs: Docs, store: Path) -> None:
    url = docs.page("/account", page(name="a", size=1))
    first = watch(store, url)
    assert (first.code, first.lines) == (0, ["first capture of 1 page"])
    day = records(store, "index.jsonl")[0]["date"][:10]
    again = watch(store, url)
    assert (again.code, again.lines) == (0, [f"nothing new: 1 page, 1 unchanged since {day}"])
    docs.page("/account", page(name="a", size=1, colour="red"))
    after = watch(store)
    assert after.code == 1
    assert after.last == "1 event: 1 page, 1 changed; 1 info"
    assert after.lines[0].split() == [
        "info", "page-field-added", "GET", "/api/v1/thing", "en", "colour", "is", "string", '"red"', f"{url}:6"
    ]  # fmt: skip
    assert watch(store).code == 0


def test_other_markup_is_kept_and_no_news(docs: Docs, store: Path) -> None:
    url = docs.page("/account", page())
    watch(store, url)
    docs.page(
        "/account", page().replace("<pre>", '<div class="x"><pre class="json">').replace("</pre>", "</pre></div>")
    )
    after = watch(store)
    assert (after.code, after.lines) == (0, ["nothing new: 1 page, 1 changed"])
    assert len({each["sha256"] for each in records(store, "index.jsonl")}) == 2


@pytest.mark.parametrize("validator", [{"ETag": '"1"'}, {"Last_Modified": "Tue, 10 Nov 2026 10:00:00 GMT"}], ids=str)
def test_what_is_known_is_asked_for_by_what_tells_it(docs: Docs, store: Path, validator: dict[str, str]) -> None:
    url = docs.page("/account", page(), **validator)
    watch(store, url)
    assert watch(store, url).lines[0].startswith("nothing new: 1 page, 1 unchanged")
    sent = {"ETag": "if-none-match", "Last_Modified": "if-modified-since"}
    ((name, value),) = validator.items()
    assert [each.headers.get(sent[name]) for each in docs.asked if each.path == "/account"] == [None, value]


def test_a_validator_that_cannot_be_sent_is_none(docs: Docs, store: Path) -> None:
    url = docs.page("/account", page(), ETag='"\xe9"')
    assert watch(store, url).code == 0
    assert watch(store, url).code == 0
    assert "etag" not in records(store, "index.jsonl")[0]


def test_who_asks_says_so(docs: Docs, store: Path) -> None:
    watch(store, docs.page("/account", page()))
    assert docs.paths() == ["/robots.txt", "/account"]
    assert all(each.headers["user-agent"].startswith(f"wireshape/{__version__} (") for each in docs.asked)


FAULTS = {
    "404": (Answer(status=404), "HTTP 404; the page may have moved"),
    "410": (Answer(status=410), "HTTP 410; the page may have moved"),
    "403": (Answer(status=403, body=b"<html>no</html>"), "HTTP 403"),
    "500": (Answer(status=500), "HTTP 500"),
    "503 for good": (Answer(status=503), "HTTP 503"),
    "cut off": (Answer(body=page().encode(), headers=HTML, cut=True), "no answer"),
    "slow": (Answer(body=page().encode() * 40, headers=HTML, slow=0.5), "no complete answer within 2 seconds"),
    "empty": (Answer(body=b" \n", headers=HTML), "the page is empty"),
    "a wall for bots": (Answer(body=b"<html><p>Are you human?</p></html>", headers=HTML), "a wall for bots"),
    "an error with 200": (Answer(body=b'{"code": 1}', headers=HTML), "an error page"),
    "JSON": (Answer(body=b"{}", headers={"Content-Type": "application/json"}), "content type application/json"),
    "no UTF-8": (Answer(body=b"<html>\xff\xfe\xff</html>", headers=HTML), "not UTF-8"),
    "no end": (Answer(body=page().encode().partition(b"</body")[0], headers=HTML), "the page is cut off"),
    "too large": (Answer(body=b" " * 4_000_001, headers=HTML), "larger than 4 MB"),
    "a bomb": (
        Answer(body=gzip.compress(b" " * 9_000_000), headers={**HTML, "Content-Encoding": "gzip"}), "larger than 4 MB"
    ),
    "damaged gzip": (
        Answer(body=gzip.compress(b"x" * 99)[:20], headers={**HTML, "Content-Encoding": "gzip"}),
        "gzip body is cut short",
    ),
    "a circle": (Answer(status=302, headers={"Location": "/account"}), "redirects in a circle"),
    "nowhere": (Answer(status=302), "does not say where"),
    "to no address": (Answer(status=302, headers={"Location": "http://[::1"}), "Invalid URL in location header"),
    "to a file": (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "only http and https"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_is_no_change_and_no_green(docs: Docs, store: Path, fault: str) -> None:
    answer, said = FAULTS[fault]
    urls = [docs.page("/account", page()), docs.page("/other", page("GET /api/v1/other"))]
    watch(store, *urls)
    before = (store / "index.jsonl").read_bytes()
    docs.put("/account", answer)
    broken = watch(store)
    assert broken.code == 3
    assert [line for line in broken.lines if line.startswith("unchecked")] == [broken.lines[0]]
    assert f"{urls[0]}: could not look: " in broken.lines[0]
    assert said in broken.lines[0]
    assert " 1 unchanged since " in broken.last
    assert (store / "index.jsonl").read_bytes() == before
    docs.page("/account", page())
    assert watch(store).code == 0


def test_no_answer_at_all(store: Path) -> None:
    with docserver.running() as docs:
        url = docs.page("/account", page())
        watch(store, url)
    gone = watch(store)
    assert gone.code == 3
    assert "could not look" in gone.lines[0]
    assert "refused" in gone.lines[0]


def test_news_outweigh_what_could_not_be_looked_at(docs: Docs, store: Path) -> None:
    urls = [docs.page("/account", page()), docs.page("/other", page("GET /api/v1/other", name="a"))]
    watch(store, *urls)
    docs.put("/account", Answer(status=500))
    docs.page("/other", page("GET /api/v1/other", name=1))
    both = watch(store)
    assert both.code == 1
    assert both.last == "1 event: 1 page, 1 changed; 1 breaking; 1 not looked at"


def test_an_answer_that_comes_after_a_wait_is_taken(docs: Docs, store: Path) -> None:
    busy = Answer(status=429, headers={"Retry-After": "0"})
    url = docs.put("/account", busy, Answer(status=503), Answer(body=page().encode(), headers=HTML))
    assert watch(store, url).code == 0
    assert docs.paths() == ["/robots.txt", "/account", "/account", "/account"]


def test_a_host_that_wants_to_be_left_alone_is(docs: Docs, store: Path) -> None:
    urls = [docs.page(f"/{number}", page(f"GET /api/v1/thing{number}")) for number in range(3)]
    watch(store, *urls)
    docs.asked.clear()
    docs.put("/0", Answer(status=429, headers={"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}))
    alone = watch(store)
    assert alone.code == 3
    assert docs.paths() == ["/robots.txt", "/0"]
    assert alone.last == "nothing was checked; 3 not looked at"


def test_a_pause_is_made_between_two_requests(docs: Docs, store: Path) -> None:
    watch(store, docs.page("/a", page()), docs.page("/b", page("GET /api/v1/b")), "--pause", "0.2")
    times = [each.at for each in docs.asked]
    assert [later - earlier >= 0.19 for earlier, later in pairwise(times)] == [True, True]


def test_redirects_are_followed_and_those_for_good_told(docs: Docs, store: Path) -> None:
    url = docs.put("/old", Answer(status=301, headers={"Location": "/newer"}))
    docs.put("/newer", Answer(status=308, headers={"Location": docs.url("/newest")}))
    docs.page("/newest", page())
    moved = watch(store, url)
    assert moved.code == 0
    assert moved.lines == [f"note        {url}: moved for good; watch {docs.url('/newest')}", "first capture of 1 page"]
    docs.put("/newer", Answer(status=302, headers={"Location": "/newest"}))
    assert watch(store).lines[0] == f"note        {url}: moved for good; watch {docs.url('/newer')}"


def test_a_redirect_for_now_is_told(docs: Docs, store: Path) -> None:
    url = docs.put("/today", Answer(status=307, headers={"Location": "/account"}))
    docs.page("/account", page())
    redirected = watch(store, url)
    assert redirected.lines == [f"note        {url}: redirected to {docs.url('/account')}", "first capture of 1 page"]


def test_too_many_redirects(docs: Docs, store: Path) -> None:
    for number in range(9):
        docs.put(f"/{number}", Answer(status=302, headers={"Location": f"/{number + 1}"}))
    assert "redirects more than 5 times" in watch(store, docs.url("/0")).lines[0]


@pytest.mark.parametrize(
    "rules_", ["User-agent: *\nDisallow: /account", "User-agent: wireshape\nDisallow: /"], ids=repr
)
def test_what_robots_forbid_is_not_asked(docs: Docs, store: Path, rules_: str) -> None:
    docs.put("/robots.txt", Answer(body=rules_.encode()))
    forbidden = watch(store, docs.page("/account", page()))
    assert forbidden.code == 3
    assert "robots.txt forbids it" in forbidden.lines[0]
    assert docs.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [500, 429])
def test_where_robots_cannot_be_read_nothing_is_asked(docs: Docs, store: Path, status: int) -> None:
    docs.put("/robots.txt", Answer(status=status))
    refused = watch(store, docs.page("/account", page()))
    assert refused.code == 3
    assert f"HTTP {status} for robots.txt" in refused.lines[0]
    assert set(docs.paths()) == {"/robots.txt"}


def test_rules_for_others_and_gzip_are_fine(docs: Docs, store: Path) -> None:
    docs.put("/robots.txt", Answer(body=b"User-agent: greedy\nDisallow: /\n\nUser-agent: *\nDisallow: /private\n"))
    packed = {**HTML, "Content-Encoding": "gzip"}
    assert watch(store, docs.put("/account", Answer(body=gzip.compress(page().encode()), headers=packed))).code == 0
    (kept,) = (each for each in (store / "captures").rglob("*") if each.is_file())
    assert kept.read_text("utf-8") == page()
