"""What contract the values of some examples would keep: required is what all of them have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.flatten import Schema
from wireshape.draft.forms import Forms
from wireshape.jsontext import paths
from wireshape.model import InstancePath, Mode


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Sample:
    """One example of an answer: its value without the frame, and the paths of what it shows in part only.

    `place` gives where a path stands, as it is opened.
    """

    value: Any
    partial: frozenset[InstancePath]
    place: Callable[[InstancePath], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldProposal:
    """One field of a proposed contract: what is said of it, what that rests on, and what a person has to decide."""

    path: str
    proposal: str
    required: bool
    rests_on: str
    decide: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A value at a path of a sample."""

    value: Any
    path: InstancePath
    sample: Sample

    @property
    def place(self) -> str:
        return self.sample.place(self.path)

    @property
    def is_whole(self) -> bool:
        return self.path not in self.sample.partial

    @property
    def siblings(self) -> frozenset[str]:
        """The names of the members beside it, and its own."""
        parent = paths.at(self.sample.value, self.path[:-1])
        return frozenset(parent if isinstance(parent, dict) else ())

    def below(self, step: str | int) -> _Seen:
        """Give what stands at a step below."""
        return _Seen(value=self.value[step], path=(*self.path, step), sample=self.sample)


@dataclass(slots=True)
class Inference:
    """Infers the contract of an answer in a mode, and keeps what it proposes of each field."""

    forms: Forms
    mode: Mode
    fields: list[FieldProposal] = field(default_factory=list)

    def schema(self, samples: Sequence[Sample]) -> Schema:
        """Give the schema that all samples keep."""
        return self._schema("", [_Seen(value=each.value, path=(), sample=each) for each in samples], required=True)

    def _schema(self, path: str, seen: Sequence[_Seen], *, required: bool) -> Schema:
        objects = [each for each in seen if isinstance(each.value, dict)]
        arrays = [each for each in seen if isinstance(each.value, list)]
        if not objects and not arrays:
            return self._leaf(path, seen, required=required)
        rest = {"null" if each.value is None else "string" for each in seen if not isinstance(each.value, dict | list)}
        types = ["object"] * bool(objects) + ["array"] * bool(arrays) + sorted(rest)
        rows = [each.below(number) for each in arrays for number in range(len(each.value))]
        decide = "it has several types: when has it which?" if len(types) > 1 else None
        if arrays and not rows:
            decide = "no example has a row: what is in one?"
        if decide or not path.endswith(paths.ROWS):
            self._propose(path or "the answer", " or ".join(types), seen[0].place, decide, required=required)
        schema: Schema = {"title": title(path)} if path else {}
        schema["type"] = types[0] if len(types) == 1 else types
        if objects:
            schema |= self._members(path, objects)
        if rows:
            schema["items"] = self._schema(f"{path}{paths.ROWS}", rows, required=True)
        return schema

    def _members(self, path: str, objects: Sequence[_Seen]) -> Schema:
        """Give properties and required ones of objects; one that is shown in part requires nothing."""
        whole = [each for each in objects if each.is_whole]
        names = list(dict.fromkeys(name for each in objects for name in each.value))
        required = [name for name in names if whole and all(name in each.value for each in whole)]
        properties = {}
        for name in names:
            there = [each.below(name) for each in objects if name in each.value]
            first = len(self.fields)
            properties[name] = self._schema(paths.join(path, name), there, required=name in required)
            if name not in required:
                self._doubt(first, len(there), len(objects))
        return {"required": required, "properties": properties}

    def _leaf(self, path: str, seen: Sequence[_Seen], *, required: bool) -> Schema:
        name = path.rpartition(".")[2].removesuffix(paths.ROWS)
        form = self.forms.of(name, [each.value for each in seen], self.mode, seen[0].siblings)
        if path and not path.endswith(paths.ROWS):
            rests_on = f"{form.rests_on}, {seen[0].place}"
            self._propose(path, _said(form.schema), rests_on, form.decide, required=required)
        return {"title": title(path), **form.schema} if path else form.schema

    def _propose(self, path: str, proposal: str, rests_on: str, decide: str | None, *, required: bool) -> None:
        self.fields.append(
            FieldProposal(path=path, proposal=proposal, required=required, rests_on=rests_on, decide=decide)
        )

    def _doubt(self, number: int, there: int, of: int) -> None:
        """Have a person decide on a field that only some objects have, or of an object that is shown in part."""
        each = self.fields[number]
        some = f"{there} of {of} have it: when?" if there < of else "the example is cut: is it always there?"
        said = [*filter(None, [each.decide]), some]
        self.fields[number] = replace(each, decide="; ".join(said))


def _said(schema: Schema) -> str:
    """Say in a word or two what a schema takes."""
    if choices := contracts.choices(schema):
        return " or ".join(map(str, choices))
    return str(schema.get("$ref", schema.get("type", "anything"))).rpartition("/")[2]


def title(path: str) -> str:
    """Give the words of a field's name."""
    name = path.rpartition(".")[2].removesuffix(paths.ROWS)
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return words[:1].upper() + words[1:] or "Row"


def scalars(schema: Schema, path: str = "") -> Iterator[str]:
    """Yield the paths, with [0] for rows, of required values that hold no others."""
    types = schema.get("type", ())
    if not {"array", "object"}.isdisjoint([types] if isinstance(types, str) else types):
        for name in schema.get("required", ()):
            yield from scalars(schema["properties"][name], paths.join(path, name))
        if "items" in schema:
            yield from scalars(schema["items"], f"{path}[0]")
    elif path:
        yield path
