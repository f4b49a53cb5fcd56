"""What a recording masks of an answer, which is still what it was: JSON, with the same types."""

from __future__ import annotations

import pytest

from wireshape.record import recorder

MASKED = [
    ('{"accountAlias": "abc", "asset": "BTC"}', '{"accountAlias": "<redacted>", "asset": "BTC"}'),
    ('{"uid": 12345, "feeTier": 3}', '{"uid": 0, "feeTier": 3}'),
    ('{"subAccountEmail": "", "isSubAccount": true}', '{"subAccountEmail": "", "isSubAccount": true}'),
    ('{"msg": "ip: 203.0.113.7, not \\"ok\\""}', '{"msg": "ip: <redacted>, not \\"ok\\""}'),
    ('{"msg": "{\\"apiKey\\":\\"abc\\"}"}', '{"msg": "{\\"apiKey\\":\\"<redacted>\\"}"}'),
    ('["jane@example.org", 1]', '["<redacted>", 1]'),
    ("<p>apiKey=abc</p>", "<p>apiKey=<redacted></p>"),
]


@pytest.mark.parametrize(("body", "masked"), MASKED)
def test_a_masked_answer_is_still_what_it_was(body: str, masked: str) -> None:
    assert recorder.masked(body.encode()).decode() == masked
