"""Takes the chance out of a test: a disguise draws the same factors every time.

Never for answers of a real account: whoever knows what was drawn knows the amounts.
"""

from __future__ import annotations

import pytest


def fix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every disguise of this test draw from the same seed."""
    monkeypatch.setattr("secrets.token_bytes", bytes)
