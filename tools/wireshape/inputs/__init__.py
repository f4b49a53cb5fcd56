"""Reads files and standard input into interactions."""
