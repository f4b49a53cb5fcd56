"""Captures of pages kept in a store, and what is new in them since the last ones."""
