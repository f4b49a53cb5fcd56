"""Audits documentation pages: against contracts, against themselves, and against other editions."""
