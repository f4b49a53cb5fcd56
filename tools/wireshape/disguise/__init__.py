"""Replaces what an answer says of an account, so that it can be published and still adds up."""
