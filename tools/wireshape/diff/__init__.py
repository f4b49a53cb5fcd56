"""Compares two shapes, and all endpoints that share a lineage."""
