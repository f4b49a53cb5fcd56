"""Writes answers as cassettes, and replays them."""
