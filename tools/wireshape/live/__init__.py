"""Asks the exchange itself, with credentials from the environment; imported only where a call says so."""
