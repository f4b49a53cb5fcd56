"""`wireshape endpoints` and `wireshape schema`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wireshape import atomic_write
from wireshape.cli import options
from wireshape.cli.output import show, width
from wireshape.errors import OutputError, UsageError

if TYPE_CHECKING:
    from wireshape.catalog.endpoints import Catalog
    from wireshape.catalog.flatten import Schema


@click.command(cls=options.Command, examples=[""])
def endpoints() -> None:
    """List the endpoints and modes that have a contract."""
    from wireshape.catalog import endpoints
    from wireshape.cli import listings

    show(listings.endpoints(endpoints.load(), width()))


@click.command(
    cls=options.Command,
    short_help="Print contracts as JSON Schema that needs no other file.",
    examples=["{endpoint}/{mode}", "{endpoint}", "--all --output contracts/"],
)
@click.argument("contract", metavar="[ENDPOINT[/MODE]]", required=False)
@click.option("--all", "every", is_flag=True, help="Print every contract.")
@click.option("--strict", is_flag=True, help="Leave out the x- keywords, which ajv refuses in strict mode.")
@click.option("--output", metavar="PATH", help="Write a file; with --all a folder, with one file for each contract.")
def schema(*, contract: str | None, every: bool, strict: bool, output: str | None) -> None:
    """Print contracts as JSON Schema that needs no other file: of one mode, of one endpoint in any mode, or of all.

    `x-evidence` says what a field rests on, `x-form` in which form its value is written.
    """
    from wireshape.catalog import endpoints, standalone

    catalog = endpoints.load()
    if every and contract:
        raise UsageError("--all takes no ENDPOINT")
    if not every and not contract:
        raise UsageError("name ENDPOINT or ENDPOINT/MODE, or pass --all; `wireshape endpoints` lists them")
    if every and output:
        show(f"wrote {_write_all(catalog, Path(output), strict=strict)} contracts\n")
        return
    endpoint_id, slash, mode = (contract or "").partition("/")
    if every:
        document = standalone.of_catalog(catalog, strict=strict)
    elif slash:
        endpoint = catalog.get(endpoint_id)
        document = standalone.contract(catalog, endpoint, catalog.mode(endpoint, mode), strict=strict)
    else:
        document = standalone.of_endpoint(catalog, catalog.get(endpoint_id), strict=strict)
    if output:
        _write(catalog, Path(output), document)
    else:
        show(_text(document).decode())


def _write_all(catalog: Catalog, folder: Path, *, strict: bool) -> int:
    """Write each contract where it lies in schemas/, and give their number."""
    from wireshape.catalog import standalone

    count = 0
    for endpoint in catalog.endpoints:
        for mode in endpoint.modes:
            file = folder / catalog.contract_file(endpoint, mode).relative_to(catalog.schemas)
            _write(catalog, file, standalone.contract(catalog, endpoint, mode, strict=strict))
            count += 1
    return count


def _write(catalog: Catalog, file: Path, document: Schema) -> None:
    if file.resolve().is_relative_to(catalog.schemas.resolve()):
        raise UsageError(f"cannot write {file}: contracts are read from that folder; name another one")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror}") from None
    atomic_write.write(file, _text(document))


def _text(document: Schema) -> bytes:
    import orjson

    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
