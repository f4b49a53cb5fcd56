"""The kinds of hostile content: answers and pages that cost time, memory or output; `hostile.py` has the parts."""

from __future__ import annotations

import base64
import gzip

from hostile import MILLION, ROW, aliases, answer, bomb, cassette, documented, entry, har, logged, numbered, page, rows

M = MILLION
_LONG_ROW = '{"asset":"A","walletBalance":1,"marginBalance":[],"maintMargin":{},"initialMargin":"x","updateTime":"no"}'
_FRAMES = b'{"id":%d,"method":"v2/account.status"}\n{"id":%d,"status":200,"result":{}}\n'
_SECTION = b'# GET `/fapi/v3/account`\n\n```json\n{"feeTier": 0}\n```\n\n'


def _assets_and_positions(number: int) -> bytes:
    assets, positions = (numbered(number, row) for row in ('{"asset":"A#"}', '{"symbol":"XA#","positionSide":"BOTH"}'))
    return assets[:-1] + b',"positions":' + positions.partition(b":")[2]


ANSWERS = (
    answer("8,000 short rows", lambda: rows(8000, ROW), quick=True),
    answer("240,000 short rows", lambda: rows(240_000, ROW)),
    answer("rows of wrong types", lambda: rows(50_000, _LONG_ROW)),
    answer("rows of wrong values, no two alike", lambda: numbered(100_000, '{"asset":"a#","updateTime":#.5}')),
    answer("as many assets as positions", lambda: _assets_and_positions(20_000)),
    answer("rows of unknown fields, no two alike", lambda: numbered(100_000, '{"a#":1}')),
    answer("rows of unknown sides", lambda: numbered(100_000, '{"symbol":"S","positionSide":"X#"}', "positions")),
    answer("rows of one symbol", lambda: rows(100_000, '{"symbol":"S","positionSide":"BOTH"}', "positions")),
    answer("a million rows that are numbers", lambda: rows(M, "1")),
    answer("a million numbers", lambda: b"[" + b"1," * M + b"1]"),
    answer("a million objects", lambda: b"[" + b"{}," * M + b"{}]"),
    answer("20 million arrays", lambda: b"[" + b"[]," * (20 * M) + b"[]]"),
    answer("a million keys", lambda: ("{" + ",".join(f'"k{n}":1' for n in range(M)) + "}").encode("ascii")),
    answer("a million keys in a row", lambda: rows(1, "{" + ",".join(f'"k{n}":1' for n in range(M)) + "}")),
    answer("a key 100,000 times", lambda: b"{" + b'"a":1,' * 100_000 + b'"a":1}'),
    answer(
        "100,000 keys twice",
        lambda: ("{" + ",".join(f'"a{n}":1,"a{n}":2' for n in range(100_000)) + "}").encode("ascii"),
    ),
    answer("a key twice around 120 levels", lambda: b'{"a":' * 120 + b"[1]" + b"}" * 119 + b',"a":1}', quick=True),
    answer("a deep member that another replaces", lambda: b'{"a":' + b"[" * 990 + b"]" * 990 + b',"a":1}', quick=True),
    answer("100,000 open brackets", lambda: b"[" * 100_000, quick=True),
    answer("100,000 nested objects", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, quick=True),
    answer("many branches of 120 levels", lambda: b"[" + b",".join([b"[" * 120 + b"]" * 120] * 20_000) + b"]"),
    answer("an integer of a million digits", lambda: b'{"updateTime":' + b"9" * M + b"}", quick=True),
    answer("an exponent of a million digits", lambda: b'{"updateTime":1e' + b"9" * M + b"}", quick=True),
    answer("integers past 64 bits", lambda: rows(100_000, '{"updateTime":123456789012345678901234567890}')),
    answer("a million digits in a string, a key twice", lambda: b'{"a":":","a":' + b"9" * 300 + b"}", quick=True),
    answer("a string of 50 MB", lambda: b'{"assets":"' + b"x" * (50 * M) + b'"}'),
    answer("a key of 50 MB", lambda: b'{"' + b"x" * (50 * M) + b'":1}'),
    answer("a string of colons", lambda: b'"' + b":" * (30 * M) + b'"'),
    answer("a string of brackets", lambda: b'{"assets":"' + b"[{," * M + b'"}'),
    answer("70 MB of blanks", lambda: b" " * (70 * M)),
    answer("70 MB of NUL", lambda: b"\0" * (70 * M)),
    answer("many byte order marks", lambda: b"\xef\xbb\xbf" * 100_000 + b"{}", quick=True),
    answer("UTF-16", lambda: ('{"assets":[]}' * 1000).encode("utf-16"), quick=True),
    answer("UTF-32", lambda: ('{"assets":[]}' * 1000).encode("utf-32"), quick=True),
    answer("no UTF-8", lambda: b'{"a":"' + b"\xff" * 1000 + b'"}', quick=True),
    answer("halves of surrogate pairs", lambda: b'{"a":"' + b"\\ud800" * 1000 + b'"}', quick=True),
    answer("cut short", lambda: rows(100_000, ROW)[:-7]),
    answer("NDJSON: 40,000 lines alike", lambda: b'{"id":1}\n' * 40_000, ".ndjson"),
    answer("NDJSON: 40,000 lines", lambda: b"".join(b'{"id":%d}\n' % n for n in range(40_000)), ".ndjson"),
    answer("NDJSON: a million lines", lambda: b"{}\n" * M, ".ndjson"),
    answer("NDJSON: no JSON", lambda: b"x\n" * M, ".ndjson"),
    answer("NDJSON: frames", lambda: b"".join(_FRAMES % (n, n) for n in range(20_000)), ".ndjson"),
    answer("NDJSON: errors", lambda: b"".join(b'{"code":-%d,"msg":""}\n' % n for n in range(1, 90_000)), ".ndjson"),
    answer(
        "NDJSON: 2,000 errors",
        lambda: b'{"assets":[{"asset":"A"}]}\n' + b'{"code":-1,"msg":""}\n' * 2000,
        ".ndjson",
        quick=True,
    ),
    answer(
        "NDJSON: wrapped",
        lambda: b"".join(b'{"data":{"totalMarginBalance":%d}}\n' % n for n in range(40_000)),
        ".ndjson",
    ),
    answer(
        "NDJSON: wrapped, no answers", lambda: b"".join(b'{"data":{"i":%d}}\n' % n for n in range(40_000)), ".ndjson"
    ),
    answer("NDJSON: empty lines", lambda: b"\n" * (60 * M), ".ndjson"),
    answer("HAR: 10,000 answers", lambda: har(*(entry(f'{{"assets":[{n}]}}') for n in range(10_000))), ".har"),
    answer("HAR: an answer of escapes", lambda: har(entry('{"a":["' + '\\n","' * 240_000 + '"]}')), ".har"),
    answer("HAR: long answers", lambda: har(*(entry(f'{{"a{n}":["{"x" * 20_000}"]}}') for n in range(3000))), ".har"),
    answer("HAR: no requests", lambda: har(*[1] * 100_000), ".har"),
    answer("HAR: bombs", lambda: har(*[entry(base64.b64encode(bomb(50 * M)).decode(), "base64")] * 50), ".har"),
    answer("HAR: no base64", lambda: har(*[entry("!", "base64")] * 50_000), ".har"),
    answer("a bomb", lambda: bomb(300 * M), quick=True),
    answer("a bomb of rows", lambda: gzip.compress(rows(240_000, ROW))),
    answer("a bomb cut short", lambda: bomb(M)[:50], quick=True),
    answer("YAML: aliases as interactions", lambda: aliases().encode() + b"interactions: *a11\n", ".yaml", quick=True),
    answer(
        "YAML: aliases as mode and time",
        lambda: aliases().encode() + cassette("'{}'", metadata="{wireshape: {mode: *a11, origin: {kind: loopback}}}"),
        ".yaml",
        quick=True,
    ),
    answer("YAML: aliases as body", lambda: aliases().encode() + cassette("*a11"), ".yaml", quick=True),
    answer("YAML: 3 million rows", lambda: b"interactions:\n" + b"- 1\n" * (3 * M), ".yaml"),
    answer("YAML: deep", lambda: b"interactions: " + b"[" * 100_000, ".yaml", quick=True),
    answer("YAML: a string of 50 MB", lambda: cassette(f"'{'x' * 50 * M}'"), ".yaml"),
    answer("YAML: a body of blanks", lambda: cassette('\'{"a": ["' + "x " * 900_000 + "\"]}'"), ".yaml"),
    answer("YAML: folded lines", lambda: cassette('\'{"a": [' + "1,\n\n        " * 400_000 + "1]}'"), ".yaml"),
    answer("YAML: sixties", lambda: b"interactions: " + b"1:" * 200_000 + b"1\n", ".yaml", quick=True),
    answer("YAML: times", lambda: b"interactions:\n" + b"- 2001-12-14t21:59:43.10-05:00\n" * 150_000, ".yaml"),
    answer("YAML: a code of a million digits", lambda: cassette("'{}'", status="9" * M), ".yaml", quick=True),
    answer("YAML: many documents", lambda: b"---\ninteractions: []\n" * 100_000, ".yaml"),
)


def _logged(lines: bytes) -> bytes:
    return b"## 2026-01-01\n\n" + lines + b"\n"


PAGES = (
    documented("a megabyte of backticks", lambda: b"`" * M, quick=True),
    documented("fences", lambda: b"```\n" * 90_000),
    documented("comments that are not closed", lambda: page(b"{\n" + b'"a": 1, /* x\n' * 200_000 + b"}")),
    documented("fences of all lengths", lambda: b"".join(b"`" * (3 + n % 50) + b"\n" for n in range(50_000))),
    documented("open tags", lambda: b"<" * M),
    documented("open comments", lambda: b"<!--" * 200_000),
    documented("open brackets", lambda: b"{" * M),
    documented("open members", lambda: b'{"a":\n' * 90_000),
    documented("open quotes", lambda: b'{"' * 300_000),
    documented("open links", lambda: b"GET /fapi/v3/account\n\n" + b"(/" * 500_000 + b"\n\n" + page(b'{"a":1}')),
    documented("quotations in quotations", lambda: b">" * 100_000 + b" a\n"),
    documented("lists", lambda: b"- a\n" * 99_000),
    documented("lists in lists", lambda: b"".join(b" " * (2 * n) + b"- a\n" for n in range(1000))),
    documented("a wide table", lambda: b"|a" * 100_000 + b"|\n" + b"|-" * 100_000 + b"|\n"),
    documented("a long table", lambda: b"|a|b|\n|-|-|\n" + b"|c|d|\n" * 99_000),
    documented("headings", lambda: b"# GET /fapi/v3/account\n" * 99_000),
    documented("900 requests", lambda: page(b'{"method": "account.status"}') * 900),
    documented("2,000 sections", lambda: _SECTION * 2000, quick=True),
    documented("a line of 3 MB", lambda: b"a" * (3 * M)),
    documented("carriage returns alone", lambda: _SECTION.replace(b"\n", b"\r") * 5, quick=True),
    documented("NUL", lambda: page(b'{"a":1}') + b"\0", quick=True),
    documented("UTF-16", lambda: page(b'{"a":1}').decode().encode("utf-16"), quick=True),
    documented("8,000 rows", lambda: page(rows(8000, ROW))),
    documented("80,000 rows", lambda: page(rows(80_000, ROW))),
    documented("rows of values, no two alike", lambda: page(numbered(30_000, '{"asset":"a#"}'))),
    documented("rows of fields, no two alike", lambda: page(numbered(20_000, '{"a#":1}'))),
    documented("missing commas", lambda: page(b'{"assets":[' + b'{"asset":"A" "a":"1"}\n' * 20_000 + b"]}")),
    documented("commas", lambda: page(b'{"a":1' + b"," * 500_000 + b"}")),
    documented("closing brackets", lambda: page(b'{"a":1' + b"]" * 500_000 + b"}")),
    documented("ellipses", lambda: page(b'{"a":[' + b"...," * 200_000 + b"]}")),
    documented("an ellipsis of a megabyte", lambda: page(b"{" + b"." * M + b"}"), quick=True),
    documented("a key 90,000 times", lambda: page(b"{" + b'"a":1,\n' * 90_000 + b"}")),
    documented("comments", lambda: page(b'{"a":1, ' + b"// x\n" * 90_000 + b"}")),
    documented("a comment of capitals", lambda: page(b'{"a":"B" // ' + b"A" * 500_000 + b"\n}")),
    documented("strings that never close", lambda: page(b'{"a": ' + b'"x\n' * 90_000 + b"}")),
    documented("quotes", lambda: page(b'{"a": ' + b'"' * 500_000 + b"}")),
    documented("backslashes", lambda: page(b'{"a": "' + b"\\" * M + b'"}')),
    documented("an integer of a million digits", lambda: page(b'{"a": ' + b"9" * M + b"}"), quick=True),
    documented("an integer of a thousand digits", lambda: page(b'{"updateTime":' + b"9" * 1000 + b"}"), quick=True),
    documented("odd blanks", lambda: page(b'{"a":' + b"\xc2\xa0\n" * 90_000 + b"1}")),
    documented("wide punctuation", lambda: page("\uff5b\u201ca\u201d\uff1a\u201cb\u201d\uff0c".encode() * 50_000)),
    documented("a weight named again and again", lambda: b"GET /fapi/v3/account " + "权重".encode() * 500_000),
    documented("HTML: open tags", lambda: b"<html>" + b"<a " * 100_000, ".html"),
    documented("HTML: attributes", lambda: b"<html><a " + b'a="b" ' * 200_000 + b">", ".html"),
    documented("HTML: attributes of a tag that never closes", lambda: b"<html><a " + b"a " * 1_900_000, ".html"),
    documented("HTML: attributes of a tag", lambda: b"<html><a " + b"a " * 1_900_000 + b">", ".html"),
    documented("HTML: attributes that look like ends", lambda: b"<html><a " + b"a='>' " * 600_000 + b">", ".html"),
    documented("HTML: blanks after an attribute", lambda: b"<html><a a" + b" " * 3_900_000, ".html"),
    documented("HTML: open tags and blanks", lambda: b"<html>" + (b"<a " + b" " * 30_000) * 120, ".html"),
    documented("HTML: ends, then open comments", lambda: b"<html>" + b"-->" * 300_000 + b"<!--" * 600_000, ".html"),
    documented("HTML: open comments, then hyphens", lambda: b"<html>" + b"<!--" * 499 + b"--" * 1_900_000, ".html"),
    documented("HTML: marked sections", lambda: b"<html>" + b"<![" * 3 + b"<![a]>" * 300_000, ".html", quick=True),
    documented("HTML: comments", lambda: b"<html>" + (b"<!--" + b"x" * 2000) * 499, ".html"),
    documented("HTML: references", lambda: b"<html>" + b"&#9999999999;" * 100_000, ".html"),
    documented("HTML: tables in tables", lambda: b"<html>" + b"<table><tr><td>" * 100_000, ".html"),
    logged(
        "log: operations in lists in lists",
        lambda: _logged(b"".join(b" " * (n % 90) + b"- `GET /api/v1/a` new field `b`\n" for n in range(90_000))),
    ),
    logged("log: names on a line", lambda: _logged(b"- GET /api/v1/a new field " + b"in `b` " * 400_000)),
    logged("log: operations on a line", lambda: _logged(b"- " + b"GET /api/v1/a, " * 200_000)),
    logged("log: commas behind an operation", lambda: _logged(b"- GET /api/v1/a " + b"," * 3_000_000)),
    logged("log: capitals", lambda: _logged(b"- GET /api/v1/a new field " + b"aA" * 1_500_000 + b".")),
    logged("log: open links", lambda: _logged(b"- " + b"[" * 1_500_000 + b"](" * 700_000)),
    logged("log: quotes", lambda: _logged(b"- GET /api/v1/a new field " + b'`"' * 1_500_000)),
    logged("log: dots", lambda: _logged(b"- " + b"a." * 1_900_000)),
    logged("log: days", lambda: b"## 2026-01-01\n" * 90_000),
    logged("log: HTML lists", lambda: b"<html><h2>2026-01-01</h2>" + b"<ul><li>GET /api/v1/a" * 100_000, ".html"),
)
