"""Reads examples that are nearly JSON, and says what had to be mended."""
