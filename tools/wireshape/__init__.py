"""Response contracts for Binance futures account endpoints."""

__version__ = "0.1.0"
