"""Proposals for an operation that has no contract yet, made from the examples of its pages."""
