"""Reads examples that are nearly JSON, and says what is wrong in them, and where."""
