"""Replaces the amounts of an answer by others of the same form that still add up."""
