"""Accounts composed by Hypothesis: few rows, any amounts, and everything adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st


def decimal(units: int, places: int = 8) -> str:
    """Write a number of units of the last place."""
    digits = str(abs(units)).zfill(places + 1)
    return ("-" if units < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _position(
    draw: st.DrawFn, number: int, amount: st.SearchStrategy[int], write: Callable[[int], str]
) -> dict[str, Any]:
    sign = draw(st.sampled_from([1, -1]))
    return {
        "symbol": f"S{number}USDT",
        "positionSide": "BOTH",
        "positionAmt": decimal(sign * draw(st.integers(1, 10**5)), 3),
        "notional": write(sign * draw(amount)),
        "isolatedWallet": write(draw(amount)),
        "initialMargin": write(draw(amount)),
        "updateTime": draw(st.integers(1_500_000_000_000, 1_790_000_000_000)),
    }


@st.composite
def composed(draw: st.DrawFn) -> dict[str, Any]:
    """Compose an account in which everything adds up."""
    places = draw(st.sampled_from([8, 8, 8, 2, 13]))
    amount = st.integers(0, 10 ** draw(st.integers(0, places + 5)))

    def write(units: int) -> str:
        return decimal(units, places)

    positions = [_position(draw, number, amount, write) for number in range(draw(st.integers(0, 4)))]
    assets = []
    for name in ("USDT", "USDC", "BTC"):
        isolated = [int(row["isolatedWallet"].replace(".", "")) for row in positions] if name == "USDT" else [0]
        cross, profit, free = draw(amount), draw(amount) - draw(amount), draw(amount)
        bound, orders = draw(amount), draw(amount)
        wallet = cross + sum(isolated)
        assets.append(
            {
                "asset": name,
                "walletBalance": write(wallet),
                "unrealizedProfit": write(profit),
                "marginBalance": write(wallet + profit),
                "positionInitialMargin": write(bound),
                "openOrderInitialMargin": write(orders),
                "initialMargin": write(bound + orders),
                "maintMargin": write(draw(amount)),
                "crossWalletBalance": write(cross),
                "availableBalance": write(free),
                "maxWithdrawAmount": write(draw(st.integers(0, free))),
                "updateTime": draw(st.sampled_from([0, 1_700_000_000_001])),
            }
        )
    usdt = assets[0]
    totals = {"totalWalletBalance": "walletBalance", "totalMaintMargin": "maintMargin"}
    totals |= {"totalMarginBalance": "marginBalance", "availableBalance": "availableBalance"}
    return {**{total: usdt[field] for total, field in totals.items()}, "assets": assets, "positions": positions}
