"""Reads pages of documentation: the examples they hold, and where everything in them stands."""
