"""Holds captured answers against their contracts."""
