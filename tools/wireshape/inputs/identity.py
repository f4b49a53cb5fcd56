"""Which endpoint answered where the recording does not say: by the answer's fields and frame, and the file's name.

Nothing is guessed: one endpoint alone has to be near enough, and all others much farther off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any, NoReturn

from wireshape.catalog import signatures
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError
from wireshape.inputs import evidence, file_names
from wireshape.inputs.content import UTF_16
from wireshape.model import Endpoint, Exit, Interaction, Item, ToldBy

MARGIN = 3
"""Names by which an endpoint has to be nearer than all others; where its own are amiss, as many more as these are."""
FAR = 1 / 3
"""Share of the names of the nearest endpoint from which on an answer with as many amiss is of none for sure."""
_SAYS = "`--endpoint ID`, or `--endpoint PATTERN=ID` for some files, says which"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """The endpoint that answered, and what told it."""

    endpoint: Endpoint
    by: ToldBy


def told(item: Item, found: Identity) -> Item:
    """Say of an interaction what told its endpoint; whatever else an item is, it stays."""
    return replace(item, told_by=found.by) if isinstance(item, Interaction) else item


@dataclass(frozen=True, kw_only=True, slots=True)
class _Evidence:
    """The endpoints that an answer may be of, whether it is in a frame, and whether its fields say anything.

    It is far from all of them where much is amiss even for the nearest.
    """

    near: tuple[Endpoint, ...]
    framed: bool
    telling: bool = True
    far: bool = False


def of_value(value: Any, catalog: Catalog, pool: Sequence[Endpoint], file: str, day: date | None = None) -> Identity:
    """Tell which endpoint of a pool a value is an answer of, as of a day if that is known; InputError names several."""
    framed = tuple(each for each in pool if each.payload and evidence.in_frame(value, catalog, each))
    pool = framed or _bare(pool, catalog, file)
    of_error = tuple(each for each in pool if evidence.is_error(value, catalog, each))
    found = None if of_error else _nearest(value, catalog, pool, day, framed=bool(framed))
    return _narrowed(found or _Evidence(near=of_error or pool, framed=bool(framed), telling=False), catalog, file)


def of_text(raw: bytes, catalog: Catalog, pool: Sequence[Endpoint], file: str) -> Identity:
    """Tell which endpoint a body is of that is no JSON, by the names it has in quotes; InputError names several."""
    mentioned = evidence.quoted(_text(raw))
    framed = tuple(each for each in pool if each.payload in mentioned)
    pool = framed or _bare(pool, catalog, file)
    every = {name for each in pool for name in signatures.last_names(catalog, each)}
    told = mentioned & every
    if not raw.strip():
        raise InputError("nothing is in it", exit_code=Exit.NOTHING)
    if not told and not file_names.named(catalog, file):
        raise InputError("this is not JSON, and names no field of an answer")
    if len(told) < evidence.MENTIONED:
        if not file_names.named(catalog, file):
            raise _undecided("this is not JSON, and names too few fields")
        return _narrowed(_Evidence(near=pool, framed=bool(framed), telling=False), catalog, file)
    # What is behind the fault may be lost: that a name is not there says nothing.
    beside = {each.id: len(told - signatures.last_names(catalog, each)) for each in pool}
    least = min(beside.values())
    near = tuple(each for each in pool if beside[each.id] < least + MARGIN)
    return _narrowed(_Evidence(near=near, framed=bool(framed)), catalog, file)


def _text(raw: bytes) -> str:
    """Read text in whatever encoding, for its words."""
    return raw.decode("utf-16" if raw.startswith(UTF_16) else "utf-8", "replace")


def _bare(pool: Sequence[Endpoint], catalog: Catalog, file: str) -> tuple[Endpoint, ...]:
    """List the endpoints that what is in no frame may be of: those that have none, or for which the file is named."""
    named = file_names.named(catalog, file)
    return tuple(each for each in pool if not each.payload or each.id in named) or tuple(pool)


def _nearest(
    value: Any, catalog: Catalog, pool: Sequence[Endpoint], day: date | None, *, framed: bool
) -> _Evidence | None:
    """List the endpoints of a pool to whose answers a value is near: several where none stands out, None by no name."""
    held = {each.payload: evidence.payload_of(value, each) for each in pool}
    apart = {id(payload): signatures.names(catalog, payload) for payload in held.values()}
    names = {member: apart[id(payload)] for member, payload in held.items()}
    if not any(each.has for each in names.values()):
        return None
    found = {each.id: signatures.distances(catalog, names[each.payload], day)[each.id] for each in pool}
    least = min(found.values(), key=attrgetter("amiss"))
    if least.amiss > FAR * least.of:
        # Of an answer that was cut down, what is not there says nothing.
        fewest = min(each.beside for each in found.values())
        kin = tuple(each for each in pool if found[each.id].beside == fewest)
        return _Evidence(near=kin, framed=framed, far=True)
    most = least.amiss + max(MARGIN, least.amiss)
    return _Evidence(near=tuple(each for each in pool if found[each.id].amiss < most), framed=framed)


def _narrowed(found: _Evidence, catalog: Catalog, file: str) -> Identity:
    """Give the one endpoint that is left once the file's name is asked; InputError where that is none, or several."""
    named = file_names.named(catalog, file)
    by_name = tuple(each for each in found.near if each.id in named)
    if named and not by_name:
        _refuse_contradiction(named, found)
    alone = _plain(found.near, framed=found.framed) if found.telling and not found.far else ()
    left = by_name if len(by_name) == 1 else _plain(by_name or found.near, framed=found.framed)
    if len(left) != 1 or (found.far and not by_name):
        _refuse_several(left, found)
    return Identity(endpoint=left[0], by=ToldBy.SHAPE if alone == left else ToldBy.NAME)


def _plain(near: tuple[Endpoint, ...], *, framed: bool) -> tuple[Endpoint, ...]:
    """Leave out endpoints that answer in a frame where there is none."""
    return near if framed else tuple(each for each in near if not each.payload) or near


def _refuse_contradiction(named: frozenset[str], found: _Evidence) -> NoReturn:
    fields = "fields" if found.telling else "form"
    fits = _listed(each.id for each in _plain(found.near, framed=found.framed))
    raise _undecided(f"the file is named for {_listed(named)} and has the {fields} of {fits}")


def _refuse_several(left: Sequence[Endpoint], found: _Evidence) -> NoReturn:
    ids = _listed(each.id for each in left)
    said = f"no field tells which endpoint answered: it may be {ids}"
    if found.telling:
        said = f"too much is amiss to tell whether this is an answer of {ids}" if found.far else f"the fields fit {ids}"
    raise _undecided(said)


def _undecided(reason: str) -> InputError:
    return InputError(f"{reason}; {_SAYS} answered", exit_code=Exit.NOTHING, undecided=True)


def _listed(ids: Iterable[str]) -> str:
    *first, last = sorted(ids)
    return f"{', '.join(first)} or {last}" if first else last
