"""Asks the exchange itself, with API keys from the environment variables; imported only where a call says so."""
