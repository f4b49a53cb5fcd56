"""Recordings that are made at once in one folder keep off each other's drafts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wireshape import exchange
from wireshape.catalog import endpoints

RUNS = 6


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no file that another run has open")
def test_runs_at_once_in_one_folder_all_succeed(tmp_path: Path) -> None:
    key = exchange.made_up()
    settings = exchange.Settings(mode="single-asset.one-way", keys=(exchange.hmac_key(key.name, key.secret),))
    with exchange.running(settings) as server:
        hosts = {
            f"WIRESHAPE_CUSTOM_{product.upper()}_{name}": url
            for product in {endpoint.product for endpoint in endpoints.load().endpoints}
            for name, url in {"REST": server.rest, "WS": server.ws}.items()
        }
        env = {**os.environ, **hosts, "WIRESHAPE_CUSTOM_KEY": key.name, "WIRESHAPE_CUSTOM_SECRET": key.secret}
        args = ["record", "--live", "custom", "--endpoint", "usdm.rest.v3.account", "--into", str(tmp_path)]
        command = [sys.executable, "-m", "wireshape", *args]
        runs = [
            subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(RUNS)
        ]
        said = [run.communicate(timeout=120)[0] for run in runs]
    assert [text for run, text in zip(runs, said, strict=True) if run.returncode] == []
    (file,) = (file for file in tmp_path.rglob("*") if file.is_file())
    assert file.name == "single-asset.one-way.loopback.yaml"
