"""What a witness knows of a payload: which paths there are, of what type, in what form, always or sometimes.

Every witness becomes the same Shape: a contract exactly, bodies as far as they were seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from wireshape.catalog.field import Evidence, Field
from wireshape.catalog.flatten import Schema
from wireshape.errors import InputError
from wireshape.jsontext.paths import join
from wireshape.jsontext.types import BY_PYTHON_TYPE

# One value of each lexical form; a contract has the forms its own constraints let through.
_STRINGS = {"integer": "7", "fixed": "0.5", "exponent": "2.8E-4", "empty": "", "text": "A"}
_NUMBERS = {
    "small": 7,
    "seconds": 1_700_000_000,
    "milliseconds": 1_700_000_000_000,
    "microseconds": 1_700_000_000_000_000,
}
_SKELETONS = {b".": "fixed", b"-.": "fixed", b"": "integer", b"-": "integer"}
_EXPONENT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+")
_DIGITS = b"0123456789"
_MANY = 8
MAX_FIELDS = 2000
"""Different fields of answers that are compared; an account has a hundred."""
_MAX_CHARACTERS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A payload's fields by collapsed path. `exact` is a contract's; `unobserved` are arrays never seen with a row.

    `limited` are the paths of an observed shape whose values a contract names, so that a new one is a difference.
    """

    name: str
    exact: bool
    fields: dict[str, Field]
    unobserved: frozenset[str] = frozenset()
    membership: str | None = None
    limited: frozenset[str] = frozenset()

    def without(self, paths: frozenset[str]) -> Shape:
        """Give the shape without the fields at some paths, and without what lies below them."""
        below = tuple(end for path in paths for end in (f"{path}.", f"{path}["))
        kept = {path: field for path, field in self.fields.items() if path not in paths and not path.startswith(below)}
        return replace(self, fields=kept) if paths else self


def of_contract(name: str, schema: Schema, membership: str | None = None) -> Shape:
    """Give the shape a flat schema describes."""
    fields: dict[str, Field] = {}
    _describe(schema, "", fields)
    return Shape(name=name, exact=True, fields=fields, membership=membership)


def of_bodies(name: str, payloads: Sequence[Any]) -> Shape:
    """Give the shape of any number of payloads: optional is what is sometimes absent from an object that was seen.

    InputError where they have more different fields than an answer can have.
    """
    fields: dict[str, Field] = {}
    unobserved: set[str] = set()
    try:
        _observe("", payloads, len(payloads), fields, unobserved)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    fields.pop("", None)
    return Shape(name=name, exact=False, fields=fields, unobserved=frozenset(unobserved))


def merged(name: str, shapes: Sequence[Shape]) -> Shape:
    """Give what holds in any of several exact shapes: required only where all require it."""
    paths = dict.fromkeys(path for shape in shapes for path in shape.fields)
    fields = {path: _union([shape.fields.get(path) for shape in shapes]) for path in paths}
    return replace(shapes[0], name=name, fields=fields)


def forms_of(values: Iterable[Any]) -> frozenset[str]:
    """Give the lexical forms of strings and integers; zero fits any form and has none, like any other type.

    A number's form is what is left without its digits, so a column of them is classified in one pass.
    """
    texts = {value for value in values if type(value) is str and value != "0"}
    found = {_size(value) for value in values if type(value) is int and value}
    if "" in texts:
        texts.discard("")
        found.add("empty")
    if any("\0" in text for text in texts):
        texts = {text for text in texts if "\0" not in text}
        found.add("text")
    if texts:
        joined = "\0".join(texts).encode("utf-8", "surrogatepass")
        skeletons = set(joined.translate(None, _DIGITS).split(b"\0"))
        found |= {_SKELETONS[skeleton] for skeleton in skeletons & _SKELETONS.keys()}
        if skeletons - _SKELETONS.keys():
            odd = [
                text
                for text in texts
                if text.encode("utf-8", "surrogatepass").translate(None, _DIGITS) not in _SKELETONS
            ]
            found |= {"exponent" if "E" in text.upper() and _EXPONENT.fullmatch(text) else "text" for text in odd}
    return frozenset(found)


def _size(number: int) -> str:
    size = abs(number)
    if size < 10**9:
        return "small"
    return "seconds" if size < 10**11 else "milliseconds" if size < 10**14 else "microseconds"


def _union(found: Sequence[Field | None]) -> Field:
    present = [field for field in found if field]
    values = [field.values for field in present]
    known = [value for value in values if value is not None]
    # documented, undocumented, withdrawn: in this order the stronger evidence comes first
    return replace(
        present[0],
        form=" or ".join(sorted({field.form for field in present if field.form})) or None,
        types=frozenset().union(*(field.types for field in present)),
        forms=frozenset().union(*(field.forms for field in present)),
        required=len(present) == len(found) and all(field.required for field in present),
        values=frozenset().union(*known) if len(known) == len(values) else None,
        evidence=min(field.evidence for field in present),
    )


def _describe(schema: Schema, path: str, fields: dict[str, Field]) -> None:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        at = join(path, name)
        fields[at] = _described(field, required=name in required)
        if "items" in field:
            fields[f"{at}[]"] = _described(field["items"], required=True)
            _describe(field["items"], f"{at}[]", fields)
        _describe(field, at, fields)


def _described(schema: Schema, *, required: bool) -> Field:
    types = schema.get("type", "object")
    named = [schema["const"]] if "const" in schema else schema.get("enum")
    return Field(
        types=frozenset([types] if isinstance(types, str) else types),
        form=schema.get("x-form"),
        forms=_forms(schema) if named is None else frozenset(),
        required=required,
        values=None if named is None else frozenset(map(written, named)),
        evidence=Evidence(schema.get("x-evidence", {}).get("status", Evidence.DOCUMENTED)),
    )


def _forms(schema: Schema) -> frozenset[str]:
    if schema.get("type") == "string":
        pattern = re.compile(schema.get("pattern", ""))
        return frozenset(form for form, probe in _STRINGS.items() if pattern.search(probe))
    if schema.get("type") == "integer":
        ranges = [schema, *schema.get("anyOf", ())] if "minimum" in schema else schema.get("anyOf", [{}])
        return frozenset(form for form, probe in _NUMBERS.items() if any(_within(probe, each) for each in ranges))
    return frozenset()


def _within(probe: int, limits: Schema) -> bool:
    if "const" in limits:
        return bool(probe == limits["const"])
    return bool(limits.get("minimum", probe) <= probe <= limits.get("maximum", probe))


def written(value: Any) -> str:
    """Write a value as `values` of a field hold it."""
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


def _observe(path: str, values: Sequence[Any], of: int, fields: dict[str, Field], unobserved: set[str]) -> None:
    """Record what stands at one path in every place, then what stands below it."""
    if len(fields) >= MAX_FIELDS:
        raise InputError(f"more than {MAX_FIELDS:,} different fields, the most that are compared")
    if len(path) > _MAX_CHARACTERS:
        raise InputError(f"a field whose path has more than {_MAX_CHARACTERS:,} characters")
    distinct = _distinct(values)
    kinds, plain = distinct.types, distinct.plain
    few = frozenset(map(written, plain)) if 0 < len(plain) <= _MANY else None
    fields[path] = Field(
        types=frozenset(BY_PYTHON_TYPE[kind] for kind in kinds),
        forms=forms_of(plain),
        required=len(values) == of,
        values=few,
        evidence=Evidence.OBSERVED,
    )
    if list in kinds:
        items = [item for value in values if type(value) is list for item in value]
        if items:
            _observe(f"{path}[]", items, len(items), fields, unobserved)
        else:
            unobserved.add(f"{path}[]")
    if dict in kinds:
        objects = values if len(kinds) == 1 else [value for value in values if type(value) is dict]
        for name, column in _columns(objects).items():
            _observe(join(path, name), column, len(objects), fields, unobserved)


class _Distinct(NamedTuple):
    """The Python types of values, and the distinct ones that are no containers."""

    types: set[type]
    plain: Collection[Any]


def _distinct(values: Sequence[Any]) -> _Distinct:
    try:
        plain = set(values)
    except TypeError:  # a dict or a list
        held = [value for value in values if type(value) is not dict and type(value) is not list]
        return _Distinct(set(map(type, values)), _distinct(held).plain)
    types = set(map(type, plain))
    if types == {str}:
        return _Distinct(types, plain)
    types = set(map(type, values))
    if len(types & {bool, int, float}) > 1:  # True, 1 and 1.0 are one member of a set
        return _Distinct(types, {(type(value), value): value for value in values}.values())
    return _Distinct(types, plain)


def _columns(objects: Iterable[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Turn rows into columns; rows mostly share their keys, and those are turned all at once."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in objects:
        alike.setdefault(tuple(row), []).append(row)
    turned = [dict(zip(keys, zip(*map(dict.values, group), strict=True), strict=True)) for keys, group in alike.items()]
    if len(turned) == 1:
        return turned[0]
    gathered: dict[str, list[Any]] = {}
    for columns in turned:
        for name, column in columns.items():
            gathered.setdefault(name, []).extend(column)
    return {name: tuple(column) for name, column in gathered.items()}
