"""What the comments of an example say against the catalogue, against each other, or in the wrong language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wireshape.audit.consistency import Remark
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.lenientjson.comments import Comment
from wireshape.lenientjson.reader import Example
from wireshape.model import Endpoint, InstancePath
from wireshape.pages.vocabulary import Vocabulary

_CJK = re.compile(r"[\u3400-\u9fff]")
_ENGLISH = re.compile(r"(?<![\w./])[a-z]{2,}(?: [A-Za-z]{2,}){3,}(?![\w./])")
"""Four words in a row, the first of them no name: fewer are a term."""
_MIN_COMPARED = 4
"""Characters of a comment below which a letter more or less is no slip."""
_OPEN = "open-symbols"
_CODE = re.compile(r"[A-Z0-9_]{2,}|[0-9]")


def find(example: Example, endpoint: Endpoint | None, margin: str | None, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Yield what comments say wrongly, with the place of each; margin is the mode that the heading names."""
    by_field: dict[str, list[tuple[InstancePath, Comment]]] = {}
    for path, comments in example.comments.items():
        for comment in comments:
            by_field.setdefault(paths.collapse(path), []).append((path, comment))
            yield from _untranslated(path, comment)
            yield from _misspelt_words(path, comment, vocabulary)
            yield from _of_another_mode(path, comment, margin, vocabulary)
            if endpoint:
                yield from _listed(path, comment, endpoint, vocabulary)
    for alike in by_field.values():
        yield from _lost(alike)


def _untranslated(path: InstancePath, comment: Comment) -> Iterator[Remark]:
    """Find English words that were left behind in a Chinese comment."""
    left = _ENGLISH.search(comment.text) if _CJK.search(comment.text) else None
    if left:
        yield Remark(Violation(rule="comment-untranslated", path=path, actual=(left[0],)), comment.offset)


def _misspelt_words(path: InstancePath, comment: Comment, vocabulary: Vocabulary) -> Iterator[Remark]:
    for wrong in vocabulary.misspellings(comment.text):
        meant = vocabulary.misspelt[wrong]
        violation = Violation(rule="comment-misspelt", path=path, expected=(meant,), actual=(wrong,))
        yield Remark(violation, comment.offset)


def _of_another_mode(
    path: InstancePath, comment: Comment, margin: str | None, vocabulary: Vocabulary
) -> Iterator[Remark]:
    """Find comments that say of an amount what it is in the other margin mode."""
    said = vocabulary.margin_of(comment.text) if margin else None
    if said and said != margin:
        violation = Violation(rule="comment-mode-differs", path=path, expected=(str(margin),), actual=(said,))
        yield Remark(violation, comment.offset)


def _listed(path: InstancePath, comment: Comment, endpoint: Endpoint, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Find comments on the positions that name other symbols than the catalogue says are listed."""
    said = vocabulary.positions_listed(comment.text)
    # That symbols are listed which have neither may go without saying; that orders do not count is wrong anywhere.
    if said and said not in {endpoint.positions, _OPEN}:
        violation = Violation(rule="comment-listing-differs", path=path, expected=(endpoint.positions,), actual=(said,))
        yield Remark(violation, comment.offset)


def _lost(alike: list[tuple[InstancePath, Comment]]) -> Iterator[Remark]:
    """Find among comments on one field in several rows one that lacks a letter which the one before it has."""
    first = alike[0][1].text
    for path, comment in alike[1:]:
        missing = _lost_letter(first, comment.text)
        if missing:
            violation = Violation(rule="comment-misspelt", path=path, expected=(first,), actual=(comment.text,))
            yield Remark(violation, comment.offset)


def _lost_letter(one: str, other: str) -> str | None:
    """Give the letter that is all that one text has and the other lacks; digits, names and marks are no slip."""
    if len(one) != len(other) + 1 or len(other) < _MIN_COMPARED:
        return None
    at = next((index for index in range(len(other)) if one[index] != other[index]), len(other))
    letter = one[at]
    is_slip = one[at + 1 :] == other[at:] and letter.isalpha() and not _CODE.search(one)
    return letter if is_slip else None
