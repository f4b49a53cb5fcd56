"""`wireshape diff` with contracts as of a git revision whose schemas this version cannot read."""

from __future__ import annotations

import io
import tarfile

import pytest
from click.testing import CliRunner

from wireshape import resources
from wireshape.cli.main import cli
from wireshape.diff import git

ENDPOINT = "usdm.rest.v3.account"
CONTRACT = "schemas/usdm/rest/v3/account/single-asset.one-way.schema.json"


def _archive(**replaced: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(resources.SCHEMAS, "schemas")
        for name, text in replaced.items():
            file = tarfile.TarInfo(name)
            file.size = len(text)
            archive.addfile(file, io.BytesIO(text.encode()))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("revision", "file", "text"),
    [
        ("no-json", "schemas/catalog.json", "{"),
        ("no-endpoints", "schemas/catalog.json", "{}"),
        ("no-object", "schemas/catalog.json", "[]"),
        ("broken-contract", CONTRACT, "{"),
    ],
)
def test_schemas_of_another_version_are_no_bug_of_this_one(
    revision: str, file: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_archive", lambda _: _archive(**{file: text}))
    run = CliRunner().invoke(cli, ["diff", f"{ENDPOINT}@{revision}", ENDPOINT])
    assert run.exit_code == 2
    assert run.output.startswith(f"wireshape: this version cannot read the schemas of git revision {revision!r}: ")
    assert len(run.output.splitlines()) == 1
