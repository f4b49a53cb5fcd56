"""Asks the exchange itself, with a key from the environment; imported only where a call says so."""
