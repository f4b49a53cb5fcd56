"""Looks for secrets in any file."""
