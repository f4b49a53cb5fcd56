"""Loads YAML of unknown origin: no Python objects, no nesting without end, nothing that multiplies."""

from __future__ import annotations

import re
from typing import Any

import yaml

from wireshape.errors import InputError
from wireshape.jsontext import parser

MAX_EVENTS = 400_000
"""Values, and beginnings and ends of what holds values: a cassette of an answer has a hundred."""
_MAX_DIGITS = 1000
_NUMBER = re.compile(r"[-+0-9a-fxo_:.eE]+")


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The safe loader, and the tags of plain text, tuples and bytes that cassettes carry."""


_Loader.add_constructor("tag:yaml.org,2002:python/str", lambda loader, node: loader.construct_scalar(node))
_Loader.add_constructor("tag:yaml.org,2002:python/unicode", lambda loader, node: loader.construct_scalar(node))
_Loader.add_constructor("!binary", yaml.constructor.SafeConstructor.construct_yaml_binary)
_Loader.add_constructor("tag:yaml.org,2002:python/tuple", lambda loader, node: loader.construct_sequence(node))


def load(raw: bytes) -> Any:
    """Parse YAML; InputError for what is not YAML, or would build Python objects."""
    try:
        _require_harmless(raw)
        return yaml.load(raw, _Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.constructor.ConstructorError as error:
        python = "tag:yaml.org,2002:python" in str(error)
        reason = "YAML that builds Python objects is not loaded" if python else str(error.problem)
        raise _refusal(reason, error.problem_mark) from None
    except yaml.MarkedYAMLError as error:
        raise _refusal(f"not YAML: {error.problem or error.context}", error.problem_mark) from None
    except yaml.YAMLError as error:
        raise InputError(f"not YAML: {str(error).partition(chr(10))[0]}") from None
    except (ValueError, LookupError, AttributeError, ArithmeticError):
        # PyYAML constructs tagged scalars without checking them, and fails in as many ways as there are types.
        raise InputError("not YAML: a value does not fit its tag") from None


def compose(text: str) -> yaml.Node | None:
    """Give the nodes of a text that was loaded, with the places of each; None where that is not possible."""
    try:
        return yaml.compose(text, _Loader)
    except (yaml.YAMLError, ValueError):
        return None


def _require_harmless(raw: bytes) -> None:
    """Refuse what the loader would not survive: nesting that overflows its stack, merges that multiply; events do."""
    depth = 0
    for number, event in enumerate(yaml.parse(raw, _Loader)):
        if number > MAX_EVENTS:
            raise _refusal(f"more than {MAX_EVENTS:,} values, the most that are read of YAML", event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > parser.MAX_DEPTH:
                raise _refusal(f"nested deeper than {parser.MAX_DEPTH} levels", event.start_mark)
        elif isinstance(event, yaml.ScalarEvent):
            _require_plain(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _require_plain(event: Any) -> None:
    """Refuse a key that merges, and a number that takes longer to make than a file to read."""
    if event.value == "<<":
        raise _refusal("YAML merge keys are not supported", event.start_mark)
    if len(event.value) > _MAX_DIGITS and not event.style and _NUMBER.fullmatch(event.value):
        raise _refusal(f"a number of more than {_MAX_DIGITS:,} digits", event.start_mark)


def _refusal(reason: str, mark: Any) -> InputError:
    """Give the error for a place in YAML; PyYAML counts lines and columns from 0, and has no mark for some."""
    return InputError(reason, line=mark.line + 1, column=mark.column + 1) if mark else InputError(reason)
