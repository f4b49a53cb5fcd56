"""Finds e-mail addresses of people: neither examples, nor roles, nor the authors that sources name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wireshape.scan.detectors.table import Hit

_AT = re.compile(rb"@(?<=[A-Za-z0-9]@)[A-Za-z0-9]")
_LOCAL = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._+-]{1,63}\Z")
_DOMAIN = re.compile(rb"@((?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,6})(?![\w-]|\.[A-Za-z0-9])")
_MAX_LOCAL_BYTES = 66
_LOOK_BACK_BYTES = 200
_ROLE = re.compile(
    rb"(?i)(?:git|no-?reply|do-?not-?reply|support|info|contact|hello|security|admin|root|help|abuse|sales|team|dev|legal"
    rb"|privacy|press|office|postmaster|webmaster|hostmaster|me|you|your?\W?\w*|user(?:name)?|name|foo|bar|test\w*|email|mail"
    rb"|someone|somebody|bug-\w+|my-[\w-]+|first\.?last|x+)"
)
_NOBODY = re.compile(
    rb"(?i)(?:.*\.)?(?:(?:example|test|foo|bar|acme|domain|company|provider|your(?:domain|company|e?mail|host))\.\w+"
    rb"|.*\.v[0-9]+\..*|.*\.(?:test|invalid|local|localhost|lan|internal|example)|users\.noreply\.github\.com"
    rb"|[0-9.]+\.\w+|.*\.(?:png|jpe?g|gif|svg|webp|js|py|css|tgz|zip|tar|gz|whl|jar|min|html?|json))"
)
# Who wrote something says so: `Name <address>`, `Author: …`, trailers of commits, metadata of packages.
_AUTHOR = re.compile(
    rb"(?i)(?:author|maintain|contribut|copyright|\(c\)|-by:|contact|mailto:|credit|committer|tagger|license|support|report|written"
    rb"|created|bugs?\b|send|ask|question|thanks|packag|e-?mail:? <|mailing|list|<\Z|://[^\s?]*\Z)"
)


def mails(data: bytes) -> Iterator[Hit]:
    """Yield e-mail addresses of people."""
    for match in _AT.finditer(data):
        at = match.start()
        domain = _DOMAIN.match(data, at)
        local = _LOCAL.search(data, max(at - _MAX_LOCAL_BYTES, 0), at) if domain else None
        if not domain or not local or _ROLE.fullmatch(local[0]) or _NOBODY.fullmatch(domain[1]):
            continue
        line = data[max(local.start() - _LOOK_BACK_BYTES, 0) : local.start()].rpartition(b"\n")[2]
        if not _AUTHOR.search(line):
            value = data[local.start() : domain.end()]
            yield Hit(rule="identity-found", kind="e-mail address", start=local.start(), value=value)
