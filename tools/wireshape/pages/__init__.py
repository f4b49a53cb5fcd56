"""Reads documentation pages: sections, code blocks, and where everything in them stands."""
